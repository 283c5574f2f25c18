-- question: Where do records claim lines that their commits did not add?
-- grain: one row per repository with such claims
-- units: lines; attested: claimed lines that the commits did add
-- parameters: none
with attested_in as (select repo, sum(line_count)::bigint as attested from evidence where kind = 'line_record' group by repo)
select
    o.repo, count(distinct o.sha) as commits, count(distinct o.path) as files, sum(o.lines)::bigint as overclaimed,
    coalesce(any_value(a.attested), 0) as attested
from overclaimed as o left join attested_in as a using (repo)
group by o.repo
order by overclaimed desc, o.repo
