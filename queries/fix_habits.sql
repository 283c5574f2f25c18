-- question: How often do commits of AI and others say that they mend something, and in what form?
-- grain: one row per attribution, over commits merged since the baseline began
-- units: counts of commits; shares of them; low, high: interval of share; read it beside every count of fixes
-- parameters: none
select h.*, e.low, e.high
from fix_habits as h
left join estimates as e on e.metric = 'fix_commits' and e.scope = 'all' and e.part = h.attribution
    and e.period = date '1970-01-01'
order by h.attribution
