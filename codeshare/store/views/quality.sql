-- maintainability, size, tests, comments -----------------------------------------------------------------

-- Not in schema.sql, so that a database that was mined before gets it as well.
create table if not exists quality (
    repo varchar not null, sha varchar not null, stratum varchar, weight double,
    unit_size double, complexity double, interfacing double, files integer not null,
    added integer, comments integer, duplicated integer, why varchar, measured_with varchar not null);
comment on table quality is 'One row per commit that `codeshare mine --quality` measured; mining again keeps them';
comment on column quality.repo is 'Repository';
comment on column quality.sha is 'Commit';
comment on column quality.stratum is 'What it was drawn from: attribution/quarter/size class; null: of an earlier sample';
comment on column quality.weight is 'Commits of the stratum that it stands for; null: of an earlier sample';
comment on column quality.unit_size is 'Delta maintainability, 0 to 1: the part of the change that keeps or makes functions short; null: it changes no function''s lines';
comment on column quality.complexity is 'The same for functions that are simple (cyclomatic complexity of 5 or less)';
comment on column quality.interfacing is 'The same for functions with two parameters or fewer';
comment on column quality.files is 'Changed files in languages that are parsed';
comment on column quality.added is 'Added lines of code and tests, blank ones aside; null: none';
comment on column quality.comments is 'Of added: nothing but comment or documentation string';
comment on column quality.duplicated is 'Of added and no comment: in blocks of six lines or more that the same tree holds elsewhere; null: the tree is too large to search';
comment on column quality.why is 'Why it could not be measured; null: it was';
comment on column quality.measured_with is 'Versions of what measured; with others it is measured anew';

create or replace view compared_since as
with first_ai as (
    select repo, min(date_trunc('quarter', merged_at))::date as since from merged_commits where attribution = 'ai' group by repo
),
anywhere as (select min(since) as since from first_ai)
select r.repo, coalesce(f.since, a.since, date '0001-01-01') as since
from repos as r cross join anywhere as a left join first_ai as f on f.repo = r.repo;
comment on view compared_since is 'One row per repository: from when commits with and without AI evidence are compared, so that years before agents are in neither';
comment on column compared_since.repo is 'Repository';
comment on column compared_since.since is 'First day of the quarter of its first AI commit, else of the first in any repository, else the beginning';

create or replace view compared_commits as
with touched as (
    select
        repo, sha,
        coalesce(sum(added) filter (file_class in ('code', 'test', 'docs', 'config') and not is_binary), 0)::bigint as lines,
        coalesce(sum(added) filter (file_class = 'code' and not is_binary), 0)::bigint as code_lines,
        coalesce(bool_or(file_class in ('code', 'test') and not is_binary and coalesce(added, 0) + coalesce(deleted, 0) > 0), false) as is_code,
        coalesce(bool_or(file_class = 'test' and coalesce(added, 0) + coalesce(deleted, 0) > 0), false) as touches_tests
    from changes group by repo, sha
)
select
    c.repo, c.sha, c.merged_at, c.quarter, c.attribution, t.lines, t.code_lines, t.is_code, t.touches_tests,
    case when t.lines <= 20 then 'small' when t.lines <= 100 then 'medium' when t.lines <= 400 then 'large' else 'huge' end as size_class
from merged_commits as c
join commits as m on m.repo = c.repo and m.sha = c.sha
join compared_since as s on s.repo = c.repo
join touched as t on t.repo = c.repo and t.sha = c.sha
where c.is_new_work and not c.is_unknown and not m.is_merge and c.merged_at >= s.since
    and c.attribution in ('ai', 'assisted', 'human');
comment on view compared_commits is 'One row per commit of new work whose size and quality are compared: no merges, no bots, none from before the first AI commit';
comment on column compared_commits.repo is 'Repository';
comment on column compared_commits.sha is 'Commit';
comment on column compared_commits.merged_at is 'When its landing reached the branch, UTC';
comment on column compared_commits.quarter is 'First day of the quarter of merged_at';
comment on column compared_commits.attribution is 'ai, assisted or human (no AI evidence)';
comment on column compared_commits.lines is 'Handwritten lines that it adds, as numstat counts them, whether or not they landed';
comment on column compared_commits.code_lines is 'Of these: in files of code';
comment on column compared_commits.is_code is 'It changes a file of code or tests';
comment on column compared_commits.touches_tests is 'It changes a file of tests';
comment on column compared_commits.size_class is 'By lines: small to 20, medium to 100, large to 400, huge above';

create or replace view sampled_commits as
select
    q.repo, q.sha, c.attribution, q.stratum, q.weight, q.unit_size, q.complexity, q.interfacing,
    q.added, q.comments, q.duplicated
from quality as q join merged_commits as c on c.repo = q.repo and c.sha = q.sha
where q.weight is not null and q.why is null and c.attribution in ('ai', 'assisted', 'human');
comment on view sampled_commits is 'One row per measured commit of the present sample, with its attribution';
comment on column sampled_commits.repo is 'Repository';
comment on column sampled_commits.sha is 'Commit';
comment on column sampled_commits.attribution is 'ai, assisted or human (no AI evidence), as it is now';
comment on column sampled_commits.stratum is 'What it was drawn from';
comment on column sampled_commits.weight is 'Commits that it stands for';
comment on column sampled_commits.unit_size is 'As in quality';
comment on column sampled_commits.complexity is 'As in quality';
comment on column sampled_commits.interfacing is 'As in quality';
comment on column sampled_commits.added is 'As in quality';
comment on column sampled_commits.comments is 'As in quality';
comment on column sampled_commits.duplicated is 'As in quality';
