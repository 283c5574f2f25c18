-- AI beside human: one row for what the table estimates has in several ---------------------------------------

create or replace view ai_beside_human as
with sides as (
    select
        metric, scope, period, at_days,
        any_value(unit) filter (part = 'ai') as unit,
        any_value(method) filter (part = 'ai') as method,
        max(value) filter (part = 'ai') as ai, max(low) filter (part = 'ai') as ai_low,
        max(high) filter (part = 'ai') as ai_high, max(n) filter (part = 'ai') as ai_n,
        max(value) filter (part = 'human') as human, max(low) filter (part = 'human') as human_low,
        max(high) filter (part = 'human') as human_high, max(n) filter (part = 'human') as human_n,
        max(value) filter (part = 'ai - human') as difference, max(low) filter (part = 'ai - human') as difference_low,
        max(high) filter (part = 'ai - human') as difference_high,
        bool_or(part = 'ai - human') as is_compared, max(value) filter (part = 'ai / human') as ratio, max(low) filter (part = 'ai / human') as ratio_low,
        max(high) filter (part = 'ai / human') as ratio_high
    from estimates
    where part in ('ai', 'human', 'ai - human', 'ai / human')
    group by metric, scope, period, at_days
)
select
    metric, scope, period, at_days, unit, ai, ai_low, ai_high, ai_n, human, human_low, human_high, human_n,
    difference, difference_low, difference_high, ratio, ratio_low, ratio_high,
    case
        when not is_compared then 'not compared'
        when difference_low is null or difference_high is null then 'too few commits'
        when difference_low <= 0 and difference_high >= 0 then 'no clear difference'
        when difference_high < 0 then 'AI lower'
        else 'AI higher'
    end as verdict,
    method
from sides
where ai is not null and human is not null
order by metric, scope, period, at_days;
comment on view ai_beside_human is 'One row per estimated figure that both AI lines and lines without AI evidence have, with their difference and what may be said of it';
comment on column ai_beside_human.metric is 'As in estimates';
comment on column ai_beside_human.scope is 'As in estimates: all, or repository/NAME, team/NAME, tool/NAME, class/NAME, cohort/FIRST-DAY';
comment on column ai_beside_human.period is 'First day of the quarter or month; of figures over all time 1970-01-01';
comment on column ai_beside_human.at_days is 'The age or window that the figure is for; null: none';
comment on column ai_beside_human.unit is 'Of all values but the ratio';
comment on column ai_beside_human.ai is 'The figure of AI lines or commits';
comment on column ai_beside_human.ai_low is 'Its 95 % interval, lower end';
comment on column ai_beside_human.ai_high is 'Its 95 % interval, upper end';
comment on column ai_beside_human.ai_n is 'Size of its sample';
comment on column ai_beside_human.human is 'The figure of lines or commits without AI evidence';
comment on column ai_beside_human.human_low is 'Its 95 % interval, lower end';
comment on column ai_beside_human.human_high is 'Its 95 % interval, upper end';
comment on column ai_beside_human.human_n is 'Size of its sample';
comment on column ai_beside_human.difference is 'ai - human';
comment on column ai_beside_human.difference_low is 'Its 95 % interval, lower end';
comment on column ai_beside_human.difference_high is 'Its 95 % interval, upper end';
comment on column ai_beside_human.ratio is 'ai / human';
comment on column ai_beside_human.ratio_low is 'Its 95 % interval, lower end';
comment on column ai_beside_human.ratio_high is 'Its 95 % interval, upper end';
comment on column ai_beside_human.verdict is 'no clear difference: the interval of the difference holds 0; AI higher, AI lower: it does not; too few commits: there is no interval; not compared: there is no difference';
comment on column ai_beside_human.method is 'How the intervals were made';
