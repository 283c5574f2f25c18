-- question: What part of merged commits, and of their lines, is reverted within 30 days, AI beside no AI evidence?
-- grain: one row per metric (reverted: commits; reverted_lines: handwritten lines), scope, period and part; AI is compared with
--   others within quarters and since its lines began to count (scope since/DAY)
-- units: value, low, high: shares; of `ai / human` a ratio; n: commits; null interval: under 30 commits or 5 reverts
-- parameters: none
select metric, scope, period, part, value, low, high, n, unit, method, seed,
    case when low is null then null when unit = 'ratio' then low <= 1 and high >= 1
         when part = 'ai - human' then low <= 0 and high >= 0 end as no_clear_difference
from estimates
where metric in ('reverted', 'reverted_lines')
order by metric, scope, period, part
