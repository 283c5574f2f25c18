-- question: How many lines were merged by month, repository or team, class of file and evidence: the cells of explore.html?
-- grain: one row per cut (repository, team or both), repository, team, month, file_class, attribution, confidence, kind and tool
-- units: lines of new work; cut repository: all lines, with the repositories beyond the largest, and those of fewer than
--   minimum_engineers engineers (where the whole has more), as `(other repositories)`; cut team: all
--   lines, those of nobody and of teams too small to be shown as `(other teams)`; cut both: teams within repositories as far as they
--   may be shown, the rest left out; shown is, quarter by quarter, what has minimum_engineers active engineers or more and leaves no
--   smaller group over; a team is that of the day of the merge; file_class other:
--   all that is not handwritten, of whatever attribution; kind: as in evidence_kinds_quarterly; tool: of ai and assisted lines
-- parameters: most integer 250
with
    -- who may be shown: groups of minimum_engineers or more that leave no small group over when all of them are taken away
    active as materialized (
        select distinct c.quarter, c.repo, coalesce(m.team, '(no team)') as team, c.engineer
        from merged_commits as c
        left join memberships as m on m.person = c.engineer
            and coalesce(m.since <= c.day, true) and coalesce(c.day <= m.until, true)
        where c.engineer is not null and exists (from memberships)
    ),
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
    lines as materialized (
        select
            l.quarter, l.month, l.repo, case when l.engineer is not null then coalesce(m.team, '(no team)') end as team,
            case when l.is_handwritten then l.file_class else 'other' end as file_class,
            case when l.is_handwritten then l.attribution end as attribution,
            case when l.is_handwritten and l.attribution in ('ai', 'assisted', 'human') then l.confidence end as confidence,
            case
                when not l.is_handwritten or l.attribution not in ('ai', 'assisted', 'human') then null
                when l.attribution = 'human' and l.confidence = 'high' then 'own_hand'
                when l.attribution = 'human' then 'none'
                when l.kind in ('line_record', 'author', 'trailer') then l.kind
                when l.kind = 'committer' then 'author'
                when l.kind = 'export' then 'trailer'
                when l.kind in ('footer', 'branch') then 'footer_or_branch'
                else 'heuristic'
            end as kind,
            case when l.is_handwritten and l.attribution in ('ai', 'assisted') then coalesce(l.tool, 'Others, unnamed') end as tool,
            sum(l.lines) as lines
        from merged_lines as l
        left join memberships as m on m.person = l.engineer
            and coalesce(m.since <= l.merged_at::date, true) and coalesce(l.merged_at::date <= m.until, true)
        where l.is_new_work
        group by all
    ),
    sizes as (
        select repo, row_number() over (order by sum(lines) filter (file_class <> 'other') desc nulls last, repo) as size
        from lines group by repo
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
    shown as materialized (select repo from sizes where size <= $most::integer and repo not in (from folded)),
    groups as materialized (
        select quarter, null::varchar as repository, team from shown_teams
        union all
        select quarter, repo, team from large_cells
        where not (is_to_cover_repository and size_in_repository = 1) and not (is_to_cover_team and size_in_team = 1)
    ),
    cells as (
        select 'repository' as cut, coalesce(s.repo, '(other repositories)') as repository, null::varchar as team, l.*
            exclude (quarter, repo, team)
        from lines as l left join shown as s using (repo)
        union all
        select 'team', null, coalesce(g.team, '(other teams)'), l.* exclude (quarter, repo, team)
        from lines as l left join groups as g on g.repository is null and g.quarter = l.quarter and g.team = l.team
        where exists (from groups)
        union all
        select 'both', g.repository, g.team, l.* exclude (quarter, repo, team)
        from lines as l join groups as g on g.repository = l.repo and g.quarter = l.quarter and g.team = l.team
        join shown as s on s.repo = l.repo
    )
select
    cut, repository, team, month, file_class, attribution, confidence, kind, tool, sum(lines)::bigint as lines
from cells
group by all
order by all
