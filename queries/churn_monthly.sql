-- question: What part of the lines that landed in a month went again soon?
-- grain: one row per month of landing and attribution, and one for all; none on the basis added
-- units: lines of handwritten new work; churn_: shares of 1, null where the window of the month's last lines has not closed;
--   low_ and high_: 95 % intervals, of the last 60 months, of all, ai and human, with 30 commits or more, and not raw
-- parameters: raw boolean false
with intervals as (
    select
        period, part,
        max(low) filter (at_days = 14) as low_14, max(high) filter (at_days = 14) as high_14,
        max(low) filter (at_days = 90) as low_90, max(high) filter (at_days = 90) as high_90
    from estimates where metric = 'churn' and scope = 'all' and not $raw::boolean group by period, part
)
select c.*, i.low_14, i.high_14, i.low_90, i.high_90
from churn_by('month', $raw::boolean) as c
left join intervals as i on i.period = c.period and i.part = c.attribution
order by c.period, list_position(['all', 'ai', 'assisted', 'human', 'bot', 'unknown'], c.attribution)
