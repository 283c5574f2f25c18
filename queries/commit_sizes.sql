-- question: How large are commits of AI beside others, and how many are too large to review well?
-- grain: one row per scope, period (a quarter, or 1970-01-01: all since the first AI commit) and part (ai, assisted, human, all, ai - human, ai / human)
-- units: median: handwritten lines added by a commit, of ai / human a ratio; large: share of commits that add over 400;
--   low, high: 95 % interval, null under 30 commits; n: commits, of a comparison the fewer
-- parameters: none
with parts(part, rank) as (
    values ('ai', 1), ('assisted', 2), ('human', 3), ('all', 4), ('ai - human', 5), ('ai / human', 6)
)
select
    m.scope, m.period, m.part, m.n, m.value as median, m.low as median_low, m.high as median_high, m.unit as median_unit,
    l.value as large, l.low as large_low, l.high as large_high, l.unit as large_unit, m.method, m.seed
from estimates as m
join estimates as l on l.metric = 'large_commits' and l.scope = m.scope and l.period = m.period and l.part = m.part
join parts as p on p.part = m.part
where m.metric = 'commit_size_median'
order by m.scope <> 'all', m.scope, m.period, p.rank
