-- question: Which lines went again soon: by attribution (all), repository, tool or class of file?
-- grain: one row per part of the split, attribution (or comparison of two) and window; only lines whose window has closed;
--   split all has two parts: all, and since/DAY, lines merged since AI's began to count, among which AI is compared with others
-- units: shares of 1, of ai / human a ratio; low, high: 95 % interval; n: commits; null where there is no line or too few commits
-- parameters: split varchar all
select
    case when scope = 'all' or starts_with(scope, 'since/') then scope else substr(scope, instr(scope, '/') + 1) end as part,
    part as attribution, at_days::integer as days, value as churn, low, high, n, unit
from estimates
where metric = 'churn' and period = date '1970-01-01'
    and case when scope = 'all' or starts_with(scope, 'since/') then 'all' else split_part(scope, '/', 1) end = $split
order by 1, list_position(['all', 'ai', 'assisted', 'human', 'bot', 'unknown', 'ai - human', 'ai / human'], attribution), days
