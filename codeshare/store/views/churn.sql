-- what became of the lines --------------------------------------------------------------------------------

create or replace macro line_fates(raw) as table
with recursive born as (
    select
        l.repo, l.sha, l.path, l.line_start, l.line_count, l.merged_at, l.file_class, l.engineer, l.attribution, l.tool,
        l.died_at, l.died_sha, coalesce(l.died_path, l.path) as died_path, s.as_of
    from seen_spans as l
    join scope_settings as s on s.basis = 'landed' and l.merged_at <= s.as_of
    join merged_commits as c on c.repo = l.repo and c.sha = l.sha
    where l.landed and l.file_class in ('code', 'test', 'docs', 'config') and c.is_new_work
        and coalesce(l.lost_at > least(l.merged_at + interval 90 day, s.as_of), true)
),
heirs as materialized (
    select
        l.repo, l.succeeds_sha, l.succeeds_path, l.succeeds_line, l.sha, l.path, l.line_start, l.line_count,
        l.died_at, l.died_sha, coalesce(l.died_path, l.path) as died_path
    from seen_spans as l, scope_settings as s
    where not raw and l.landed and l.succeeds_sha is not null and l.merged_at <= s.as_of
),
-- lines that a bulk commit only reformatted: each step takes them from one fate and gives them another
carried as (
    select
        b.repo, b.sha, b.merged_at, b.file_class, b.engineer, b.attribution, b.tool, b.as_of,
        b.died_at as was_died_at, b.died_sha as was_died_sha, b.died_path as was_died_path,
        h.died_at, h.died_sha, h.died_path, h.sha as heir_sha, h.path as heir_path,
        h.line_start + greatest(b.line_start, h.succeeds_line) - h.succeeds_line as heir_line,
        least(b.line_start + b.line_count, h.succeeds_line + h.line_count) - greatest(b.line_start, h.succeeds_line) as lines,
        1 as step
    from born as b
    join heirs as h on h.repo = b.repo and h.succeeds_sha = b.sha and h.succeeds_path = b.path
        and h.succeeds_line < b.line_start + b.line_count and b.line_start < h.succeeds_line + h.line_count
    where b.died_sha is not null
    union all
    select
        b.repo, b.sha, b.merged_at, b.file_class, b.engineer, b.attribution, b.tool, b.as_of,
        b.died_at, b.died_sha, b.died_path, h.died_at, h.died_sha, h.died_path, h.sha, h.path,
        h.line_start + greatest(b.heir_line, h.succeeds_line) - h.succeeds_line,
        least(b.heir_line + b.lines, h.succeeds_line + h.line_count) - greatest(b.heir_line, h.succeeds_line),
        b.step + 1
    from carried as b
    join heirs as h on h.repo = b.repo and h.succeeds_sha = b.heir_sha and h.succeeds_path = b.heir_path
        and h.succeeds_line < b.heir_line + b.lines and b.heir_line < h.succeeds_line + h.line_count
    where b.step < 100
),
followed as (
    select
        repo, sha, merged_at, file_class, engineer, attribution, tool, as_of, died_at, died_sha, died_path, line_count as lines
    from born
    union all
    select repo, sha, merged_at, file_class, engineer, attribution, tool, as_of, was_died_at, was_died_sha, was_died_path, -lines
    from carried
    union all
    select repo, sha, merged_at, file_class, engineer, attribution, tool, as_of, died_at, died_sha, died_path, lines
    from carried
)
select
    repo, sha, merged_at, date_trunc('month', merged_at)::date as month, date_trunc('quarter', merged_at)::date as quarter,
    file_class, engineer, attribution, tool,
    case when died_at <= as_of then died_at end as died_at, case when died_at <= as_of then died_sha end as died_sha,
    case when died_at <= as_of then died_path end as died_path, lines, as_of
from followed;
comment on macro table line_fates is 'Landed handwritten new-work lines with when and by which commit they went; sum lines over them, for what a bulk commit only reformatted is taken from one row (negative) and given to another, unless raw; none on the basis added';

