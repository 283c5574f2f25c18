-- question: Does the ratio of the latest quarter rest on one repository?
-- grain: one row per repository that is left out, of the 50 with most lines; none where there is but one repository
-- units: ratio_median, ratio_mean: the ratio as if that repository did not exist, in the baseline neither; ratio_all_repositories: the
--   headline; low_ and high_: 95 % intervals; engineers: active in the others
-- parameters: none
with without as (
    select
        substr(scope, 12) as repository, period as quarter, max(n) as engineers,
        max(value) filter (metric = 'ratio_median_without') as ratio_median,
        max(low) filter (metric = 'ratio_median_without') as low_median, max(high) filter (metric = 'ratio_median_without') as high_median,
        max(value) filter (metric = 'ratio_mean_without') as ratio_mean,
        max(low) filter (metric = 'ratio_mean_without') as low_mean, max(high) filter (metric = 'ratio_mean_without') as high_mean
    from estimates where metric in ('ratio_median_without', 'ratio_mean_without') group by scope, period
)
select w.*, v.ratio_median as ratio_all_repositories
from without as w join volume_quarterly as v on v.quarter = w.quarter
order by w.repository
