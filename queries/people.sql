-- question: Who takes part, under which names and addresses, and how were these joined?
-- grain: one row per person, agent or bot
-- units: commits authored; accountable: commits that the person answers for as engineer; times of the first and the last merge of either
-- parameters: names boolean false
with
    written as (
        select person, name, email, string_agg(distinct how, ', ' order by how) as how, sum(commits)::bigint as commits
        from identities group by all
    ),
    identified as (
        select person, count(*) as identities, string_agg(distinct how, ', ' order by how) as how,
            string_agg(name || ' <' || email || '> (' || how || ')', '; ' order by commits desc, name, email) as written_as
        from written group by person
    ),
    took_part as (
        select author as person, repo, sha, merged_at, 1 as authored, 0 as answered from commits where author is not null
        union all
        select engineer, repo, sha, merged_at, 0, 1 from commits where engineer is not null
    ),
    merged as (
        select person, sum(authored)::bigint as commits, sum(answered)::bigint as accountable, count(distinct repo) as repositories,
            min(merged_at) as first_merged, max(merged_at) as last_merged
        from took_part group by person
    )
select
    if($names::boolean, p.name, p.pseudonym) as person,
    case when p.kind <> 'person' then p.kind when coalesce(m.accountable, 0) > 0 then 'engineer' else 'person' end as kind,
    p.team, coalesce(m.commits, 0) as commits, coalesce(m.accountable, 0) as accountable, coalesce(m.repositories, 0) as repositories,
    m.first_merged::date as first_merged, m.last_merged::date as last_merged, coalesce(i.identities, 0) as identities, i.how,
    if($names::boolean, i.written_as, null) as written_as, p.pseudonym, p.person as person_id
from people as p
left join merged as m on m.person = p.person
left join identified as i on i.person = p.person
order by commits desc, accountable desc, p.kind, p.person
