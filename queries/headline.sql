-- question: What is the answer in one row: the share of the last full month and the ratio of the latest quarter?
-- grain: one row; none where nothing was merged
-- units: shares are fractions of 1 of handwritten new-work lines; ratios to the baseline;
--   single_digits_until: the last month before the first one with a share of 10 % or more, null while there is none
-- parameters: none
with monthly as materialized (from ai_share_monthly where not is_running),
last_month as (from monthly order by period desc limit 1),
first_above as (select min(period) as period from monthly where share >= 0.1),
single_digits as (
    select max(m.period) as period from monthly as m, first_above as f where m.share is not null and m.period < f.period
),
last_quarter as (from volume_quarterly where ratio_median is not null order by quarter desc limit 1),
intervals as (
    select
        e.period,
        max(low) filter (metric = 'ratio_median') as low_median, max(high) filter (metric = 'ratio_median') as high_median,
        max(low) filter (metric = 'ratio_mean') as low_mean, max(high) filter (metric = 'ratio_mean') as high_mean
    from estimates as e where e.scope = 'all' group by e.period
)
select
    s.as_of, s.basis, (select count(*) from repos) as repositories,
    (select count(*) from merged_commits) as commits, (select count(distinct engineer) from merged_commits) as people,
    m.period as month, m.share, m.share_strict, m.share_high, m.share_min, m.share_max, m.numerator, m.denominator,
    m.strict_numerator, m.strict_denominator, m.high_numerator, m.covered, m.coverage, m.unknown,
    single_digits.period as single_digits_until,
    q.quarter, q.is_running as quarter_is_running, q.engineers, q.working_days, q.median, q.mean, q.baseline_median, q.baseline_mean,
    q.ratio_median, i.low_median, i.high_median, q.ratio_mean, i.low_mean, i.high_mean, q.ratio_all
from scope_settings as s
left join last_month as m on true
left join single_digits on true
left join last_quarter as q on true
left join intervals as i on i.period = q.quarter
where s.as_of is not null
