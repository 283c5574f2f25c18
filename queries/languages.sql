-- question: How much of each language was written by AI?
-- grain: one row per language; null: not known
-- units: lines of handwritten new work; share: AI of high or medium confidence, fraction of 1; until: first day not counted
-- parameters: since date null, until date null
with lines as (
    select
        language, sum(lines) filter (attribution = 'ai' and confidence <> 'low') as numerator,
        sum(lines) filter (attribution in ('ai', 'assisted', 'human')) as denominator, sum(lines) as lines
    from merged_lines
    where is_handwritten and is_new_work
        and ($since::date is null or merged_at >= $since::date) and ($until::date is null or merged_at < $until::date)
    group by language
)
select
    language, lines::bigint as lines, coalesce(numerator, 0)::bigint as numerator, coalesce(denominator, 0)::bigint as denominator,
    coalesce(numerator, 0) / nullif(denominator, 0) as share
from lines order by lines desc, language
