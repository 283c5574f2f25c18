-- what several repositories share: histories, teams ------------------------------------------------------------

-- Not in schema.sql, so that a database that was mined before gets them as well.
create table if not exists shared_commits (repo varchar not null, sha varchar not null, holder varchar not null);
comment on table shared_commits is 'One row per commit of a repository that counts in another one, which holds it as well: forks and mirrors';
comment on column shared_commits.repo is 'Repository in which it does not count';
comment on column shared_commits.sha is 'Commit';
comment on column shared_commits.holder is 'Repository in which it does';

create table if not exists listed_repositories (repo varchar not null, place integer not null, team varchar);
comment on table listed_repositories is 'One row per repository of the configuration, where that lists several';
comment on column listed_repositories.repo is 'Repository';
comment on column listed_repositories.place is 'Its place in the configuration, from 0';
comment on column listed_repositories.team is 'Team of whoever works most in that team''s repositories and is in no other; null: none named';
