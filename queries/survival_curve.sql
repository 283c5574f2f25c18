-- question: What part of the merged lines is still there after so many days?
-- grain: one row per scope (all; since/DAY: lines merged since AI first wrote one in a hundred of a quarter), part and age, up to the last age that 5 % of the lines reached
-- units: survival, low, high: share of lines that live longer, 0 to 1, with its 95 % interval over commits, null below 30
--   commits at risk; age_days: whole days since the landing; lines_at_risk, commits_at_risk: alive when that day began and watched to its end
-- parameters: none
select
    e.scope, e.part, e.at_days::bigint as age_days, e.value as survival, e.low, e.high,
    r.value::bigint as lines_at_risk, e.n as commits_at_risk
from estimates as e
join estimates as r on r.metric = 'lines_at_risk' and r.scope = e.scope and r.part = e.part and r.at_days = e.at_days
where e.metric = 'survival' and (e.scope = 'all' or e.scope like 'since/%') and e.part not like '% %'
order by e.scope, e.part, e.at_days
