-- Views and macros over the tables of schema.sql; plain DuckDB, so that any client can read them.
-- No if(): newer versions store it in a form that 1.2 does not read. Terms are those of docs/definitions.md. Shares are fractions of 1; a share without a denominator is null, never 0.

-- scope: what is read, up to when -------------------------------------------------------------------------

create or replace view scope_settings as
with given as (
    select
        max(value) filter (key = 'as_of') as as_of,
        max(value) filter (key = 'baseline_since') as baseline_since,
        max(value) filter (key = 'baseline_until') as baseline_until,
        max(value) filter (key = 'minimum_engineers') as minimum_engineers
    from settings
),
mined as (select max(merged_at) as last_merged_at from commits),
weakest as (select coalesce(bool_and(basis = 'landed'), false) as is_landed from repos)
select
    case
        when given.as_of is null then mined.last_merged_at
        -- a day without a time means all of it; git's times are whole seconds
        when length(given.as_of) = 10 then given.as_of::date + interval 1 day - interval 1 second
        else given.as_of::timestamp
    end as as_of,
    coalesce(given.baseline_since::date, date '2024-01-01') as baseline_since,
    coalesce(given.baseline_until::date, date '2025-01-01') as baseline_until,
    coalesce(given.minimum_engineers::integer, 5) as minimum_engineers,
    case when weakest.is_landed then 'landed' else 'added' end as basis
from given, mined, weakest;
comment on view scope_settings is 'One row: what every other view reads of the settings, defaults filled in';
comment on column scope_settings.as_of is 'The "now" of all figures, UTC: the setting, else the latest merge; later merges are out of scope';
comment on column scope_settings.baseline_since is 'First day of the baseline';
comment on column scope_settings.baseline_until is 'First day after the baseline';
comment on column scope_settings.minimum_engineers is 'With fewer active engineers no interval and no per-engineer chart is given';
comment on column scope_settings.basis is 'landed where every repository has the life of its lines, else added: one basis for all, never mixed';

create or replace macro period_of(part, moment) as
    case when part = 'all' then date '1970-01-01'
         else date_trunc(case when part = 'all' then 'year' else part end, moment)::date end;
comment on macro period_of is 'First day of the day, week, month, quarter or year of a moment; one and the same day for all';

create or replace macro period_end(part, period) as
    (period + case part when 'day' then interval 1 day when 'week' then interval 7 day when 'month' then interval 1 month
                        when 'quarter' then interval 3 month when 'year' then interval 1 year else interval 1000 year end)::date;
comment on macro period_end is 'First day after the period that begins on the given day';

create or replace macro is_over(next_day, as_of) as as_of >= next_day - interval 1 second;
comment on macro is_over is 'Whether the time before next_day has passed at as_of, to git''s second';

create or replace view merged_commits as
select
    c.repo, c.sha, c.merged_at, c.merged_at::date as day,
    date_trunc('month', c.merged_at)::date as month,
    date_trunc('quarter', c.merged_at)::date as quarter,
    c.engineer, c.author, c.attribution, c.confidence, c.scope, c.rule, c.kind, c.tool,
    c.is_mixed, c.is_unknown,
    not c.is_bulk and c.dup_of is null and c.reverts is null as is_new_work,
    c.attribution = 'ai' and (c.scope = 'line' or coalesce(c.kind = 'author', false)) as is_attested,
    s.basis
from commits as c anti join shared_commits using (repo, sha), scope_settings as s
where c.merged_at <= s.as_of;
comment on view merged_commits is 'One row per commit merged by as_of, with the periods and flags that the figures use; in one repository where several hold it';
comment on column merged_commits.repo is 'Repository';
comment on column merged_commits.sha is 'Commit';
comment on column merged_commits.merged_at is 'When its landing reached the branch, UTC';
comment on column merged_commits.day is 'Day of merged_at';
comment on column merged_commits.month is 'First day of the month of merged_at';
comment on column merged_commits.quarter is 'First day of the quarter of merged_at';
comment on column merged_commits.engineer is 'people.person accountable; null: unassigned';
comment on column merged_commits.author is 'people.person who authored it';
comment on column merged_commits.attribution is 'ai, assisted, human, bot or unknown';
comment on column merged_commits.confidence is 'high, medium or low';
comment on column merged_commits.scope is 'line or commit: what the evidence speaks of';
comment on column merged_commits.rule is 'The rule that decided';
comment on column merged_commits.kind is 'Step of the evidence that decided; null: none';
comment on column merged_commits.tool is 'Agent, assistant or bot named by the evidence';
comment on column merged_commits.is_mixed is 'A squash of which only some parts carry marks of AI';
comment on column merged_commits.is_unknown is 'Its changes could not be read';
comment on column merged_commits.is_new_work is 'Neither bulk, nor a duplicate, nor a revert';
comment on column merged_commits.is_attested is 'AI by a record of its lines or authored under an agent''s own identity';
comment on column merged_commits.basis is 'The basis of all figures: added or landed';

