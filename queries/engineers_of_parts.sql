-- question: How many engineers stand behind each repository, team, owner, folder, class of file and agent?
-- grain: one row per split and part that ever had lines of handwritten new work
-- units: engineers: those accountable for its lines, within the days given; engineers_ever: at any time; parts as in ai_share_split; of an agent: lines with its marks
-- parameters: since date null, until date null
with owners as (
    select repo, path, coalesce(min_by(owner, position) filter (owner like '@%/%'), min_by(owner, position)) as owner
    from path_owners group by repo, path
),
lines as (
    select
        l.repo, l.path, l.file_class, l.engineer, l.tool, l.attribution, l.merged_at,
        string_split(trim(l.path, '"'), '/') as steps, starts_with(l.path, '"') as is_quoted,
        ($since::date is null or l.merged_at >= $since::date) and ($until::date is null or l.merged_at < $until::date) as is_within
    from merged_lines as l
    where l.is_handwritten and l.is_new_work and l.attribution in ('ai', 'assisted', 'human')
),
parted as (
    select 'all' as split, 'all' as part, engineer, is_within from lines
    union all
    select 'repository', repo, engineer, is_within from lines
    union all
    select 'class', file_class, engineer, is_within from lines
    union all
    select 'path', case when len(steps) = 1 then '.' when is_quoted and contains(steps[1], '\') then '"' || steps[1] || '"' else steps[1] end, engineer, is_within
    from lines
    union all
    select 'tool', coalesce(tool, 'Others, unnamed'), engineer, is_within from lines where attribution in ('ai', 'assisted')
    union all
    select 'team', case when l.engineer is null then '(unassigned)' else coalesce(m.team, '(no team)') end, l.engineer, l.is_within
    from lines as l
    left join memberships as m on m.person = l.engineer
        and coalesce(m.since <= l.merged_at::date, true) and coalesce(l.merged_at::date <= m.until, true)
    union all
    select 'owner', coalesce(o.owner, '(no owner)'), l.engineer, l.is_within
    from lines as l left join owners as o on o.repo = l.repo and o.path = l.path
)
select
    split, part, count(distinct engineer) filter (is_within) as engineers, count(distinct engineer) as engineers_ever
from parted group by split, part order by split, part
