-- question: Which rules found evidence, and what did they decide?
-- grain: one row per rule
-- units: pieces: all evidence it left; commits, lines (handwritten new work): where it decided;
--   engineers: of the commits with such evidence
-- parameters: none
with decided as (
    select rule, any_value(kind) as kind, any_value(tool) as tool, any_value(attribution) as attribution, count(*) as commits
    from merged_commits where rule is not null group by rule
),
lines as (select rule, sum(lines) as lines from merged_lines where is_handwritten and is_new_work and rule is not null group by rule),
pieces as (
    select e.rule, count(*) as pieces, any_value(e.kind) as kind, any_value(e.tool) as tool, any_value(e.attribution) as attribution,
        count(distinct c.engineer) as engineers
    from evidence as e join merged_commits as c on c.repo = e.repo and c.sha = e.sha where e.kind <> 'untimely' group by e.rule
)
select
    rule, coalesce(p.kind, d.kind) as kind, coalesce(p.tool, d.tool) as tool, coalesce(p.attribution, d.attribution) as attribution,
    coalesce(p.pieces, 0) as pieces,
    coalesce(d.commits, 0) as commits, coalesce(l.lines, 0)::bigint as lines, coalesce(p.engineers, 0) as engineers
from decided as d full join pieces as p using (rule) left join lines as l using (rule)
order by commits desc, pieces desc, rule
