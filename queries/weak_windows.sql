-- question: Which marks were left in days in which they say less than they otherwise would?
-- grain: one row per repository, rule and window
-- units: commits; deciding: those whose attribution the mark decided
-- parameters: windows varchar[] null
with windows as (
    select str_split(each, '|')[1] as rule, str_split(each, '|')[2]::date as since, str_split(each, '|')[3]::date as until
    from (select unnest(coalesce($windows::varchar[], [])) as each)
)
select
    e.repo, e.rule, any_value(e.tool) as tool, w.since, w.until, count(distinct e.sha) as commits,
    count(distinct e.sha) filter (e.decides) as deciding
from evidence as e
join commits as c on c.repo = e.repo and c.sha = e.sha
join windows as w on w.rule = e.rule and c.committed_at::date between w.since and w.until
group by e.repo, e.rule, w.since, w.until
order by commits desc, e.repo, e.rule, w.since