create or replace view followed_lines as from line_fates(false);
comment on view followed_lines is 'One row per landed handwritten new-work line run and fate, reformatting followed: line_fates(false)';
comment on column followed_lines.repo is 'Repository';
comment on column followed_lines.sha is 'Commit that added the lines';
comment on column followed_lines.merged_at is 'When they landed, UTC';
comment on column followed_lines.month is 'First day of the month of merged_at';
comment on column followed_lines.quarter is 'First day of the quarter of merged_at';
comment on column followed_lines.file_class is 'code, test, docs or config';
comment on column followed_lines.engineer is 'people.person accountable; null: unassigned';
comment on column followed_lines.attribution is 'ai, assisted, human (no AI evidence), bot or unknown';
comment on column followed_lines.tool is 'Agent, assistant or bot named by the evidence';
comment on column followed_lines.died_at is 'When they went, UTC; null: alive at as_of';
comment on column followed_lines.died_sha is 'Commit that removed them; null: alive at as_of';
comment on column followed_lines.died_path is 'File from which they went; null: alive at as_of';
comment on column followed_lines.lines is 'Lines; negative where a bulk commit only reformatted them and another row carries them on';
comment on column followed_lines.as_of is 'The last moment that counts, UTC';

-- churn ---------------------------------------------------------------------------------------------------

create or replace macro churn_by(part, raw) as table
with fates as (
    select period_of(part, merged_at) as landed_in, * from followed_lines where not raw
    union all
    select period_of(part, merged_at) as landed_in, * from line_fates(true) where raw
),
counted as (
    select
        landed_in as period, coalesce(fates.attribution, 'all') as attribution, any_value(as_of) as as_of,
        sum(lines)::bigint as lines,
        coalesce(sum(lines) filter (died_at <= merged_at + interval 14 day), 0)::bigint as gone_14,
        coalesce(sum(lines) filter (died_at <= merged_at + interval 21 day), 0)::bigint as gone_21,
        coalesce(sum(lines) filter (died_at <= merged_at + interval 30 day), 0)::bigint as gone_30,
        coalesce(sum(lines) filter (died_at <= merged_at + interval 90 day), 0)::bigint as gone_90
    from fates
    group by grouping sets ((landed_in, fates.attribution), (landed_in))
),
closed as (
    select
        *,
        is_over(period_end(part, period) + interval 14 day, as_of) as is_complete_14,
        is_over(period_end(part, period) + interval 21 day, as_of) as is_complete_21,
        is_over(period_end(part, period) + interval 30 day, as_of) as is_complete_30,
        is_over(period_end(part, period) + interval 90 day, as_of) as is_complete_90
    from counted
)
select
    period, attribution, lines, gone_14, gone_21, gone_30, gone_90,
    case when is_complete_14 then gone_14 / nullif(lines, 0) end as churn_14,
    case when is_complete_21 then gone_21 / nullif(lines, 0) end as churn_21,
    case when is_complete_30 then gone_30 / nullif(lines, 0) end as churn_30,
    case when is_complete_90 then gone_90 / nullif(lines, 0) end as churn_90,
    is_complete_14, is_complete_21, is_complete_30, is_complete_90
from closed
order by period, list_position(['all', 'ai', 'assisted', 'human', 'bot', 'unknown'], attribution);
comment on macro table churn_by is 'Lines gone again within 14, 21, 30 and 90 days of landing, by day, week, month, quarter or year of landing and attribution; columns as in churn_monthly; raw: reformatting is a death';

create or replace view churn_monthly as from churn_by('month', false);
comment on view churn_monthly is 'One row per month of landing and attribution, and one for all: the part of its handwritten new-work lines that went again soon; none on the basis added';
comment on column churn_monthly.period is 'First day of the month in which the lines landed';
comment on column churn_monthly.attribution is 'Of the lines: ai, assisted, human (no AI evidence), bot, unknown; all: every line';
comment on column churn_monthly.lines is 'Landed handwritten new-work lines';
comment on column churn_monthly.gone_14 is 'Of lines: gone within 14 days, as far as seen at as_of';
comment on column churn_monthly.gone_21 is 'Of lines: gone within 21 days, as far as seen at as_of';
comment on column churn_monthly.gone_30 is 'Of lines: gone within 30 days, as far as seen at as_of';
comment on column churn_monthly.gone_90 is 'Of lines: gone within 90 days, as far as seen at as_of';
comment on column churn_monthly.churn_14 is 'gone_14 / lines; null: the window of the month''s last lines has not closed at as_of';
comment on column churn_monthly.churn_21 is 'gone_21 / lines; null likewise';
comment on column churn_monthly.churn_30 is 'gone_30 / lines; null likewise';
comment on column churn_monthly.churn_90 is 'gone_90 / lines; null likewise';
comment on column churn_monthly.is_complete_14 is 'The month ended 14 days or more before as_of';
comment on column churn_monthly.is_complete_21 is 'The month ended 21 days or more before as_of';
comment on column churn_monthly.is_complete_30 is 'The month ended 30 days or more before as_of';
comment on column churn_monthly.is_complete_90 is 'The month ended 90 days or more before as_of';

