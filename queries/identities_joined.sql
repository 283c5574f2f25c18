-- question: Which names and addresses were taken for one person?
-- grain: one row per person, agent or bot with two identities or more
-- units: identities: distinct names with addresses; commits authored under them
-- parameters: names boolean false
select
    coalesce(if($names::boolean, p.name, p.pseudonym), i.person) as person, p.kind, count(distinct (i.name, i.email)) as identities,
    string_agg(distinct i.how, ', ' order by i.how) as how, count(distinct i.repo) as repositories, sum(i.commits)::bigint as commits,
    if($names::boolean, string_agg(distinct i.name || ' <' || i.email || '>', ', ' order by i.name || ' <' || i.email || '>'), null) as written_as
from identities as i left join people as p on p.person = i.person
group by i.person, p.name, p.pseudonym, p.kind
having count(distinct (i.name, i.email)) > 1
order by person, i.person