-- lines ---------------------------------------------------------------------------------------------------

create or replace view merged_counts as
-- landed lines where the basis is landed, added ones where it is added: never both
select
    g.repo, g.sha, g.path, c.merged_at, c.engineer, c.attribution, c.confidence, c.rule, c.kind, c.tool,
    g.file_class, g.language, g.added as lines, coalesce(g.moved, 0) as moved
from changes as g
join merged_commits as c on c.repo = g.repo and c.sha = g.sha
where g.added > 0 and not g.is_binary and c.basis = 'added'
union all
select
    l.repo, l.sha, l.path, l.merged_at, l.engineer, l.attribution, l.confidence, l.rule, l.kind, l.tool,
    l.file_class, l.language, l.lines, l.moved
from landed_lines as l, scope_settings as s
where s.basis = 'landed' and l.merged_at <= s.as_of;
comment on view merged_counts is 'Merged lines by commit and file on the basis in force, without what belongs to the commit';
comment on column merged_counts.repo is 'Repository';
comment on column merged_counts.sha is 'Commit that added the lines';
comment on column merged_counts.path is 'File, as the commit left it';
comment on column merged_counts.merged_at is 'When the lines reached the branch, UTC';
comment on column merged_counts.engineer is 'people.person accountable; null: unassigned';
comment on column merged_counts.attribution is 'ai, assisted, human (no AI evidence), bot or unknown';
comment on column merged_counts.confidence is 'high, medium or low';
comment on column merged_counts.rule is 'The rule that decided';
comment on column merged_counts.kind is 'Step of the evidence that decided; null: none';
comment on column merged_counts.tool is 'Agent, assistant or bot named by the evidence';
comment on column merged_counts.file_class is 'code, test, docs, config, generated, vendored, lock or data';
comment on column merged_counts.language is 'Language of the file; null: not known';
comment on column merged_counts.lines is 'Lines merged, on the basis in force';
comment on column merged_counts.moved is 'Of lines: removed elsewhere in the same commit, in runs of three or more';

create or replace view merged_lines as
with large as (
    select repo, sha from merged_counts where file_class in ('code', 'test', 'docs', 'config')
    group by repo, sha having sum(lines) > 5000
)
select
    f.repo, f.sha, f.path, f.merged_at,
    date_trunc('month', f.merged_at)::date as month,
    date_trunc('quarter', f.merged_at)::date as quarter,
    f.engineer, c.author, f.attribution, f.confidence,
    case when f.kind = 'line_record' then 'line' else 'commit' end as scope, f.rule, f.kind, f.tool, f.file_class, f.language,
    f.lines::bigint as lines, f.moved::bigint as moved,
    f.file_class in ('code', 'test', 'docs', 'config') as is_handwritten,
    c.is_new_work,
    f.attribution = 'ai' and coalesce(f.kind in ('line_record', 'author'), false) as is_attested,
    c.is_mixed, large.sha is not null and c.is_new_work as is_outlier, c.basis
