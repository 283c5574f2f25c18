-- when it changed; series from elsewhere -----------------------------------------------------------------

create or replace view monthly_series as
with days as (select date_trunc('month', day)::date as month, count(*) as working_days from working_day group by 1),
commits_read as (
    select
        'all' as scope, month, count(*) filter (is_unknown) > 0.05 * count(*) as is_incomplete,
        count(distinct engineer) as engineers
    from merged_commits group by month
    union all
    select 'repository/' || repo, month, count(*) filter (is_unknown) > 0.05 * count(*), count(distinct engineer)
    from merged_commits where (select count(*) from repos) > 1 group by repo, month
),
lines as (
    select
        repo, month, sum(lines) filter (attribution <> 'bot') as lines,
        sum(lines) filter (attribution = 'ai' and confidence <> 'low') as ai,
        sum(lines) filter (attribution in ('ai', 'assisted', 'human')) as known
    from merged_lines where is_handwritten and is_new_work group by repo, month
),
counted as (
    select 'all' as scope, month, sum(lines) as lines, sum(ai) as ai, sum(known) as known from lines group by month
    union all
    select 'repository/' || repo, month, lines, ai, known from lines where (select count(*) from repos) > 1
),
by_person as (
    select c.month, c.engineer, coalesce(any_value(l.lines), 0) as lines
    from (select distinct month, engineer from merged_commits where engineer is not null) as c
    left join (
        select month, engineer, sum(lines) as lines from merged_lines
        where is_handwritten and is_new_work and engineer is not null group by month, engineer
    ) as l on l.month = c.month and l.engineer = c.engineer
    group by c.month, c.engineer
),
average as (select month, avg(lines) as mean, count(*) as engineers from by_person group by month),
spans as (select scope, min(month) as first_month, max(month) as last_month from commits_read group by scope),
months as (
    select
        s.scope, d.month, d.working_days, coalesce(r.is_incomplete, false) as is_incomplete, c.lines, c.ai, c.known,
        not is_over(period_end('month', d.month), w.as_of) as is_running
    from spans as s
    join days as d on d.month between s.first_month and s.last_month
    join scope_settings as w on true
    left join commits_read as r on r.scope = s.scope and r.month = d.month
    left join counted as c on c.scope = s.scope and c.month = d.month
)
select scope, 'volume' as series, month, coalesce(lines, 0) / working_days as value, is_incomplete or is_running as is_left_out
from months where working_days > 0
union all
select m.scope, 'engineer', m.month, t.mean / m.working_days, m.is_incomplete or m.is_running or t.engineers < w.minimum_engineers
from months as m
join average as t on t.month = m.month
join scope_settings as w on true
where m.scope = 'all' and m.working_days > 0
union all
select scope, 'share', month, coalesce(ai, 0) / nullif(known, 0), is_incomplete or is_running from months;
comment on view monthly_series is 'One row per scope, series and month: what change points are looked for in';
comment on column monthly_series.scope is 'all, or repository/NAME where there are several';
comment on column monthly_series.series is 'volume: all handwritten new-work lines but bots'' by working day; engineer: lines of engineers by active engineer and working day; share: the headline''s';
comment on column monthly_series.month is 'First day of the month';
comment on column monthly_series.value is 'Lines per working day, or a share; null: nothing was merged that a share could be of';
comment on column monthly_series.is_left_out is 'The month is running, over 5 % of its commits are unknown, or fewer than minimum_engineers were active in it';

create or replace view change_points as
with numbers as (
    select scope, replace(metric, 'change_points_', '') as series, value as found, n as months, method
    from estimates where starts_with(metric, 'change_points_')
),
dates as (
    select scope, replace(metric, 'change_date_', '') as series, period as changed_on,
        date '1970-01-01' + low::integer as low_on, date '1970-01-01' + high::integer as high_on
    from estimates where starts_with(metric, 'change_date_')
),
sizes as (
    select scope, replace(metric, 'change_size_', '') as series, period as changed_on, value, low, high, unit
    from estimates where starts_with(metric, 'change_size_')
),
near as (
    select d.changed_on, arg_min(e.label, abs(e.date - d.changed_on)) as label, arg_min(e.date, abs(e.date - d.changed_on)) as event_on
    from (select distinct changed_on from dates where high_on - low_on <= 184) as d
    join events as e on e.date between d.changed_on - 45 and d.changed_on + 45
    where e.kind in ('release', 'model', 'tool')
    group by d.changed_on
),
marked as (
    select 'repository/' || repo as scope, day, tool from merged_commits where attribution = 'ai' and confidence <> 'low'
    union all
    select 'all', day, tool from merged_commits where attribution = 'ai' and confidence <> 'low'
),
first_marks as (select scope, min(day) as day, arg_min(tool, day) as tool from marked group by scope)
select
    n.scope, n.series, n.months, n.found::integer as found, d.changed_on, d.low_on, d.high_on, s.value as size, s.low as size_low,
    s.high as size_high, s.unit, near.label as release, near.event_on as release_on,
    f.day as first_ai_on, f.tool as first_ai_tool, n.method
