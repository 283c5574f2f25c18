-- question: Does the ratio of the latest quarter hold when engineers or lines are counted in another way?
-- grain: one row per way of counting, the headline (median) first; none for fewer than minimum_engineers of
--   the cohort or the regulars, which would show single persons
-- units: ratio to the baseline; headline: of net, whose quarter is an earlier one, the headline of that quarter; low, high: 95 % interval, null with too few engineers or where it has none; n: engineers
-- parameters: none
with compared as materialized (from volume_compared),
net as materialized (from net_volume_quarterly where net_ratio_median is not null order by quarter desc limit 1),
now as (
    select
        any_value(quarter) filter (is_now) as quarter, count(*) filter (is_now) as engineers, bool_or(is_cut) as is_short,
        count(distinct person) filter (is_baseline) as baseline_engineers
    from compared
),
counted as materialized (
    select 'median' as variant, quarter, is_now, is_baseline, median(lines / working_days) as value, count(*) as n
    from compared group by all
    union all
    select 'mean', quarter, is_now, is_baseline, sum(lines) / sum(working_days), count(*) from compared group by all
    union all
    select 'cohort', quarter, is_now, is_baseline, median(lines / working_days), count(*) from compared where is_cohort group by all
    union all
    select 'regulars', quarter, is_now, is_baseline, median(lines / working_days), count(*) from compared where is_regular group by all
    union all
    select 'tenure', quarter, is_now, is_baseline, median(lines / tenure_days), count(*) from compared group by all
    union all
    select 'outliers', quarter, is_now, is_baseline, median(lines_without_outliers / working_days), count(*) from compared group by all
    union all
    select 'moved', quarter, is_now, is_baseline, median(lines_without_moved / working_days), count(*) from compared group by all
    union all
    select 'headcount', c.quarter, c.is_now, c.is_baseline, sum(c.lines) / any_value(h.engineers * c.working_days), any_value(h.engineers)::bigint
    from compared as c
    join (
        select quarter, sum(engineers order by team) as engineers
        from (select date_trunc('quarter', period)::date as quarter, team, avg(engineers order by period) as engineers from headcount group by all)
        group by quarter
    ) as h on h.quarter = c.quarter
    group by all
    union all
    select 'repository', w.quarter, w.quarter = now.quarter and not w.is_cut, w.is_baseline,
        coalesce(any_value(l.lines), 0) / any_value(w.working_days), any_value(now.engineers)
    from now
    join volume_window as w on (w.quarter = now.quarter and not w.is_cut) or (w.is_baseline and w.is_cut = now.is_short)
    left join lines_by_window as l on l.quarter = w.quarter and l.is_cut = w.is_cut
    where w.working_days > 0
    group by all
),
baseline as (select variant, avg(value order by quarter) as value from counted where is_baseline group by variant),
ratios as (
    select c.variant, c.quarter, c.n, c.value / nullif(b.value, 0) as value
    from counted as c
    join baseline as b on b.variant = c.variant
    join scope_settings as s on c.variant not in ('cohort', 'regulars') or c.n >= s.minimum_engineers
    where c.is_now
    union all
    select 'net', quarter, engineers, net_ratio_median from net
),
words(variant, place, label, note) as (
    values
        ('median', 1, 'Median engineer (headline)', 'half of the active engineers merge more, half less'),
        ('mean', 2, 'Mean engineer', 'all lines of engineers by all their working days'),
        ('cohort', 3, 'Fixed cohort', 'only engineers active in the baseline and now'),
        ('regulars', 4, 'Regulars: 10 merge days or more', 'only engineers on ten days or more of the quarter'),
        ('tenure', 5, 'Tenure as the denominator', 'working days between first and last merge only'),
        ('outliers', 6, 'Without commits of over 5,000 lines', 'outlier commits left out, their engineers still counted'),
        ('moved', 7, 'Without moved lines', 'without lines moved within their commit'),
        ('net', 8, 'Net: lines alive 90 days later', ''),
        ('headcount', 9, 'Head count as the denominator', 'all lines of engineers, by the imported number of people'),
        ('repository', 10, 'Whole repository', 'all lines per working day, however many engineers')
)
select
    r.variant, w.label, r.value, e.low, e.high, r.n,
    case when r.variant = 'cohort' then format('{} of the {} engineers of the baseline', r.n, now.baseline_engineers)
         when r.variant = 'net'
         then format('lines gone within 90 days left out, in {} Q{}, the last quarter of which that is known; hollow dot: the headline of that quarter',
             year(r.quarter), quarter(r.quarter))
         else w.note end as note,
    r.quarter, case when r.variant = 'net' then net.ratio_median end as headline
from ratios as r
join words as w on w.variant = r.variant
join now on true
left join estimates as e on e.scope = 'all' and e.period = r.quarter
    and e.metric = case when r.variant in ('median', 'mean') then 'ratio_' || r.variant
                        when r.variant = 'net' then 'net_ratio_median' else 'variant_' || r.variant end
left join net on r.variant = 'net'
where r.value is not null
order by w.place
