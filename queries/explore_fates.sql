-- question: What became of merged lines, and who reviewed them, by month, repository or team, class of file, attribution and agent?
-- grain: one row per cut (repository, team or both), repository, team, month, file_class, attribution, tool and measure
-- units: lines of handwritten new work, by the month in which they landed; cut, repository and team: as in explore_lines; measure:
--   landed: all; gone_14: gone within 14 days; gone_90_by_ai and the like: within 90, by the attribution of what removed them;
--   revert_seen: of commits whose 30 days are over, reverted: of those, in commits reverted within them; fix_seen: of code, their 90
--   days over, fixed: of those, changed by a fix within them; review_known: of commits of which a review would be on record,
--   reviewed: of those, with another person as reviewer; merger_known: of which it is known who merged them, own_merge: of
--   those, their own engineer; none on the basis added
-- parameters: most integer 250
with
    places as materialized (from explore_places($most::integer)),
    followed as (
        select
            f.repo, f.sha, f.quarter, f.month, f.engineer, f.merged_at, f.file_class, f.attribution, f.tool, f.lines,
            f.died_at <= f.merged_at + interval 14 day as is_gone_14,
            case when f.died_at <= f.merged_at + interval 90 day then remover.attribution end as gone_90_by
        from followed_lines as f
        left join commits as remover on remover.repo = f.repo and remover.sha = f.died_sha
    ),
    -- all of a commit's lines share what is said of the commit
    told as materialized (
        select
            f.repo, f.quarter, f.month, f.engineer, f.merged_at::date as day, f.file_class, f.attribution, f.tool, f.is_gone_14, f.gone_90_by,
            r.is_reverted, v.is_reviewed, v.is_merged_by_author, sum(f.lines) as lines
        from followed as f
        left join revert_exposure as r on r.repo = f.repo and r.sha = f.sha
        left join commit_review as v on v.repo = f.repo and v.sha = f.sha
        group by all
    ),
    tools as (select repo, sha, path, attribution, any_value(tool) as tool from merged_lines group by repo, sha, path, attribution),
    code as (
        select
            x.repo, x.quarter, date_trunc('month', x.merged_at)::date as month, c.engineer, x.merged_at::date as day, 'code' as file_class,
            x.attribution, t.tool, sum(x.lines) as seen, sum(least(x.fixed_90, x.lines)) as fixed
        from defect_exposure as x
        join merged_commits as c on c.repo = x.repo and c.sha = x.sha
        left join tools as t on t.repo = x.repo and t.sha = x.sha and t.path = x.path and t.attribution = x.attribution
        where x.is_closed_90
        group by all
    ),
    measured as (
        select * exclude (lines, is_gone_14, gone_90_by, is_reverted, is_reviewed, is_merged_by_author), unnest([
            {'measure': 'landed', 'lines': lines},
            {'measure': 'gone_14', 'lines': case when is_gone_14 then lines end},
            {'measure': 'gone_90_by_' || gone_90_by, 'lines': case when gone_90_by is not null then lines end},
            {'measure': 'revert_seen', 'lines': case when is_reverted is not null then lines end},
            {'measure': 'reverted', 'lines': case when is_reverted then lines end},
            {'measure': 'review_known', 'lines': case when is_reviewed is not null then lines end},
            {'measure': 'reviewed', 'lines': case when is_reviewed then lines end},
            {'measure': 'merger_known', 'lines': case when is_merged_by_author is not null then lines end},
            {'measure': 'own_merge', 'lines': case when is_merged_by_author then lines end}
        ], recursive := true)
        from told
        union all
        select * exclude (seen, fixed), unnest([{'measure': 'fix_seen', 'lines': seen}, {'measure': 'fixed', 'lines': fixed}], recursive := true)
        from code
    ),
    teamed as (
        select
            x.quarter, x.month, x.repo, case when x.engineer is not null then coalesce(m.team, '(no team)') end as team, x.file_class,
            x.attribution, case when x.attribution in ('ai', 'assisted') then coalesce(x.tool, 'Others, unnamed') end as tool, x.measure,
            sum(x.lines) as lines
        from measured as x
        left join memberships as m on m.person = x.engineer and coalesce(m.since <= x.day, true) and coalesce(x.day <= m.until, true)
        where x.lines is not null
        group by all
    )
select
    p.cut, p.in_repository as repository, p.in_team as team, l.month, l.file_class, l.attribution, l.tool, l.measure,
    sum(l.lines)::bigint as lines
from teamed as l
join places as p on p.quarter = l.quarter and p.repo = l.repo and p.team is not distinct from l.team
group by all
having sum(l.lines) > 0
order by all