from numbers as n
left join dates as d on d.scope = n.scope and d.series = n.series
left join sizes as s on s.scope = n.scope and s.series = n.series and s.changed_on = d.changed_on
left join near on near.changed_on = d.changed_on and d.high_on - d.low_on <= 184
left join first_marks as f on f.scope = n.scope and f.day between d.changed_on - 45 and d.changed_on + 45 and d.high_on - d.low_on <= 184
order by n.scope, n.series, d.changed_on;
comment on view change_points is 'One row per scope, series and change of its monthly level; one without a date where there is none';
comment on column change_points.scope is 'all, or repository/NAME';
comment on column change_points.series is 'volume, engineer or share, as in monthly_series';
comment on column change_points.months is 'Months looked at';
comment on column change_points.found is 'Changes of the series; 0: none; null: too few months to tell, method says so';
comment on column change_points.changed_on is 'First day of the first month of the new level; null: no change';
comment on column change_points.low_on is 'Lower end of its 95 % interval, a first day of a month';
comment on column change_points.high_on is 'Upper end of its 95 % interval';
comment on column change_points.size is 'Volume after / before, or share after - before, of the typical month';
comment on column change_points.size_low is 'Lower end of its 95 % interval';
comment on column change_points.size_high is 'Upper end of its 95 % interval';
comment on column change_points.unit is 'Of size: ratio or share';
comment on column change_points.release is 'The event nearest to changed_on, within 45 days: it coincides, no more; null: none, or the interval is over half a year wide';
comment on column change_points.release_on is 'Its day';
comment on column change_points.first_ai_on is 'First commit with AI evidence of high or medium confidence, where within 45 days of changed_on';
comment on column change_points.first_ai_tool is 'Its agent';
comment on column change_points.method is 'How it was found, or why it cannot be told';

create or replace view outside_series as
with own_ratio as (
    select v.quarter, v.ratio_median as value, e.low, e.high
    from volume_quarterly as v
    left join estimates as e on e.metric = 'ratio_median' and e.scope = 'all' and e.period = v.quarter
    where v.engineers >= (select minimum_engineers from scope_settings)
),
own_share as (select period as month, 100 * share as value, 100 * share_strict as low, 100 * share_high as high from ai_share_monthly)
select
    x.series, x.date, x.value, x.low, x.high, x.unit, x.source,
    case when x.series in ('lines_per_engineer_day_ratio', 'self_estimated_output_ratio') then 'ratio'
         when starts_with(x.series, 'ai_share_') then 'share' end as own,
    coalesce(r.value, s.value) as own_value, coalesce(r.low, s.low) as own_low, coalesce(r.high, s.high) as own_high
from external_metrics as x
left join own_ratio as r on x.series in ('lines_per_engineer_day_ratio', 'self_estimated_output_ratio')
    and r.quarter = date_trunc('quarter', x.date)::date
left join own_share as s on starts_with(x.series, 'ai_share_') and s.month = date_trunc('month', x.date)::date
order by x.series, x.date;
comment on view outside_series is 'One row per imported value, with our own figure of the same time where there is one: measured elsewhere, by other definitions';
comment on column outside_series.series is 'Name of the imported series';
comment on column outside_series.date is 'Last day, or day, that the value is of';
comment on column outside_series.value is 'As imported; null where only low or high is known';
comment on column outside_series.low is 'Lower end, as imported';
comment on column outside_series.high is 'Upper end, as imported';
comment on column outside_series.unit is 'As imported';
comment on column outside_series.source is 'Where the value is from';
comment on column outside_series.own is 'Which figure stands beside it: ratio (median engineer, of the quarter) or share (of the month, percent); null: none';
comment on column outside_series.own_value is 'That figure; null: there is none of that time';
comment on column outside_series.own_low is 'Of a ratio the lower end of its 95 % interval, of a share the strictest reading of the evidence';
comment on column outside_series.own_high is 'Of a ratio the upper end, of a share the reading that counts every trace';
