-- question: How many lines were merged by month, repository or team, class of file and evidence: the cells of explore.html?
-- grain: one row per cut (repository, team or both), repository, team, month, file_class, attribution, confidence, kind and tool
-- units: lines of new work; cut repository: all lines, with the repositories beyond the largest, and those of fewer than
--   minimum_engineers engineers (where the whole has more), as `(other repositories)`; cut team: all
--   lines, those of nobody and of teams too small to be shown as `(other teams)`; cut both: teams within repositories as far as they
--   may be shown, the rest left out; shown is, quarter by quarter, what has minimum_engineers active engineers or more and leaves no
--   smaller group over; a team is that of the day of the merge; file_class other:
--   all that is not handwritten, of whatever attribution; kind: as in evidence_kinds_quarterly, the committer apart; tool: of ai and assisted lines
-- parameters: most integer 250
with
    places as materialized (from explore_places($most::integer)),
    lines as (
        select
            l.quarter, l.month, l.repo, case when l.engineer is not null then coalesce(m.team, '(no team)') end as team,
            case when l.is_handwritten then l.file_class else 'other' end as file_class,
            case when l.is_handwritten then l.attribution end as attribution,
            case when l.is_handwritten and l.attribution in ('ai', 'assisted', 'human') then l.confidence end as confidence,
            case
                when not l.is_handwritten or l.attribution not in ('ai', 'assisted', 'human') then null
                when l.attribution = 'human' and l.confidence = 'high' then 'own_hand'
                when l.attribution = 'human' then 'none'
                when l.kind in ('line_record', 'author', 'trailer', 'committer') then l.kind
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
    )
select
    p.cut, p.in_repository as repository, p.in_team as team, l.month, l.file_class, l.attribution, l.confidence, l.kind, l.tool,
    sum(l.lines)::bigint as lines
from lines as l
join places as p on p.quarter = l.quarter and p.repo = l.repo and p.team is not distinct from l.team
group by all
order by all
