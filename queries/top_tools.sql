-- question: Which agents, assistants and bots took part, since when, and in how much?
-- grain: one row per tool and attribution
-- units: commits; lines of handwritten new work; share: of all ai, assisted and human lines, null for bots
-- parameters: since date null, until date null
with scope as (
    select * from merged_lines
    where is_handwritten and is_new_work
        and ($since::date is null or merged_at >= $since::date) and ($until::date is null or merged_at < $until::date)
),
total as (select sum(lines) filter (attribution in ('ai', 'assisted', 'human')) as lines from scope)
select
    coalesce(s.tool, 'Others, unnamed') as tool, s.attribution, count(distinct (s.repo, s.sha)) as commits, sum(s.lines)::bigint as lines,
    if(s.attribution in ('ai', 'assisted'), sum(s.lines) / nullif(any_value(total.lines), 0), null) as share,
    min(s.merged_at)::date as first_day, max(s.merged_at)::date as last_day
from scope as s, total
where s.attribution in ('ai', 'assisted', 'bot')
group by 1, 2
order by lines desc, tool, attribution
