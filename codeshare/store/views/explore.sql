-- where lines are counted in explore.html: groups of enough people that leave no small group over ----------------

create or replace macro explore_places(most) as table
with members as materialized (
    select distinct
        c.quarter, c.repo, c.engineer, case when c.engineer is not null then coalesce(m.team, '(no team)') end as team
    from merged_commits as c
    left join memberships as m on m.person = c.engineer
        and coalesce(m.since <= c.day, true) and coalesce(c.day <= m.until, true)
),
-- who may be shown: groups of minimum_engineers or more that leave no small group over when all of them are taken away
active as materialized (from members where engineer is not null and exists (from memberships)),
teams as (select quarter, team, count(distinct engineer) as engineers from active group by all),
-- who is left over when all large groups are shown; if these are few, the smallest of the large ones joins them
leftover_teams as (
    select a.quarter, count(distinct a.engineer) as engineers
    from active as a join teams as t using (quarter, team), scope_settings as s
    where t.engineers < s.minimum_engineers group by a.quarter
),
large_teams as (
    select t.quarter, t.team, coalesce(l.engineers < s.minimum_engineers, false) as is_to_cover,
        row_number() over (partition by t.quarter order by t.engineers, t.team) as size
    from teams as t left join leftover_teams as l using (quarter), scope_settings as s
    where t.engineers >= s.minimum_engineers
),
shown_teams as (select quarter, team from large_teams where not (is_to_cover and size = 1)),
teams_within as (select quarter, repo, team, count(distinct engineer) as engineers from active group by all),
is_large as (
    select c.*, c.engineers >= s.minimum_engineers and t.team is not null as is_large
    from teams_within as c left join shown_teams as t using (quarter, team), scope_settings as s
),
leftover_in_repository as (
    select a.quarter, a.repo, count(distinct a.engineer) as engineers
    from active as a join is_large as c using (quarter, repo, team) where not c.is_large group by all
),
leftover_in_team as (
    select a.quarter, a.team, count(distinct a.engineer) as engineers
    from active as a join is_large as c using (quarter, repo, team) where not c.is_large group by all
),
large_cells as (
    select
        c.quarter, c.repo, c.team, coalesce(r.engineers < s.minimum_engineers, false) as is_to_cover_repository,
        coalesce(t.engineers < s.minimum_engineers, false) as is_to_cover_team,
        row_number() over (partition by c.quarter, c.repo order by c.engineers, c.team) as size_in_repository,
        row_number() over (partition by c.quarter, c.team order by c.engineers, c.repo) as size_in_team
    from is_large as c
    left join leftover_in_repository as r on r.quarter = c.quarter and r.repo = c.repo
    left join leftover_in_team as t on t.quarter = c.quarter and t.team = c.team, scope_settings as s
    where c.is_large
),
sizes as (
    select repo, row_number() over (order by sum(lines) filter (is_handwritten) desc nulls last, repo) as size
    from merged_lines where is_new_work group by repo
),
who as (select distinct repo, engineer from merged_commits where engineer is not null),
peopled as (
    select w.repo, count(*) < any_value(s.minimum_engineers) as is_small, row_number() over (order by count(*), w.repo) as size
    from who as w, scope_settings as s group by w.repo
    having (select count(distinct engineer) from who) >= any_value(s.minimum_engineers)
),
-- who stands behind the small ones together; if these are few, the next larger one joins them
few as (
    select count(*) filter (p.is_small) > 0 and count(distinct w.engineer) filter (p.is_small) < any_value(s.minimum_engineers) as is_to_cover
    from who as w join peopled as p using (repo), scope_settings as s
),
folded as (
    select p.repo from peopled as p, few as f
    where p.is_small or (f.is_to_cover and p.size = (select min(size) from peopled where not is_small))
),
shown as materialized (select repo from sizes where size <= most and repo not in (from folded)),
groups as materialized (
    select quarter, null::varchar as repository, team from shown_teams
    union all
    select quarter, repo, team from large_cells
    where not (is_to_cover_repository and size_in_repository = 1) and not (is_to_cover_team and size_in_team = 1)
),
held as (select distinct quarter, repo, team from members)
select 'repository' as cut, h.quarter, h.repo, h.team, coalesce(s.repo, '(other repositories)') as in_repository, null::varchar as in_team
from held as h left join shown as s using (repo)
union all
select 'team', h.quarter, h.repo, h.team, null, coalesce(g.team, '(other teams)')
from held as h left join groups as g on g.repository is null and g.quarter = h.quarter and g.team = h.team
where exists (from groups)
union all
select 'both', h.quarter, h.repo, h.team, g.repository, g.team
from held as h join groups as g on g.repository = h.repo and g.quarter = h.quarter and g.team = h.team
join shown as s on s.repo = h.repo;
comment on macro table explore_places is 'By cut (repository, team, both): the repository and team among whose lines those of a quarter, repository and team are counted in explore.html, of the largest `most` repositories; too small ones are among others, and within a repository nowhere';
