-- lines as long as they were seen --------------------------------------------------------------------------

-- Where a file could not be read as a commit left it, all its lines end there for us: nobody knows which went.
-- Where a commit's tree could not be read that holds for all files.
create or replace view seen_spans as
with unread as (
    select distinct s.repo, c.merge_sha, s.path
    from skipped as s
    join commits as c on c.repo = s.repo and c.sha = s.sha
),
seen as (
    select l.*, u.repo is null and w.repo is null as is_seen
    from line_spans as l
    -- a landing that stands for a removal: no commit of it that could be read removed these lines
    left join unread as u on u.repo = l.repo and u.merge_sha = l.died_sha and u.path = coalesce(l.died_path, l.path)
    left join unread as w on w.repo = l.repo and w.merge_sha = l.died_sha and w.path is null
)
select
    * exclude (is_seen) replace (case when is_seen then died_sha end as died_sha, case when is_seen then died_at end as died_at),
    case when not is_seen then died_at end as lost_at
from seen;
comment on view seen_spans is 'line_spans without the deaths that cannot be known, and when such lines were lost from sight: columns as there';
comment on column seen_spans.died_sha is 'As in line_spans; null also where it is not known whether they died';
comment on column seen_spans.died_at is 'As in line_spans; null likewise';
comment on column seen_spans.lost_at is 'The landing with which a file or tree in which they stood could not be read, UTC: whether they died then or later is not known; null: they were always seen';
comment on column seen_spans.repo is 'As in line_spans';
comment on column seen_spans.sha is 'As in line_spans';
comment on column seen_spans.path is 'As in line_spans';
comment on column seen_spans.line_start is 'As in line_spans';
comment on column seen_spans.line_count is 'As in line_spans';
comment on column seen_spans.file_class is 'As in line_spans';
comment on column seen_spans.language is 'As in line_spans';
comment on column seen_spans.engineer is 'As in line_spans';
comment on column seen_spans.attribution is 'As in line_spans';
comment on column seen_spans.confidence is 'As in line_spans';
comment on column seen_spans.rule is 'As in line_spans';
comment on column seen_spans.kind is 'As in line_spans';
comment on column seen_spans.tool is 'As in line_spans';
comment on column seen_spans.model is 'As in line_spans';
comment on column seen_spans.landed is 'As in line_spans';
comment on column seen_spans.merge_sha is 'As in line_spans';
comment on column seen_spans.merged_at is 'As in line_spans';
comment on column seen_spans.died_merge_sha is 'As in line_spans';
comment on column seen_spans.is_moved is 'As in line_spans';
comment on column seen_spans.repeats_sha is 'As in line_spans';
comment on column seen_spans.repeats_path is 'As in line_spans';
comment on column seen_spans.repeats_line is 'As in line_spans';
comment on column seen_spans.succeeds_sha is 'As in line_spans';
comment on column seen_spans.succeeds_path is 'As in line_spans';
comment on column seen_spans.succeeds_line is 'As in line_spans';
comment on column seen_spans.landed_path is 'As in line_spans';
comment on column seen_spans.landed_line is 'As in line_spans';
comment on column seen_spans.died_path is 'As in line_spans';
comment on column seen_spans.died_line is 'As in line_spans';
