-- what was left out, and what the doctor looks at ------------------------------------------------------------

create or replace view commits_left_out as
with lines as (
    select g.repo, g.sha, sum(g.added) as lines from changes as g
    where g.added > 0 and g.file_class in ('code', 'test', 'docs', 'config') group by all
)
select
    c.repo, c.sha, c.merged_at,
    case when h.sha is not null then 'shared' when c.is_bulk then coalesce(c.bulk_reason, 'bulk') when c.dup_of is not null then 'duplicate' else 'revert' end as why,
    case when h.sha is null and not c.is_bulk then coalesce(c.dup_of, c.reverts) end as other_sha, coalesce(lines.lines, 0)::bigint as lines, c.subject
from commits as c
join scope_settings as s on c.merged_at <= s.as_of
left join lines on lines.repo = c.repo and lines.sha = c.sha
left join shared_commits as h on h.repo = c.repo and h.sha = c.sha
where h.sha is not null or c.is_bulk or c.dup_of is not null or c.reverts is not null
order by c.merged_at, c.repo, c.sha;
comment on view commits_left_out is 'One row per merged commit that is no new work, or counts in another repository';
comment on column commits_left_out.repo is 'Repository';
comment on column commits_left_out.sha is 'Commit';
comment on column commits_left_out.merged_at is 'When its landing reached the branch, UTC';
comment on column commits_left_out.why is 'ignore_revs, import, joined_history, subtree, whitespace (bulk), duplicate, revert, or shared: another repository holds it';
comment on column commits_left_out.other_sha is 'The commit that it repeats or undoes';
comment on column commits_left_out.lines is 'Handwritten lines left out';
comment on column commits_left_out.subject is 'First line of its message';

create or replace view foxtrots as
select c.repo, c.sha, c.merged_at, c.subject
from commits as c join scope_settings as s on c.merged_at <= s.as_of
where c.is_foxtrot
order by c.merged_at, c.repo, c.sha;
comment on view foxtrots is 'One row per merge of the branch into a copy of itself, where the mainline goes on through another parent';
comment on column foxtrots.repo is 'Repository';
comment on column foxtrots.sha is 'The merge';
comment on column foxtrots.merged_at is 'When it reached the branch, UTC';
comment on column foxtrots.subject is 'First line of its message';

create or replace view skewed_dates as
select
    c.repo, coalesce(m.sha, c.sha) as sha, any_value(coalesce(m.committed_at, c.committed_at)) as committed_at,
    any_value(c.merged_at) as merged_at,
    datediff('day', any_value(coalesce(m.committed_at, c.committed_at)), any_value(c.merged_at)) as days_moved, count(*) as commits
from commits as c
join scope_settings as s on c.merged_at <= s.as_of
left join commits as m on m.repo = c.repo and m.sha = c.merge_sha
where c.is_skewed
group by 1, 2
order by merged_at, c.repo, sha;
comment on view skewed_dates is 'One row per landing whose own date contradicts its neighbours'' by more than a day';
comment on column skewed_dates.repo is 'Repository';
comment on column skewed_dates.sha is 'The landing';
comment on column skewed_dates.committed_at is 'Its own committer date, UTC';
comment on column skewed_dates.merged_at is 'The date used in its place, UTC';
comment on column skewed_dates.days_moved is 'merged_at less committed_at, days';
comment on column skewed_dates.commits is 'Commits that it brings in';

create or replace view stale_repositories as
select r.repo, r.branch, r.last_merged_at, datediff('day', r.last_merged_at, s.as_of) as days
from repos as r, scope_settings as s
where r.last_merged_at < s.as_of - interval 30 day
order by r.last_merged_at, r.repo;
comment on view stale_repositories is 'One row per repository whose last merge lies more than 30 days before as_of: perhaps not fetched';
comment on column stale_repositories.repo is 'Repository';
comment on column stale_repositories.branch is 'Its branch';
comment on column stale_repositories.last_merged_at is 'Its last merge, UTC';
comment on column stale_repositories.days is 'Days from the last merge to as_of';

create or replace view unknown_bots as
with lines as (select repo, sha, sum(lines) as lines from merged_lines where rule = 'bot.unknown' group by all)
select
    coalesce(p.name, c.author) as name, c.repo, count(*) as commits, coalesce(sum(lines.lines), 0)::bigint as lines,
    min(c.merged_at) as first_merged_at, max(c.merged_at) as last_merged_at
from merged_commits as c
left join people as p on p.person = c.author
left join lines on lines.repo = c.repo and lines.sha = c.sha
where c.rule = 'bot.unknown'
group by 1, 2
order by commits desc, name, c.repo;
comment on view unknown_bots is 'One row per bot that no rule names, and repository; bots by the form of their name only';
comment on column unknown_bots.name is 'The bot';
comment on column unknown_bots.repo is 'Repository';
comment on column unknown_bots.commits is 'Commits merged';
comment on column unknown_bots.lines is 'Lines merged';
comment on column unknown_bots.first_merged_at is 'First of them, UTC';
comment on column unknown_bots.last_merged_at is 'Last of them, UTC';

create or replace view outlier_commits as
select
    l.repo, l.sha, any_value(l.merged_at) as merged_at, any_value(l.attribution) as attribution, any_value(p.pseudonym) as pseudonym,
    sum(l.lines)::bigint as lines, any_value(c.subject) as subject
from merged_lines as l
join commits as c on c.repo = l.repo and c.sha = l.sha
left join people as p on p.person = l.engineer
where l.is_outlier and l.is_handwritten and l.is_new_work
group by l.repo, l.sha
order by lines desc, l.repo, l.sha;
comment on view outlier_commits is 'One row per commit with more than 5,000 handwritten lines of new work; counted, and left out in a variant';
comment on column outlier_commits.repo is 'Repository';
comment on column outlier_commits.sha is 'Commit';
comment on column outlier_commits.merged_at is 'When its landing reached the branch, UTC';
comment on column outlier_commits.attribution is 'ai, assisted, human, bot or unknown';
comment on column outlier_commits.pseudonym is 'Of the engineer accountable';
comment on column outlier_commits.lines is 'Handwritten new-work lines';
comment on column outlier_commits.subject is 'First line of its message';

-- logins: whose the accounts of a forge are.
create or replace view logins as
with told as (
    select regexp_extract(lower(email), '^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$', 1) as login, person from identities
    union all
    select regexp_extract(lower(email), '^(?:\d+-)?([^@]+)@users\.noreply\.gitlab\.com$', 1), person from identities
    union all
    -- A request's commits tell logins with addresses.
    select lower(c.author_login), i.person
    from request_commits as c join identities as i on lower(i.email) = lower(c.author_email)
    where c.author_login is not null)
select login, min(person) as person
from told
where login <> ''
group by login
having count(distinct person) = 1;
comment on view logins is 'One row per login of a forge of which it is known whose it is: by a no-reply address, or by a commit of an imported request';
comment on column logins.login is 'In lower case';
comment on column logins.person is 'people.person';