from merged_counts as f
join merged_commits as c on c.repo = f.repo and c.sha = f.sha
left join large on large.repo = f.repo and large.sha = f.sha;
comment on view merged_lines is 'One row per commit, file and attribution with merged text lines: the base of every share and volume';
comment on column merged_lines.repo is 'Repository';
comment on column merged_lines.sha is 'Commit that added the lines';
comment on column merged_lines.path is 'File, as the commit left it';
comment on column merged_lines.merged_at is 'When the commit''s landing reached the branch, UTC';
comment on column merged_lines.month is 'First day of the month of merged_at';
comment on column merged_lines.quarter is 'First day of the quarter of merged_at';
comment on column merged_lines.engineer is 'people.person accountable; null: unassigned';
comment on column merged_lines.author is 'people.person who authored the commit';
comment on column merged_lines.attribution is 'ai, assisted, human (no AI evidence), bot or unknown';
comment on column merged_lines.confidence is 'high, medium or low';
comment on column merged_lines.scope is 'line or commit: what the evidence speaks of';
comment on column merged_lines.rule is 'The rule that decided';
comment on column merged_lines.kind is 'Step of the evidence that decided; null: none';
comment on column merged_lines.tool is 'Agent, assistant or bot named by the evidence';
comment on column merged_lines.file_class is 'code, test, docs, config, generated, vendored, lock or data';
comment on column merged_lines.language is 'Language of the file; null: not known';
comment on column merged_lines.lines is 'Lines merged, on the basis named';
comment on column merged_lines.moved is 'Of lines: removed elsewhere in the same commit, in runs of three or more';
comment on column merged_lines.is_handwritten is 'Whether file_class is code, test, docs or config';
comment on column merged_lines.is_new_work is 'Neither bulk, nor a duplicate, nor a revert';
comment on column merged_lines.is_attested is 'AI by a record of these lines or authored under an agent''s own identity';
comment on column merged_lines.is_mixed is 'From a squash of which only some parts carry marks of AI';
comment on column merged_lines.basis is 'added: lines added by commits; landed: those of them that the branch received';
comment on column merged_lines.is_outlier is 'From a commit with more than 5,000 handwritten lines of new work';

-- what marks of whole commits are worth --------------------------------------------------------------------

create or replace view recorded_marks as
with recorded as (
    select
        repo, sha, sum(lines)::bigint as lines,
        coalesce(sum(lines) filter (attribution = 'ai' and confidence <> 'low' and kind = 'line_record'), 0)::bigint as agent_lines
    from merged_lines
    where is_handwritten and is_new_work
    group by repo, sha
    having bool_or(kind = 'line_record')
),
-- what the commit would be without its record: its strongest piece, in the order in which rules decide
ranked as (
    select
        e.repo, e.sha, e.attribution, e.kind, coalesce(e.tool, '') as tool, e.confidence,
        row_number() over (partition by e.repo, e.sha order by
            list_position(['author', 'trailer', 'export', 'bot_author', 'committer', 'footer', 'branch', 'heuristic'], e.kind),
            list_position(['ai', 'assisted', 'bot', 'human', 'unknown'], e.attribution),
            list_position(['high', 'medium', 'low'], e.confidence), e.rule, e.excerpt, e.origin) as strength
    from evidence as e semi join recorded using (repo, sha)
    where e.scope = 'commit' and e.kind <> 'untimely'
)
select m.repo, m.sha, m.attribution, m.kind, m.tool, r.agent_lines, r.lines
from ranked as m
join recorded as r on r.repo = m.repo and r.sha = m.sha
join commits as c on c.repo = m.repo and c.sha = m.sha
-- of a squash the parts' marks cannot be told from the whole's
where m.strength = 1 and m.attribution in ('ai', 'assisted') and m.confidence <> 'low' and m.kind <> 'author' and not c.is_squash;
comment on view recorded_marks is 'One row per commit that has both a mark of the commit as a whole and a record that names the writer of a line of it: what calibration is estimated from';
comment on column recorded_marks.repo is 'Repository';
comment on column recorded_marks.sha is 'Commit';
comment on column recorded_marks.attribution is 'What the mark says: ai or assisted';
comment on column recorded_marks.kind is 'Step of evidence of the mark';
comment on column recorded_marks.tool is 'Agent or assistant that the mark names; empty: none';
comment on column recorded_marks.agent_lines is 'Of lines: by the record an agent''s';
comment on column recorded_marks.lines is 'Its handwritten new-work lines';