-- rework --------------------------------------------------------------------------------------------------

create or replace macro rework_by_commit(raw) as table
with gone as (
    select
        repo, sha, engineer, attribution, died_sha, died_path, sum(lines)::bigint as lines,
        coalesce(sum(lines) filter (died_at <= merged_at + interval 90 day and merged_at + interval 90 day <= as_of), 0)::bigint as lines_90
    from (from followed_lines where not raw union all from line_fates(true) where raw)
    where died_sha is not null
    group by repo, sha, engineer, attribution, died_sha, died_path
),
grown as (
    select repo, sha, path from changes where added > 0
    union
    select repo, sha, old_path from changes where added > 0 and old_path is not null
)
select
    gone.repo, gone.sha, gone.attribution, gone.lines, gone.lines_90,
    remover.attribution as remover_attribution,
    case
        when remover.attribution = 'ai' then 'agent'
        when remover.attribution = 'bot' then 'bot'
        when remover.attribution = 'unknown' then 'unknown'
        when remover.engineer is null then 'unassigned'
        when remover.engineer = gone.engineer then 'same engineer'
        else 'another engineer'
    end as remover,
    -- what a merge itself removes, or what could not be read, has no row of changes: it cannot be told
    case when not remover.is_merge and not remover.is_unknown then grown.sha is null end as is_deletion
from gone
join commits as remover on remover.repo = gone.repo and remover.sha = gone.died_sha
left join grown on grown.repo = gone.repo and grown.sha = gone.died_sha and grown.path = gone.died_path;
comment on macro table rework_by_commit is 'Lines that went, by the commit that added them and by who removed them; columns as in rework';

create or replace view removed_lines as from rework_by_commit(false);
comment on view removed_lines is 'One row per commit that added lines, attribution of these, file in which they went and commit that removed them, without the names of the latter two; 0 lines where all went on reformatted: rework_by_commit(false)';
comment on column removed_lines.repo is 'Repository';
comment on column removed_lines.sha is 'Commit that added the lines';
comment on column removed_lines.attribution is 'Of the lines that went: ai, assisted, human (no AI evidence), bot, unknown';
comment on column removed_lines.lines is 'Lines that went by as_of, whenever they landed';
comment on column removed_lines.lines_90 is 'Lines that went within 90 days of landing, of those that landed 90 days or more before as_of';
comment on column removed_lines.remover_attribution is 'Of the commit that removed them';
comment on column removed_lines.remover is 'As in rework';
comment on column removed_lines.is_deletion is 'The removing commit added no line to the file; null: it cannot be told';

create or replace view rework as
with summed as (
    select
        attribution, remover_attribution, remover,
        sum(lines_90)::bigint as lines_90, coalesce(sum(lines_90) filter (is_deletion), 0)::bigint as deleted_90,
        sum(lines)::bigint as lines, coalesce(sum(lines) filter (is_deletion), 0)::bigint as deleted
    from removed_lines
    group by attribution, remover_attribution, remover
)
from summed
where lines > 0
order by
    list_position(['ai', 'assisted', 'human', 'bot', 'unknown'], attribution),
    list_position(['ai', 'assisted', 'human', 'bot', 'unknown'], remover_attribution), remover;
comment on view rework is 'One row per attribution of lines that went and attribution and kind of whoever removed them: landed handwritten new-work lines; none on the basis added';
comment on column rework.attribution is 'Of the lines that went: ai, assisted, human (no AI evidence), bot, unknown';
comment on column rework.remover_attribution is 'Of the commit that removed them';
comment on column rework.remover is 'agent: a commit attributed ai; bot; unknown: it could not be read; else same engineer (accountable for both), another engineer, unassigned (nobody is accountable)';
comment on column rework.lines_90 is 'Lines that went within 90 days of landing, of those that landed 90 days or more before as_of';
comment on column rework.deleted_90 is 'Of lines_90: the removing commit added no line to the file, so that they were deleted rather than rewritten; what a merge itself or a commit that could not be read removed is not among them';
comment on column rework.lines is 'Lines that went by as_of, whenever they landed';
comment on column rework.deleted is 'Of lines: deleted rather than rewritten, likewise';

-- net volume ----------------------------------------------------------------------------------------------

create or replace view net_volume_by_engineer as
with kept as (
    select quarter, engineer as person, sum(lines)::bigint as lines
    from followed_lines
    where engineer is not null and (died_at is null or died_at > merged_at + interval 90 day)
    group by all
)
select
    v.quarter, v.person, v.is_baseline, v.working_days, v.lines, coalesce(kept.lines, 0)::bigint as net_lines,
    is_over(period_end('quarter', v.quarter) + interval 90 day, s.as_of) as is_complete
