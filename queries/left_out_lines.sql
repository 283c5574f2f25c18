-- question: Which merged lines are in no share although somebody may have written them now, and why?
-- grain: one row per reason
-- units: commits; lines: landed ones; why: of a bulk commit its reason; generated or vendored: of files that these commits
--   bring or rename; bot: of code and tests under a bot's identity
-- parameters: none
with brought as (select distinct repo, path from changes where status in ('A', 'R')),
named as (
    select
        l.sha, l.lines,
        case
            when not l.is_handwritten and b.path is null then null
            when c.is_bulk then c.bulk_reason
            when l.file_class in ('generated', 'vendored') then l.file_class
            when l.attribution = 'bot' and l.file_class in ('code', 'test') then 'bot'
        end as why
    from merged_lines as l
    join commits as c using (repo, sha)
    left join brought as b using (repo, path)
)
select why, count(distinct sha) as commits, sum(lines)::bigint as lines
from named
where why is not null
group by why
order by lines desc, why
