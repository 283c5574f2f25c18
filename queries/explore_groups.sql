-- question: How many lines did the teams within repositories merge that explore.html is made of, and which of them are of few engineers?
-- grain: one row per quarter, repository and team
-- units: lines of new work of any class, those of nobody among `(other teams)`; repository and team: as in explore_lines, cut repository and
--   cut team; is_small: fewer than minimum_engineers engineers were active; not for readers: it says what they must not see
-- parameters: most integer 250
with
    places as materialized (from explore_places($most::integer)),
    members as (
        select
            c.quarter, c.repo, c.sha, c.engineer, case when c.engineer is not null then coalesce(m.team, '(no team)') end as team
        from merged_commits as c
        left join memberships as m on m.person = c.engineer and coalesce(m.since <= c.day, true) and coalesce(c.day <= m.until, true)
    ),
    sums as (select repo, sha, sum(lines) as lines from merged_lines where is_new_work group by all)
select
    c.quarter, r.in_repository as repository, coalesce(t.in_team, '(other teams)') as team, coalesce(sum(l.lines), 0)::bigint as lines,
    count(distinct c.engineer) < any_value(s.minimum_engineers) as is_small
from members as c
join places as r on r.cut = 'repository' and r.quarter = c.quarter and r.repo = c.repo and r.team is not distinct from c.team
left join places as t on t.cut = 'team' and t.quarter = c.quarter and t.repo = c.repo and t.team is not distinct from c.team
left join sums as l on l.repo = c.repo and l.sha = c.sha, scope_settings as s
group by c.quarter, r.in_repository, t.in_team
order by all
