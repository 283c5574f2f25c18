-- question: How does each person's volume compare with the typical engineer of the baseline?
-- grain: one row per person (pseudonym or name) and quarter in which they were active, last quarters only
-- units: lines of handwritten new work per working day; ratio: to the median engineer of the baseline
-- parameters: quarters integer 10, names boolean false
with windows as materialized (from volume_by_window),
latest as (
    select quarter, is_running and days_elapsed < days as is_short, is_running and days_elapsed < 15 as is_early
    from working_days order by quarter desc limit $quarters::integer
),
medians as (select quarter, is_cut, median(lines_per_day) as median from windows where is_baseline group by all),
baseline as (select is_cut, avg(median order by quarter) as median from medians group by is_cut)
select
    v.quarter, coalesce(if($names::boolean, p.name, p.pseudonym), v.person) as person, v.person as person_id,
    v.lines, v.lines_per_day,
    if(latest.is_early, null, v.lines_per_day / nullif(baseline.median, 0)) as ratio,
    v.ai, v.assisted, v.human, v.is_running
from windows as v
join latest on latest.quarter = v.quarter
left join baseline on baseline.is_cut = latest.is_short
left join people as p on p.person = v.person
where not v.is_cut
order by person, person_id, v.quarter
