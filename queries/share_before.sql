-- question: What was the share of AI in the weeks before a day, some commits left out?
-- grain: one row in all
-- units: lines of handwritten new work; share: fraction of 1; weeks are those from Monday to Sunday that end before the day;
--   before null: the Monday of as_of's week; leaving_out: ids of commits
-- parameters: weeks integer 12, before date null, repos varchar[] null, leaving_out varchar[] null
with span as (
    select date_trunc('week', coalesce($before::date, as_of::date))::date as until, basis from scope_settings
),
days as (select (until - to_days(7 * $weeks::integer))::date as since, until, basis from span),
lines as (
    select
        sum(l.lines) filter (l.attribution = 'ai' and l.confidence <> 'low') as numerator,
        sum(l.lines) filter (l.attribution in ('ai', 'assisted', 'human')) as denominator
    from merged_lines as l, days
    where l.is_handwritten and l.is_new_work and l.merged_at >= days.since and l.merged_at < days.until
        and ($repos::varchar[] is null or list_contains($repos::varchar[], l.repo))
        and ($leaving_out::varchar[] is null or not list_contains($leaving_out::varchar[], l.sha))
)
select
    days.since, days.until, coalesce(lines.numerator, 0)::bigint as numerator,
    coalesce(lines.denominator, 0)::bigint as denominator, coalesce(lines.numerator, 0) / nullif(lines.denominator, 0) as share, days.basis
from days, lines
where days.until is not null
