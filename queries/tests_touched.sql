-- question: How many of the commits that add code also change tests, with AI and without?
-- grain: one row per scope, period (a quarter, or 1970-01-01: all since the first AI commit) and part (ai, assisted, human, all, ai - human, ai / human)
-- units: share of commits that add lines to files of code, 0 to 1, of ai / human a ratio; low, high: 95 % interval, null under
--   30 commits; n: commits, of a comparison the fewer
-- parameters: none
with parts(part, rank) as (
    values ('ai', 1), ('assisted', 2), ('human', 3), ('all', 4), ('ai - human', 5), ('ai / human', 6)
)
select e.scope, e.period, e.part, e.n, e.value, e.low, e.high, e.unit, e.method, e.seed
from estimates as e join parts as p on p.part = e.part
where e.metric = 'tests_touched'
order by e.scope <> 'all', e.scope, e.period, p.rank
