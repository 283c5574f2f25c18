-- question: Which quarters of the baseline is the latest quarter compared with, and with how much of each?
-- grain: one row per quarter of the baseline that is over, where a quarter has a ratio
-- units: working_days: counted from the quarter's first on, null: over before the first merge, and no part of any mean;
--   engineers: active in them, 0: in no mean of a median or mean engineer; lines: handwritten new work of engineers
-- parameters: none
with latest as (
    select w.quarter, w.is_running and w.working_days < d.days as is_short
    from volume_window as w join working_days as d on d.quarter = w.quarter
    where not w.is_cut and not (w.is_running and w.working_days < 15)
    order by w.quarter desc limit 1
),
baseline as (
    select unnest(generate_series(baseline_since, baseline_until - interval 1 day, interval 3 month))::date as quarter
    from scope_settings
),
active as (select quarter, is_cut, count(*) as engineers, sum(lines) as lines from volume_by_window group by all)
select
    baseline.quarter, latest.quarter as compared_quarter, latest.is_short as is_cut, w.working_days,
    coalesce(active.engineers, 0) as engineers, coalesce(active.lines, 0)::bigint as lines
from baseline
cross join latest
cross join scope_settings as s
left join volume_window as w on w.quarter = baseline.quarter and w.is_cut = latest.is_short
left join active on active.quarter = w.quarter and active.is_cut = w.is_cut
where is_over(period_end('quarter', baseline.quarter), s.as_of)
order by baseline.quarter
