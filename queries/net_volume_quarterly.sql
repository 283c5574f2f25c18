-- question: How many of the lines merged per engineer and working day are still there 90 days later, against the baseline?
-- grain: one row per quarter with active engineers; none on the basis added
-- units: lines of handwritten new work per active engineer and working day; ratios to the baseline; low_ and high_: 95 % intervals
--   of the net ratios, null with too few engineers; net figures are null where the quarter ended less than 90 days before as_of
-- parameters: none
with intervals as (
    select
        period,
        max(low) filter (metric = 'net_ratio_median') as low_net_median, max(high) filter (metric = 'net_ratio_median') as high_net_median,
        max(low) filter (metric = 'net_ratio_mean') as low_net_mean, max(high) filter (metric = 'net_ratio_mean') as high_net_mean
    from estimates where scope = 'all' group by period
)
select v.*, i.low_net_median, i.high_net_median, i.low_net_mean, i.high_net_mean
from net_volume_quarterly as v left join intervals as i on i.period = v.quarter
order by v.quarter
