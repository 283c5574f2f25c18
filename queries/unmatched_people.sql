-- question: Which persons go by one name and were not joined?
-- grain: one row per name (spelled alike but for capital letters) with several persons
-- units: persons, addresses, commits
-- parameters: names boolean false
select
    case when $names::boolean then min(i.mapped_name) else min(p.pseudonym) end as name, count(distinct i.person) as persons,
    count(distinct lower(i.mapped_email)) as addresses, sum(i.commits)::bigint as commits
from identities as i join people as p on p.person = i.person
where p.kind = 'person' and contains(trim(i.mapped_name), ' ')
group by lower(trim(i.mapped_name))
having count(distinct i.person) > 1
order by commits desc, min(i.person)
