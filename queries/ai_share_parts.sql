-- question: How did the share of AI develop in each repository, team, folder, class of file or language, or by each agent?
-- grain: one row per part and period, also where the part has no line in it
-- units: lines of handwritten new work; shares are fractions of 1; split is repository, team (of the engineer, on the day it was merged),
--   owner (as in ai_share_split), path (folders down to depth, as the commits left the files), class, language or tool; of a tool the
--   denominators are those of the whole; engineers: those whose lines these are; shown: parts of other names are one, `All others`;
--   period is day, week, month, quarter or year
-- parameters: split varchar repository, period varchar quarter, depth integer 1, shown varchar[] null
with steps as (
    select path, string_split(trim(path, '"'), '/') as names, starts_with(path, '"') as is_quoted
    from (select distinct path from merged_lines where $split::varchar = 'path')
),
folders as (
    select path, case when is_quoted and contains(folder, '\') then '"' || folder || '"' else folder end as folder
    from (
        select
            path, is_quoted,
            -- before DuckDB 2, no steps at all come to null
            coalesce(array_to_string(list_slice(names, 1, least($depth::integer, len(names) - 1)), '/'), '')
            || case when len(names) > $depth::integer then '' when len(names) = 1 then '.' else '/.' end as folder
        from steps
    )
),
owners as (
    select repo, path, coalesce(min_by(owner, position) filter (owner like '@%/%'), min_by(owner, position)) as owner
    from path_owners group by repo, path
),
named as (
    select
        period_of($period::varchar, l.merged_at) as period, l.attribution, l.confidence, l.is_handwritten, l.is_attested, l.engineer, l.lines,
        case $split::varchar
            when 'repository' then l.repo
            when 'team' then case when l.engineer is null then '(unassigned)' else coalesce(teams.team, '(no team)') end
            when 'owner' then coalesce(owners.owner, '(no owner)')
            when 'path' then folders.folder
            when 'class' then l.file_class
            when 'language' then coalesce(l.language, '(no language)')
            when 'tool' then case when l.attribution in ('ai', 'assisted') then coalesce(l.tool, 'Others, unnamed') end
            else error('split: must be repository, team, owner, path, class, language or tool.')
        end as part
    from merged_lines as l
    left join folders on folders.path = l.path
    left join owners on owners.repo = l.repo and owners.path = l.path
    left join memberships as teams on $split::varchar = 'team' and teams.person = l.engineer
        and coalesce(teams.since <= l.merged_at::date, true) and coalesce(l.merged_at::date <= teams.until, true)
    where l.is_new_work
),
sums as (
    select
        case when part is null or $shown::varchar[] is null or list_contains($shown::varchar[], part) then part else 'All others' end as part,
        period,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'ai'), 0)::bigint as ai,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'assisted'), 0)::bigint as assisted,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'human'), 0)::bigint as human,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'ai' and confidence <> 'low'), 0)::bigint as sure,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'ai' and confidence = 'high'), 0)::bigint as strict,
        coalesce(sum(lines) filter (is_handwritten and is_attested and confidence <> 'low'), 0)::bigint as attested,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'human' and confidence = 'high'), 0)::bigint as own_hand,
        sum(lines)::bigint as text,
        count(distinct engineer) filter (is_handwritten and attribution in ('ai', 'assisted', 'human')) as engineers
    from named group by all
),
whole as (
    select period, sum(ai + assisted + human) as of_all, sum(ai + assisted + own_hand) as evident, sum(own_hand) as own_hand,
        sum(attested) as attested, sum(text) as text
    from sums group by period
),
parts as (select distinct part from sums where part is not null),
periods as (select distinct period from sums),
figures as (
    select
        parts.part, periods.period, coalesce(s.ai, 0) as ai, coalesce(s.assisted, 0) as assisted, coalesce(s.human, 0) as human,
        coalesce(s.sure, 0) as sure, coalesce(s.strict, 0) as strict, coalesce(s.attested, 0) as attested,
        case when is_tool then w.of_all else coalesce(s.ai + s.assisted + s.human, 0) end::bigint as of_all,
        case when is_tool then w.evident else coalesce(s.ai + s.assisted + s.own_hand, 0) end::bigint as evident,
        case when is_tool then w.own_hand + w.attested - coalesce(s.attested, 0) else coalesce(s.own_hand, 0) end::bigint as elsewhere,
        case when is_tool then w.text else coalesce(s.text, 0) end::bigint as text, coalesce(s.engineers, 0) as engineers
    from parts
    cross join periods
    cross join (select $split::varchar = 'tool' as is_tool)
    join whole as w on w.period = periods.period
    left join sums as s on s.part = parts.part and s.period = periods.period
)
select
    f.part, f.period, f.engineers, f.ai, f.assisted, f.human,
    f.sure as numerator, f.of_all as denominator, f.sure / nullif(f.of_all, 0) as share,
    f.strict as strict_numerator, f.text as strict_denominator, f.strict / nullif(f.text, 0) as share_strict,
    f.ai + f.assisted as high_numerator, (f.ai + f.assisted) / nullif(f.of_all, 0) as share_high,
    f.attested as min_numerator, f.attested / nullif(f.of_all, 0) as share_min,
    f.of_all - f.elsewhere as max_numerator, (f.of_all - f.elsewhere) / nullif(f.of_all, 0) as share_max,
    f.evident as covered, f.evident / nullif(f.of_all, 0) as coverage,
    not is_over(period_end($period::varchar, f.period), s.as_of) as is_running, s.basis
from figures as f, scope_settings as s
order by f.part, f.period