create or replace view calibration as
with split as (
    select regexp_extract(scope, '^([^/]*)/([^/]*)/(.*)$', ['attribution', 'kind', 'tool']) as mark, value, low, high, n, method
    from estimates where metric = 'agent_part'
)
select mark.attribution, mark.kind, mark.tool, value as part, low, high, n as commits, method from split
order by mark.attribution, mark.kind, mark.tool;
comment on view calibration is 'One row per mark: the part of a marked commit''s lines that records say is the agent''s';
comment on column calibration.attribution is 'What the mark says: ai or assisted';
comment on column calibration.kind is 'Step of evidence of the mark';
comment on column calibration.tool is 'Agent or assistant that it names; empty: of whatever tool, for those without a row of their own';
comment on column calibration.part is 'The agent''s part, 0 to 1';
comment on column calibration.low is 'Its 95 % interval, lower end';
comment on column calibration.high is 'Its 95 % interval, upper end';
comment on column calibration.commits is 'Commits behind it';
comment on column calibration.method is 'How the interval was made, where of this database''s own records; else that it was shipped, and from which repositories';

-- the share of AI -----------------------------------------------------------------------------------------

create or replace macro ai_share_in(part, first_day, end_day, in_repos, path_glob, in_shas) as table
with scope as (
    select as_of, basis, least(as_of, coalesce(end_day::timestamp - interval 1 second, as_of)) as until from scope_settings
),
landed as (
    select period_of(part, c.merged_at) as period, count(*) as commits, count(*) filter (c.is_unknown) as unknown_commits
    from merged_commits as c
    where (first_day is null or c.merged_at >= first_day) and (end_day is null or c.merged_at < end_day)
        and (in_repos is null or list_contains(in_repos::varchar[], c.repo))
        and (in_shas is null or c.sha in (select unnest(in_shas::varchar[])))
    group by period
),
-- a mark of a whole commit counts for the part that records say is the agent's; 1 where a line or an author is named
marked as (
    select
        l.*, l.attribution in ('ai', 'assisted') and l.confidence <> 'low'
            and coalesce(l.kind, '') not in ('line_record', 'author') as is_mark,
        coalesce(t.part, k.part) as agents, coalesce(t.low, k.low, 0) as agents_low, coalesce(t.high, k.high, 1) as agents_high,
        (l.attribution = 'ai' and l.confidence <> 'low')::integer as counted
    from merged_lines as l
    left join calibration as t on t.attribution = l.attribution and t.kind = l.kind and t.tool = l.tool
    left join calibration as k on k.attribution = l.attribution and k.kind = l.kind and k.tool = ''
),
lines as (
    select
        period_of(part, l.merged_at) as period,
        round(sum(l.lines * case when l.is_mark then coalesce(l.agents, l.counted) else l.counted end) filter (l.is_handwritten), 6) as calibrated,
        round(sum(l.lines * case when l.is_mark then l.agents_low else l.counted end) filter (l.is_handwritten), 6) as calibrated_low,
        round(sum(l.lines * case when l.is_mark then l.agents_high else l.counted end) filter (l.is_handwritten), 6) as calibrated_high,
        sum(l.lines) filter (l.is_handwritten and l.is_mark and l.agents is null) as uncalibrated,
        sum(l.lines) filter (l.is_handwritten and l.attribution = 'ai') as ai,
        sum(l.lines) filter (l.is_handwritten and l.attribution = 'assisted') as assisted,
        sum(l.lines) filter (l.is_handwritten and l.attribution = 'human') as human,
        sum(l.lines) filter (l.is_handwritten and l.attribution = 'bot') as bot,
        sum(l.lines) filter (l.is_handwritten and l.attribution = 'unknown') as unread,
        sum(l.lines) filter (l.is_handwritten and l.attribution = 'ai' and l.confidence <> 'low') as sure,
        sum(l.lines) filter (l.is_handwritten and l.attribution = 'ai' and l.confidence = 'high') as strict,
        sum(l.lines) filter (l.is_handwritten and l.is_attested and l.confidence <> 'low') as attested,
        sum(l.lines) filter (l.is_handwritten and l.attribution = 'human' and l.confidence = 'high') as own_hand,
        sum(l.lines) filter (l.is_handwritten and l.is_mixed and l.attribution in ('ai', 'assisted')) as mixed,
        sum(l.lines) filter (l.is_handwritten and l.scope = 'commit' and l.attribution in ('ai', 'assisted')) as whole,
        sum(l.lines) as text
    from marked as l
    where l.is_new_work
        and (first_day is null or l.merged_at >= first_day) and (end_day is null or l.merged_at < end_day)
        and (in_repos is null or list_contains(in_repos::varchar[], l.repo))
        and (path_glob is null or l.path glob path_glob::varchar or starts_with(l.path, rtrim(path_glob::varchar, '/') || '/'))
        and (in_shas is null or l.sha in (select unnest(in_shas::varchar[])))
    group by period
),
-- periods in which nothing was merged have a row, so that a series has no holes
bounds as (select min(landed.period) as first_period, max(period_of(part, scope.until)) as last_period from landed, scope),
calendar as (
    select distinct period_of(part, day) as period
    from (select unnest(generate_series(first_period, last_period, interval 1 day)) as day from bounds)
),
filled as (
    select
        calendar.period, coalesce(landed.commits, 0) as commits, coalesce(landed.unknown_commits, 0) as unknown_commits,
        coalesce(ai, 0)::bigint as ai, coalesce(assisted, 0)::bigint as assisted, coalesce(human, 0)::bigint as human,
        coalesce(bot, 0)::bigint as bot, coalesce(unread, 0)::bigint as unread, coalesce(sure, 0)::bigint as sure,
        coalesce(strict, 0)::bigint as strict, coalesce(attested, 0)::bigint as attested,
        coalesce(own_hand, 0)::bigint as own_hand, coalesce(mixed, 0)::bigint as mixed,
        coalesce(whole, 0)::bigint as whole, coalesce(text, 0)::bigint as text,
        calibrated, calibrated_low, calibrated_high, coalesce(uncalibrated, 0)::bigint as uncalibrated
    from calendar
    left join landed on landed.period = calendar.period
    left join lines on lines.period = calendar.period
),
figures as (
    select
        *, ai + assisted + human as of_all, ai + assisted + own_hand as evident,
        uncalibrated <= 0.01 * (ai + assisted + human) as is_calibrated
    from filled
)
select
    case when part <> 'all' then figures.period end as period,
    ai, assisted, human, bot, unread as unknown_lines,
    sure as numerator, of_all as denominator, sure / nullif(of_all, 0) as share,
    strict as strict_numerator, text as strict_denominator, strict / nullif(text, 0) as share_strict,
    ai + assisted as high_numerator, (ai + assisted) / nullif(of_all, 0) as share_high,
    attested as min_numerator, attested / nullif(of_all, 0) as share_min,
    of_all - own_hand as max_numerator, (of_all - own_hand) / nullif(of_all, 0) as share_max,
    evident as covered, evident / nullif(of_all, 0) as coverage,
    mixed as mixed_lines, whole as commit_scope_lines,
    case when is_calibrated then calibrated / nullif(of_all, 0) end as share_calibrated,
    case when is_calibrated then calibrated_low / nullif(of_all, 0) end as share_calibrated_low,
    case when is_calibrated then calibrated_high / nullif(of_all, 0) end as share_calibrated_high,
    uncalibrated as uncalibrated_lines,
    commits, unknown_commits, unknown_commits / nullif(commits, 0) as unknown,
    unknown_commits > 0.05 * commits as is_incomplete,
    part <> 'all' and not is_over(period_end(part, figures.period), scope.as_of) as is_running,
    scope.basis