from volume_by_window as v
join scope_settings as s on s.basis = 'landed'
left join kept on kept.quarter = v.quarter and kept.person = v.person
where not v.is_cut and v.working_days > 0;
comment on view net_volume_by_engineer is 'One row per quarter and engineer active in it: lines merged and those of them alive 90 days later; none on the basis added';
comment on column net_volume_by_engineer.quarter is 'First day of the quarter';
comment on column net_volume_by_engineer.person is 'people.person';
comment on column net_volume_by_engineer.is_baseline is 'Part of the baseline';
comment on column net_volume_by_engineer.working_days is 'Working days of the quarter, up to as_of';
comment on column net_volume_by_engineer.lines is 'Handwritten new-work lines';
comment on column net_volume_by_engineer.net_lines is 'Of lines: alive 90 days after they landed, or still alive where those are not over';
comment on column net_volume_by_engineer.is_complete is 'The quarter ended 90 days or more before as_of: net_lines will not change any more';

create or replace view net_volume_quarterly as
with volumes as (
    select
        quarter, count(*) as engineers, any_value(working_days) as working_days, bool_and(is_complete) as is_complete,
        any_value(is_baseline) and bool_and(is_complete) as is_baseline, sum(lines)::bigint as lines, sum(net_lines)::bigint as net_lines,
        median(lines / working_days) as gross_median, sum(lines) / sum(working_days) as gross_mean,
        median(net_lines / working_days) as net_median, sum(net_lines) / sum(working_days) as net_mean
    from net_volume_by_engineer group by quarter
),
baseline as (
    select
        avg(gross_median order by quarter) as gross_median, avg(gross_mean order by quarter) as gross_mean,
        avg(net_median order by quarter) as net_median, avg(net_mean order by quarter) as net_mean
    from volumes where is_baseline
)
select
    v.quarter, v.engineers, v.working_days, v.is_complete, v.lines, v.gross_median, v.gross_mean,
    case when v.is_complete then v.net_lines end as net_lines,
    case when v.is_complete then v.net_median end as net_median,
    case when v.is_complete then v.net_mean end as net_mean,
    b.net_median as baseline_net_median, b.net_mean as baseline_net_mean,
    case when v.is_complete then v.gross_median / nullif(b.gross_median, 0) end as ratio_median,
    case when v.is_complete then v.gross_mean / nullif(b.gross_mean, 0) end as ratio_mean,
    case when v.is_complete then v.net_median / nullif(b.net_median, 0) end as net_ratio_median,
    case when v.is_complete then v.net_mean / nullif(b.net_mean, 0) end as net_ratio_mean
from volumes as v, baseline as b
order by v.quarter;
comment on view net_volume_quarterly is 'One row per quarter with active engineers: lines still alive 90 days after landing per engineer and working day, beside all lines; none on the basis added';
comment on column net_volume_quarterly.quarter is 'First day of the quarter in which the lines landed';
comment on column net_volume_quarterly.engineers is 'Active engineers';
comment on column net_volume_quarterly.working_days is 'Working days of the quarter, up to as_of';
comment on column net_volume_quarterly.is_complete is 'The quarter ended 90 days or more before as_of; else all net figures are null';
comment on column net_volume_quarterly.lines is 'Handwritten new-work lines of assigned engineers';
comment on column net_volume_quarterly.gross_median is 'Median over active engineers of their lines per working day';
comment on column net_volume_quarterly.gross_mean is 'lines / (engineers x working_days)';
comment on column net_volume_quarterly.net_lines is 'Of lines: alive 90 days after they landed';
comment on column net_volume_quarterly.net_median is 'As gross_median, of net lines';
comment on column net_volume_quarterly.net_mean is 'As gross_mean, of net lines';
comment on column net_volume_quarterly.baseline_net_median is 'Unweighted mean of the baseline quarters'' net_median, complete ones only';
comment on column net_volume_quarterly.baseline_net_mean is 'Unweighted mean of the baseline quarters'' net_mean';
comment on column net_volume_quarterly.ratio_median is 'gross_median as a ratio to the same baseline quarters'': what net_ratio_median is to be compared with';
comment on column net_volume_quarterly.ratio_mean is 'gross_mean as a ratio to the same baseline quarters''';
comment on column net_volume_quarterly.net_ratio_median is 'net_median / baseline_net_median';
comment on column net_volume_quarterly.net_ratio_mean is 'net_mean / baseline_net_mean';
