-- question: How many fixes did 1,000 merged lines of code need within 90 and 180 days, AI beside no AI evidence?
-- grain: one row per metric, scope, period, part and window; defects: among like lines (repository, quarter, age of file, size of commit); defects_any: fixes of low confidence too; defects_crude: all lines; fixed_lines: lines that fixes changed
-- units: value, low, high: per 1,000 landed lines of code; of `ai / human` a ratio; n: commits; null interval: too few commits or fixes
-- parameters: none
select metric, scope, period, part, at_days::integer as days, value, low, high, n, unit, method, seed,
    case when low is null then null when unit = 'ratio' then low <= 1 and high >= 1
         when part = 'ai - human' then low <= 0 and high >= 0 end as no_clear_difference
from estimates
where metric in ('defects', 'defects_any', 'defects_crude', 'fixed_lines')
order by metric, scope, period, days, part
