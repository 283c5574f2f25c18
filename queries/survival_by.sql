-- question: How does the survival of lines differ by tool, file class, repository or quarter of birth?
-- grain: one row per part of the split, attribution and age of 14, 30, 90, 180 and 365 days that was reached
-- units: survival, low, high: share of lines that live longer, 0 to 1, with its 95 % interval over commits, null below 30;
--   split is tool, class, repository or cohort (the last twelve quarters); lines_at_risk, commits_at_risk: as in survival_curve
-- parameters: split varchar tool
select
    substr(e.scope, length($split::varchar) + 2) as name, e.part, e.at_days::bigint as age_days, e.value as survival, e.low, e.high,
    r.value::bigint as lines_at_risk, e.n as commits_at_risk
from estimates as e
join estimates as r on r.metric = 'lines_at_risk' and r.scope = e.scope and r.part = e.part and r.at_days = e.at_days
where e.metric = 'survival' and starts_with(e.scope, $split::varchar || '/') and e.part not like '% %'
order by name, e.part, e.at_days
