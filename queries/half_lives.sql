-- question: After how many days is half of the lines gone?
-- grain: one row per scope and part
-- units: half_life, low, high: days, with the 95 % interval over commits; null: not reached within watched_days, the last age
--   that 5 % of the lines reached (of high also where low is known); still_alive: share of lines at that age; commits: that added the lines
-- parameters: none
with ends as (
    select scope, part, max(at_days) as watched_days, arg_max(value, at_days) as still_alive
    from estimates where metric = 'survival' group by scope, part
)
select
    h.scope, h.part, h.value as half_life, h.low, h.high,
    ends.watched_days::bigint as watched_days, ends.still_alive, h.n as commits
from estimates as h left join ends on ends.scope = h.scope and ends.part = h.part
where h.metric = 'half_life'
order by h.scope, h.part
