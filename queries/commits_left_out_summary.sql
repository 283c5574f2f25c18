-- question: How much was left out as no new work, by reason?
-- grain: one row per reason
-- units: commits; lines: handwritten ones that they added, whether they landed or not
-- parameters: none
select why, count(*) as commits, sum(lines)::bigint as lines
from commits_left_out group by why order by lines desc, why
