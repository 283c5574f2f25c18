-- question: Do lines of AI last as long as lines without AI evidence?
-- grain: one row per scope (since/DAY: merged since AI wrote one in a hundred of a quarter; each quarter of birth) and age of 30, 90 and 365 days that both sides reached
-- units: difference, low, high: points of survival, AI less the others, as a fraction of 1, with its 95 % interval over commits;
--   is_clear: the interval does not hold 0; commits: at risk at that age, of the side that has fewer
-- parameters: none
select
    scope, at_days::bigint as age_days, value as difference, low, high,
    coalesce(low > 0 or high < 0, false) as is_clear, n as commits
from estimates
where metric = 'survival' and part = 'ai - human'
order by scope, at_days