from figures, scope
order by figures.period;
comment on macro table ai_share_in is 'The share of AI by day, week, month, quarter, year or all, within days, repositories, a path pattern or folder, and commits; null: no limit';

create or replace macro ai_share_split_in(split_by, path_depth, first_day, end_day, in_repos, path_glob, in_shas) as table
with in_scope as (
    select c.repo, c.sha, c.engineer, c.merged_at, c.is_unknown
    from merged_commits as c
    where (first_day is null or c.merged_at >= first_day) and (end_day is null or c.merged_at < end_day)
        and (in_repos is null or list_contains(in_repos::varchar[], c.repo))
        and (in_shas is null or c.sha in (select unnest(in_shas::varchar[])))
),
merged as materialized (
    select
        l.repo, l.sha, l.path, l.file_class, l.engineer, l.merged_at, l.attribution, l.confidence, l.scope, l.tool,
        l.is_handwritten, l.is_attested, l.is_mixed, l.lines
    from merged_lines as l semi join in_scope using (repo, sha)
    where l.is_new_work
        and (path_glob is null or l.path glob path_glob::varchar or starts_with(l.path, rtrim(path_glob::varchar, '/') || '/'))
        and (first_day is null or l.merged_at >= first_day) and (end_day is null or l.merged_at < end_day)
),
-- a file that could not be read is of the class that it has in other commits
kinds as (select repo, path, any_value(file_class) as file_class from changes group by repo, path),
changed as materialized (
    select t.repo, t.sha, t.path, t.file_class
    from (
        select repo, sha, path, file_class from changes
        union all
        select s.repo, s.sha, s.path, kinds.file_class
        from skipped as s left join kinds on kinds.repo = s.repo and kinds.path = s.path
        where s.path is not null
    ) as t
    semi join in_scope using (repo, sha)
    where path_glob is null or t.path glob path_glob::varchar or starts_with(t.path, rtrim(path_glob::varchar, '/') || '/')
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
    where split_by = 'path'
),
folders as (
    select
        path,
        case when is_quoted and contains(folder, '\') then '"' || folder || '"' else folder end as folder
    from (
        select
            path, is_quoted,
            -- before DuckDB 2, no steps at all come to null
            coalesce(array_to_string(list_slice(names, 1, least(path_depth, len(names) - 1)), '/'), '')
            || case when len(names) > path_depth then '' when len(names) = 1 then '.' else '/.' end as folder
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
        case split_by
            when 'repository' then m.repo
            when 'team' then case when m.engineer is null then '(unassigned)' else coalesce(teams.team, '(no team)') end
            when 'owner' then coalesce(owners.owner, '(no owner)')
            when 'path' then folders.folder
            when 'file' then m.path
            when 'commit' then m.sha
            when 'class' then m.file_class
            when 'tool' then case when m.attribution in ('ai', 'assisted') then coalesce(m.tool, 'Others, unnamed') end
            else error('split: must be repository, team, owner, path, file, commit, class or tool.')
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
        case split_by
            when 'repository' then c.repo
            when 'team' then case when c.engineer is null then '(unassigned)' else coalesce(teams.team, '(no team)') end
            when 'commit' then c.sha
            when 'tool' then ''
        end as part
    from in_scope as c
    left join memberships as teams on teams.person = c.engineer
        and coalesce(teams.since <= c.merged_at::date, true) and coalesce(c.merged_at::date <= teams.until, true)
    where split_by in ('repository', 'team', 'commit', 'tool')
        and (path_glob is null or exists (from changed as t where t.repo = c.repo and t.sha = c.sha)
            or exists (from anywhere as a where a.repo = c.repo and a.sha = c.sha))
    union all
    select c.repo, c.sha, c.is_unknown, case split_by when 'path' then folders.folder when 'file' then t.path when 'owner' then coalesce(owners.owner, '(no owner)') else t.file_class end
    from changed as t
    join in_scope as c on c.repo = t.repo and c.sha = t.sha
    left join folders on folders.path = t.path
    left join owners on owners.repo = t.repo and owners.path = t.path
    where split_by in ('path', 'file', 'owner', 'class')
),
parts as (select part from sums where part is not null union select part from belonging where part <> ''),
unplaced as (
    select repo, sha from belonging where part is null union
    select repo, sha from anywhere where split_by in ('path', 'file', 'owner', 'class')
),
of_commits as (
    select part, repo, sha, bool_or(is_unknown) as is_unknown, bool_or(is_unknown and is_placed) as is_unread
    from (
        select part, repo, sha, is_unknown, true as is_placed from belonging where part is not null
        union all
        select parts.part, u.repo, u.sha, true, false from unplaced as u, parts
    )
    group by part, repo, sha
),
landed as (
    select part, count(*) as commits, count(*) filter (is_unknown) as unknown_commits, bool_or(is_unread) as is_unread
    from of_commits group by part
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
    from (select part, split_by = 'tool' as is_tool from parts) as parts
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
order by case when is_tool then f.sure + f.ai + f.assisted else f.of_all end desc, f.text desc, f.part;
comment on macro table ai_share_split_in is 'The share of AI by repository, team, owner, path, file, commit, class or tool, within days, repositories, a path pattern or folder, and commits; null: no limit';
