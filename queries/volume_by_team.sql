-- question: How many lines does an engineer merge per working day in each team, against its own baseline?
-- grain: one row per team and quarter with commits in it
-- units: lines of handwritten new work per engineer active there and working day; ratios to the baseline of the same team;
--   low_ and high_: 95 % intervals; per engineer null with fewer than minimum_engineers there, now or in the baseline
-- parameters: none
with intervals as (
    select
        scope, period,
        max(low) filter (metric = 'ratio_median') as low_median, max(high) filter (metric = 'ratio_median') as high_median,
        max(low) filter (metric = 'ratio_mean') as low_mean, max(high) filter (metric = 'ratio_mean') as high_mean
    from estimates where metric in ('ratio_median', 'ratio_mean') group by scope, period
)
select
    substr(v.scope, 6) as team, v.quarter, v.engineers, v.working_days, v.is_running, v.lines, v.all_lines_per_day, v.median, v.mean,
    v.ratio_median, i.low_median, i.high_median, v.ratio_mean, i.low_mean, i.high_mean, v.ratio_all
from volume_by_part as v
left join intervals as i on i.period = v.quarter and i.scope = v.scope
where starts_with(v.scope, 'team/')
order by team, v.quarter
