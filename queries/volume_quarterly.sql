-- question: How many lines does an engineer merge per working day, against the baseline?
-- grain: one row per quarter from the first merge to as_of
-- units: lines of handwritten new work per active engineer and working day; ratios to the baseline;
--   low_ and high_: 95 % intervals of the ratios, null with too few engineers
-- parameters: none
with intervals as (
    select
        period,
        max(low) filter (metric = 'ratio_median') as low_median, max(high) filter (metric = 'ratio_median') as high_median,
        max(low) filter (metric = 'ratio_mean') as low_mean, max(high) filter (metric = 'ratio_mean') as high_mean
    from estimates where scope = 'all' group by period
)
select v.*, i.low_median, i.high_median, i.low_mean, i.high_mean
from volume_quarterly as v left join intervals as i on i.period = v.quarter
order by v.quarter
