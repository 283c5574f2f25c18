-- question: How much sooner do lines of AI die than lines without AI evidence of the same time, repository and kind of file?
-- grain: one row per scope: all lines merged since AI first wrote one in a hundred of a quarter, and each file class
-- units: hazard_ratio, low, high: ratio of daily death rates, above 1: AI's die sooner, with its 95 % interval, robust by commit;
--   p_value: of the log-rank test, robust by commit; commits: of both sides together
-- parameters: none
select
    h.scope, h.value as hazard_ratio, h.low, h.high, coalesce(h.low > 1 or h.high < 1, false) as is_clear,
    t.value as p_value, h.n as commits, h.method
from estimates as h
left join estimates as t on t.metric = 'log_rank' and t.scope = h.scope and t.part = h.part
where h.metric = 'hazard_ratio'
order by h.scope
