-- question: How far apart are engineers' volumes, without showing anybody's?
-- grain: one row per quarter and group: the engineers active in it, in the order of their lines, cut into groups of
--   minimum_engineers or a few more; a quarter with fewer has none. Nothing links a group to one of another quarter
-- units: means over the group's engineers of lines of handwritten new work per working day; ratio: to the median engineer of the
--   baseline; ai, assisted, human: lines of the whole group
-- parameters: quarters integer 10
with windows as materialized (from volume_by_window),
latest as (
    select quarter, is_running and days_elapsed < days as is_short, is_running and days_elapsed < 15 as is_early
    from working_days order by quarter desc limit $quarters::integer
),
medians as (select quarter, is_cut, median(lines_per_day) as median from windows where is_baseline group by all),
baseline as (select is_cut, avg(median order by quarter) as median from medians group by is_cut),
placed as (
    select
        w.*, row_number() over (partition by w.quarter order by w.lines, w.ai, w.assisted, w.human, w.person) - 1 as place, count(*) over (partition by w.quarter) as active,
        greatest(s.minimum_engineers, 1) as least
    from windows as w, scope_settings as s
    where not w.is_cut
)
select
    p.quarter, (p.place * (p.active // p.least) // p.active) + 1 as group_number, count(*) as engineers, sum(p.lines) / nullif(sum(p.working_days), 0) as lines_per_day,
    if(any_value(latest.is_early), null, sum(p.lines) / nullif(sum(p.working_days), 0) / nullif(any_value(baseline.median), 0)) as ratio,
    sum(p.ai)::bigint as ai, sum(p.assisted)::bigint as assisted, sum(p.human)::bigint as human, any_value(p.is_running) as is_running
from placed as p
join latest on latest.quarter = p.quarter
left join baseline on baseline.is_cut = latest.is_short
where p.active >= p.least
group by p.quarter, group_number
order by p.quarter, group_number
