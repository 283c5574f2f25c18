-- question: Is work of AI reviewed as much, as soon and as often as other work?
-- grain: one row per metric and part (all, ai, human, their difference and their ratio), since the first quarter with AI lines
-- units: as unit says; low, high: 95 % interval; n: as method says; difference: no clear difference where the interval of
--   ai - human holds 0, and where there is no interval
-- parameters: none
select
    e.metric, e.part, e.value, e.low, e.high, e.n, e.unit,
    case when e.part = 'ai - human' then
        case when e.low > 0 then 'higher of ai' when e.high < 0 then 'lower of ai' else 'no clear difference' end end as difference,
    e.method, e.seed
from estimates as e
where e.scope = 'all' and e.period = date '1970-01-01' and e.metric in (
    'reviewed_share', 'merged_by_author_share', 'unreviewed_requests_share', 'time_to_first_review', 'time_to_merge', 'review_rounds')
order by e.metric, list_position(['all', 'ai', 'human', 'ai - human', 'ai / human'], e.part)
