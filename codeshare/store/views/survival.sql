-- how long lines live ------------------------------------------------------------------------------------

create or replace view line_lives as
with recursive successors as (
    -- line by line: runs are cut differently on both sides
    select
        s.repo, s.succeeds_sha as old_sha, s.succeeds_path as old_path, s.succeeds_line + k.step as old_line, s.merge_sha,
        s.sha, s.path, s.line_start + k.step as line, s.died_at, s.died_merge_sha
    from line_spans as s, unnest(range(s.line_count)) as k(step)
    where s.succeeds_sha is not null and s.landed
),
-- a life goes on where the line replaced was gone with the same landing
chains as (
    select repo, old_sha, old_path, old_line, merge_sha, sha, path, line, died_at, died_merge_sha, 1 as steps from successors
    union all
    select c.repo, c.old_sha, c.old_path, c.old_line, c.merge_sha, s.sha, s.path, s.line, s.died_at, s.died_merge_sha, c.steps + 1
    from chains as c
    join successors as s on s.repo = c.repo and s.old_sha = c.sha and s.old_path = c.path and s.old_line = c.line
        and s.merge_sha = c.died_merge_sha
),
ends as (
    select repo, old_sha, old_path, old_line, merge_sha, died_at
    from chains
    qualify row_number() over (partition by repo, old_sha, old_path, old_line order by steps desc, sha, path, line) = 1
),
touched as (select distinct repo, merge_sha from successors),
gone as materialized (
    select s.* from seen_spans as s semi join touched as t on t.repo = s.repo and t.merge_sha = s.died_merge_sha where s.landed
),
carried as (
    select g.repo, g.sha, g.path, g.line_start, e.died_at, count(*) as lines
    from ends as e
    join gone as g on g.repo = e.repo and g.sha = e.old_sha and g.path = e.old_path and g.died_merge_sha = e.merge_sha
        and e.old_line >= g.line_start and e.old_line < g.line_start + g.line_count
    group by all
),
carried_of as (select repo, sha, path, line_start, sum(lines) as lines from carried group by all),
lived as (
    select s.*, s.line_count::bigint as lines, s.died_at as gone_at, false as is_carried
    from seen_spans as s anti join touched as t on t.repo = s.repo and t.merge_sha = s.died_merge_sha
    where s.landed
    union all
    select g.*, g.line_count - coalesce(c.lines, 0)::bigint, g.died_at, false
    from gone as g
    left join carried_of as c on c.repo = g.repo and c.sha = g.sha and c.path = g.path and c.line_start = g.line_start
    where g.line_count > coalesce(c.lines, 0)
    union all
    select g.*, c.lines, c.died_at, true
    from carried as c
    join gone as g on g.repo = c.repo and g.sha = c.sha and g.path = c.path and g.line_start = c.line_start
),
dated as (
    select
        l.*, s.as_of,
        case when l.gone_at <= s.as_of then greatest(date_diff('second', l.merged_at, l.gone_at), 1) end as seconds,
        case when l.died_at <= s.as_of then greatest(date_diff('second', l.merged_at, l.died_at), 1) end as raw_seconds,
        date_diff('second', l.merged_at, least(s.as_of, coalesce(l.lost_at, s.as_of))) // 86400 as watched_days
    from lived as l
    join scope_settings as s on s.basis = 'landed' and l.merged_at <= s.as_of
    where l.file_class in ('code', 'test', 'docs', 'config')
)
select
    d.repo, d.sha, d.path, d.merged_at, date_trunc('quarter', d.merged_at)::date as quarter,
    d.engineer, d.attribution, d.confidence, d.tool, d.file_class, d.is_moved, d.is_carried, d.lines::bigint as lines,
    least(coalesce((d.seconds + 86399) // 86400, d.watched_days), d.watched_days)::bigint as age_days,
    coalesce((d.seconds + 86399) // 86400 <= d.watched_days, false) as is_dead,
    least(coalesce((d.raw_seconds + 86399) // 86400, d.watched_days), d.watched_days)::bigint as raw_age_days,
    coalesce((d.raw_seconds + 86399) // 86400 <= d.watched_days, false) as raw_is_dead
from dated as d
join merged_commits as c on c.repo = d.repo and c.sha = d.sha
where c.is_new_work;
comment on view line_lives is 'One row per run of landed handwritten lines of new work with one fate: how many whole days each was watched, and whether it died; none on the basis added';
comment on column line_lives.repo is 'Repository';
comment on column line_lives.sha is 'Commit that added the lines';
comment on column line_lives.path is 'File, as that commit left it';
comment on column line_lives.merged_at is 'When the lines landed, UTC: their birth';
comment on column line_lives.quarter is 'First day of the quarter of merged_at: the cohort';
comment on column line_lives.engineer is 'people.person accountable; null: unassigned';
comment on column line_lives.attribution is 'ai, assisted, human (no AI evidence), bot or unknown';
comment on column line_lives.confidence is 'high, medium or low';
comment on column line_lives.tool is 'Agent, assistant or bot named by the evidence';
comment on column line_lives.file_class is 'code, test, docs or config';
comment on column line_lives.is_moved is 'Removed elsewhere in the commit that added them, in a run of three or more';
comment on column line_lives.is_carried is 'A bulk commit replaced them by lines equal but for whitespace, which carry their life on';
comment on column line_lives.lines is 'Lines';
comment on column line_lives.age_days is 'Day of life, from 1, on which they died; of lines alive at as_of the whole days they were watched. A day that is not over at as_of does not count';
comment on column line_lives.is_dead is 'They died on day age_days; false: alive after it, and not watched longer';
comment on column line_lives.raw_age_days is 'As age_days, where a replacement by a bulk commit counts as death';
comment on column line_lives.raw_is_dead is 'As is_dead, likewise';

create or replace view ai_since as
select min(quarter) as since
from (
    select
        quarter, sum(lines) filter (attribution = 'ai') as ai,
        sum(lines) filter (attribution in ('ai', 'assisted', 'human')) as every
    from merged_lines where is_handwritten and is_new_work group by quarter
)
where ai > 0 and ai >= 0.01 * every
having count(*) > 0;
comment on view ai_since is 'One row, none where AI wrote too little: since when lines of AI can be compared with others of the same time';
comment on column ai_since.since is 'First day of the first quarter in which AI wrote at least one in a hundred of the handwritten new-work lines';

create or replace macro survival_in(split_by, is_raw) as table
with lives as (
    select
        case split_by
            when 'all' then 'all'
            when 'repository' then 'repository/' || repo
            when 'tool' then case when attribution in ('ai', 'assisted') then 'tool/' || coalesce(tool, 'Others, unnamed') end
            when 'class' then 'class/' || file_class
            when 'cohort' then 'cohort/' || quarter
            when 'since' then case when quarter >= since then 'since/' || since end
            else error('split: must be all, since, repository, tool, class or cohort.')
        end as scope,
        attribution, repo, sha, lines,
        case when is_raw then raw_age_days else age_days end as age_days,
        case when is_raw then raw_is_dead else is_dead end as is_dead
    from line_lives left join ai_since on true
),
of_commits as (
    select scope, attribution, repo, sha, age_days, sum(lines) as lines, coalesce(sum(lines) filter (is_dead), 0) as deaths
    from lives where scope is not null group by all
),
of_ages as (select scope, attribution, age_days, sum(lines) as lines, sum(deaths) as deaths from of_commits group by all),
-- a commit is at risk as long as one of its lines is
leaving as (
    select scope, attribution, age_days, count(*) as commits
    from (select scope, attribution, repo, sha, max(age_days) as age_days from of_commits group by all)
    group by all
),
counted as (
    select
        a.scope, a.attribution, a.age_days, a.deaths,
        sum(a.lines) over later as lines_at_risk, sum(coalesce(l.commits, 0)) over later as commits_at_risk
    from of_ages as a
    left join leaving as l on l.scope = a.scope and l.attribution = a.attribution and l.age_days = a.age_days
    window later as (partition by a.scope, a.attribution order by a.age_days desc)
)
select
    scope, attribution, age_days::bigint as age_days, lines_at_risk::bigint as lines_at_risk, commits_at_risk::bigint as commits_at_risk,
    deaths::bigint as deaths,
    -- ln(0) is an error: after the last line's death nothing survives
    case when bool_or(deaths = lines_at_risk) over sofar then 0.0
         else exp(sum(case when deaths < lines_at_risk then ln(1 - deaths / lines_at_risk) else 0 end) over sofar) end as survival
from counted
window sofar as (partition by scope, attribution order by age_days)
order by scope, attribution, age_days;
comment on macro table survival_in is 'Lines at risk, deaths and Kaplan-Meier survival by scope, attribution and age; split_by is all, since (as in ai_since), repository, tool, class or cohort (quarter of birth); is_raw: a replacement by a bulk commit counts as death';

create or replace view survival as
select attribution, age_days, lines_at_risk, commits_at_risk, deaths, survival from survival_in('all', false);
comment on view survival is 'One row per attribution and day of life on which a line died or ceased to be watched: the Kaplan-Meier curve over lines';
comment on column survival.attribution is 'ai, assisted, human (no AI evidence), bot or unknown';
comment on column survival.age_days is 'Day of life, from 1; 0: merged less than a day before as_of';
comment on column survival.lines_at_risk is 'Lines that were alive when this day of life began and are watched to its end';
comment on column survival.commits_at_risk is 'Commits that added them';
comment on column survival.deaths is 'Of them: dead by the end of that day';
comment on column survival.survival is 'Share of lines that live longer than that, 0 to 1';

-- what is there now ------------------------------------------------------------------------------------------

create or replace view tip_lines as
select
    t.repo, t.path,
    greatest(t.line_start, t.line_start + l.line_start - t.orig_line) as line_start,
    least(t.orig_line + t.line_count, l.line_start + l.line_count) - greatest(t.orig_line, l.line_start) as lines,
    t.sha, t.orig_path, l.merged_at, l.engineer, l.file_class, l.language,
    l.attribution, l.confidence, l.rule, l.kind, l.tool, l.model,
    l.file_class in ('code', 'test', 'docs', 'config') as is_handwritten,
    coalesce(not c.is_bulk and c.dup_of is null and c.reverts is null and h.sha is null, false) as is_new_work
from tip_blame as t
join line_spans as l on l.repo = t.repo and l.sha = t.sha and l.path = t.orig_path
    and l.line_start < t.orig_line + t.line_count and t.orig_line < l.line_start + l.line_count
    and l.landed and l.died_at is null
join commits as c on c.repo = t.repo and c.sha = t.sha
left join shared_commits as h on h.repo = t.repo and h.sha = t.sha
union all
-- where objects are absent, nobody knows where lines come from
select
    repo, path, line_start, line_count, null, null, null, null, null, null, 'unknown', null, null, null, null, null, null, null
from tip_blame where sha is null;

comment on view tip_lines is 'One row per run of lines at the mined tip with one origin: tip_blame with whose they are; none on the basis added';
comment on column tip_lines.repo is 'Repository';
comment on column tip_lines.path is 'File at the tip';
comment on column tip_lines.line_start is '1-based number of the first line there';
comment on column tip_lines.lines is 'Lines in the run';
comment on column tip_lines.sha is 'Commit that added them; null, as all but attribution: it could not be read';
comment on column tip_lines.orig_path is 'File, as that commit left it';
comment on column tip_lines.merged_at is 'When they reached the branch, UTC';
comment on column tip_lines.engineer is 'people.person accountable; null: unassigned';
comment on column tip_lines.file_class is 'Of the file that they were added to';
comment on column tip_lines.language is 'Language of that file; null: not known';
comment on column tip_lines.attribution is 'ai, assisted, human (no AI evidence), bot or unknown';
comment on column tip_lines.confidence is 'high, medium or low';
comment on column tip_lines.rule is 'The rule that decided';
comment on column tip_lines.kind is 'Step of the evidence that decided; null: none';
comment on column tip_lines.tool is 'Agent, assistant or bot named by the evidence';
comment on column tip_lines.model is 'The model, where the mark names it';
comment on column tip_lines.is_handwritten is 'Whether file_class is code, test, docs or config';
comment on column tip_lines.is_new_work is 'Their commit is neither bulk, nor a duplicate, nor a revert';
