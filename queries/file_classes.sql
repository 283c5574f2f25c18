-- question: What kinds of file do merged lines belong to, and how much of each is new work?
-- grain: one row per file class
-- units: lines; ai to unknown: of new_work; until: first day not counted
-- parameters: since date null, until date null
select
    file_class, any_value(is_handwritten) as is_handwritten, sum(lines)::bigint as lines,
    coalesce(sum(lines) filter (is_new_work), 0)::bigint as new_work,
    coalesce(sum(lines) filter (is_new_work and attribution = 'ai'), 0)::bigint as ai,
    coalesce(sum(lines) filter (is_new_work and attribution = 'assisted'), 0)::bigint as assisted,
    coalesce(sum(lines) filter (is_new_work and attribution = 'human'), 0)::bigint as human,
    coalesce(sum(lines) filter (is_new_work and attribution = 'bot'), 0)::bigint as bot,
    coalesce(sum(lines) filter (is_new_work and attribution = 'unknown'), 0)::bigint as unknown
from merged_lines
where ($since::date is null or merged_at >= $since::date) and ($until::date is null or merged_at < $until::date)
group by file_class
order by lines desc, file_class
