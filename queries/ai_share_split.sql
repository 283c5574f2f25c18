-- question: How much of the code merged in each repository, team, owner, folder or class of file, or by each agent, was written by AI?
-- grain: one row per part, the largest first
-- units: lines of handwritten new work; shares are fractions of 1; split is repository, team (of the engineer, on the day it was merged), owner (the first team that CODEOWNERS names, else the first owner), path (folders
--   down to depth, as the commits left the files; `.` stands for the files of a folder itself), class or tool; of a tool the
--   numerators are its own (max_numerator: what no other agent and nobody's own hand is attested for), while denominators,
--   covered, human, bot, unknown_lines and commits are of the whole; until is the first day not counted; path and the commits
--   of a part by path: as in ai_share; unread files of no known class
--   count in every class
-- parameters: split varchar repository, depth integer 1, since date null, until date null, repos varchar[] null, path varchar null, shas varchar[] null
with in_scope as (
    select c.repo, c.sha, c.engineer, c.merged_at, c.is_unknown
    from merged_commits as c
    where ($since::date is null or c.merged_at >= $since::date) and ($until::date is null or c.merged_at < $until::date)
        and ($repos::varchar[] is null or list_contains($repos::varchar[], c.repo))
        and ($shas::varchar[] is null or c.sha in (select unnest($shas::varchar[])))
),
merged as materialized (
    select
        l.repo, l.path, l.file_class, l.engineer, l.merged_at, l.attribution, l.confidence, l.scope, l.tool,
        l.is_handwritten, l.is_attested, l.is_mixed, l.lines
    from merged_lines as l semi join in_scope using (repo, sha)
    where l.is_new_work
        and ($path::varchar is null or l.path glob $path::varchar or starts_with(l.path, rtrim($path::varchar, '/') || '/'))
        and ($since::date is null or l.merged_at >= $since::date) and ($until::date is null or l.merged_at < $until::date)
),
-- a file that could not be read is of the class that it has in other commits
kinds as (select repo, path, any_value(file_class) as file_class from changes group by repo, path),
changed as materialized (
    select t.repo, t.sha, t.path, t.file_class
    from (
        select repo, sha, path, file_class from changes
        union
        select s.repo, s.sha, s.path, kinds.file_class
        from skipped as s left join kinds on kinds.repo = s.repo and kinds.path = s.path
        where s.path is not null
    ) as t
    semi join in_scope using (repo, sha)
    where $path::varchar is null or t.path glob $path::varchar or starts_with(t.path, rtrim($path::varchar, '/') || '/')
),
-- what could not be read and is not named may have been anywhere
anywhere as (
    select repo, sha from in_scope anti join (select repo, sha from skipped where path is not null) using (repo, sha)
    where is_unknown
),
-- a quoted path keeps its quotes, and so does its folder
steps as (
    select path, string_split(trim(path, '"'), '/') as names, starts_with(path, '"') as is_quoted
    from (select path from merged union select path from changed)
    where $split::varchar = 'path'
),
folders as (
    select
        path,
        case when is_quoted and contains(folder, '\') then '"' || folder || '"' else folder end as folder
    from (
        select
            path, is_quoted,
            array_to_string(list_slice(names, 1, least($depth::integer, len(names) - 1)), '/')
            || case when len(names) > $depth::integer then '' when len(names) = 1 then '.' else '/.' end as folder
        from steps
    )
),
-- of the owners of a path the first team counts, else the first
owners as (
    select repo, path, coalesce(min_by(owner, position) filter (owner like '@%/%'), min_by(owner, position)) as owner
    from path_owners group by repo, path
),
lines as (
    select
        m.*,
        case $split::varchar
            when 'repository' then m.repo
            when 'team' then case when m.engineer is null then '(unassigned)' else coalesce(teams.team, '(no team)') end
            when 'owner' then coalesce(owners.owner, '(no owner)')
            when 'path' then folders.folder
            when 'class' then m.file_class
            when 'tool' then case when m.attribution in ('ai', 'assisted') then coalesce(m.tool, 'Others, unnamed') end
            else error('split: must be repository, team, owner, path, class or tool.')
        end as part
    from merged as m
    left join folders on folders.path = m.path
    left join memberships as teams on teams.person = m.engineer
        and coalesce(teams.since <= m.merged_at::date, true) and coalesce(m.merged_at::date <= teams.until, true)
    left join owners on owners.repo = m.repo and owners.path = m.path
),
sums as (
    select
        part,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'ai'), 0)::bigint as ai,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'assisted'), 0)::bigint as assisted,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'human'), 0)::bigint as human,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'bot'), 0)::bigint as bot,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'unknown'), 0)::bigint as unread,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'ai' and confidence <> 'low'), 0)::bigint as sure,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'ai' and confidence = 'high'), 0)::bigint as strict,
        coalesce(sum(lines) filter (is_handwritten and is_attested and confidence <> 'low'), 0)::bigint as attested,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'human' and confidence = 'high'), 0)::bigint as own_hand,
        coalesce(sum(lines) filter (is_handwritten and is_mixed and attribution in ('ai', 'assisted')), 0)::bigint as mixed,
        coalesce(sum(lines) filter (
            is_handwritten and scope = 'commit' and attribution in ('ai', 'assisted')), 0)::bigint as by_commit,
        sum(lines)::bigint as text
    from lines group by part
),
whole as (
    select
        sum(human) as human, sum(bot) as bot, sum(unread) as unread, sum(ai + assisted + human) as of_all,
        sum(ai + assisted + own_hand) as evident, sum(own_hand) as own_hand, sum(attested) as attested, sum(text) as text
    from sums
),
belonging as (
    select c.repo, c.sha, c.is_unknown,
        case $split::varchar
            when 'repository' then c.repo
            when 'team' then case when c.engineer is null then '(unassigned)' else coalesce(teams.team, '(no team)') end
            when 'tool' then ''
        end as part
    from in_scope as c
    left join memberships as teams on teams.person = c.engineer
        and coalesce(teams.since <= c.merged_at::date, true) and coalesce(c.merged_at::date <= teams.until, true)
    where $split::varchar in ('repository', 'team', 'tool')
        and ($path::varchar is null or exists (from changed as t where t.repo = c.repo and t.sha = c.sha)
            or exists (from anywhere as a where a.repo = c.repo and a.sha = c.sha))
    union
    select c.repo, c.sha, c.is_unknown, case $split::varchar when 'path' then folders.folder when 'owner' then coalesce(owners.owner, '(no owner)') else t.file_class end
    from changed as t
    join in_scope as c on c.repo = t.repo and c.sha = t.sha
    left join folders on folders.path = t.path
    left join owners on owners.repo = t.repo and owners.path = t.path
    where $split::varchar in ('path', 'owner', 'class')
),
parts as (select part from sums where part is not null union select part from belonging where part <> ''),
unplaced as (
    select repo, sha from belonging where part is null union
    select repo, sha from anywhere where $split::varchar in ('path', 'owner', 'class')
),
landed as (
    select part, count(distinct (repo, sha)) as commits, count(distinct (repo, sha)) filter (is_unknown) as unknown_commits,
        bool_or(is_unknown and is_placed) as is_unread
    from (
        select part, repo, sha, is_unknown, true as is_placed from belonging where part is not null
        union
        select parts.part, u.repo, u.sha, true, false from unplaced as u, parts
    )
    group by part
),
figures as (
    select
        parts.part, coalesce(s.ai, 0) as ai, coalesce(s.assisted, 0) as assisted, coalesce(s.sure, 0) as sure,
        coalesce(s.strict, 0) as strict, coalesce(s.attested, 0) as attested, coalesce(s.mixed, 0) as mixed,
        coalesce(s.by_commit, 0) as by_commit,
        case when is_tool then w.human else coalesce(s.human, 0) end::bigint as human,
        case when is_tool then w.bot else coalesce(s.bot, 0) end::bigint as bot,
        case when is_tool then w.unread else coalesce(s.unread, 0) end::bigint as unread,
        case when is_tool then w.of_all else coalesce(s.ai + s.assisted + s.human, 0) end::bigint as of_all,
        case when is_tool then w.evident else coalesce(s.ai + s.assisted + s.own_hand, 0) end::bigint as evident,
        case when is_tool then w.own_hand + w.attested - s.attested else coalesce(s.own_hand, 0) end::bigint as elsewhere,
        case when is_tool then w.text else coalesce(s.text, 0) end::bigint as text,
        coalesce(landed.commits, 0) as commits, coalesce(landed.unknown_commits, 0) as unknown_commits,
        coalesce(landed.is_unread, false) as is_unread, is_tool
    from (select part, $split::varchar = 'tool' as is_tool from parts) as parts
    cross join whole as w
    left join sums as s on s.part = parts.part
    left join landed on landed.part = case when is_tool then '' else parts.part end
)
select
    f.part, f.ai, f.assisted, f.human, f.bot, f.unread as unknown_lines,
    f.sure as numerator, f.of_all as denominator, f.sure / nullif(f.of_all, 0) as share,
    f.strict as strict_numerator, f.text as strict_denominator, f.strict / nullif(f.text, 0) as share_strict,
    f.ai + f.assisted as high_numerator, (f.ai + f.assisted) / nullif(f.of_all, 0) as share_high,
    f.attested as min_numerator, f.attested / nullif(f.of_all, 0) as share_min,
    f.of_all - f.elsewhere as max_numerator, (f.of_all - f.elsewhere) / nullif(f.of_all, 0) as share_max,
    f.evident as covered, f.evident / nullif(f.of_all, 0) as coverage,
    f.mixed as mixed_lines, f.by_commit as commit_scope_lines,
    f.commits, f.unknown_commits, f.unknown_commits / nullif(f.commits, 0) as unknown,
    f.unknown_commits > 0.05 * f.commits as is_incomplete, s.basis
from figures as f, scope_settings as s
where f.text > 0 or f.is_unread
order by case when is_tool then f.sure + f.ai + f.assisted else f.of_all end desc, f.text desc, f.part
