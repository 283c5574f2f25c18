-- question: How much did each engineer merge in each quarter?
-- grain: one row per quarter and engineer active in it, over all repositories
-- units: lines of handwritten new work; lines_per_day: per working day, idle days counted
-- parameters: names boolean false
select
    v.quarter, coalesce(if($names::boolean, p.name, v.pseudonym), v.person) as person, v.person as person_id, v.team, v.lines, v.ai, v.assisted,
    v.human, v.other, v.commits, v.merge_days, v.working_days, v.lines_per_day, v.is_running
from volume_by_engineer as v left join people as p on p.person = v.person
order by v.quarter, person, person_id
