-- what people import from files ----------------------------------------------------------------------------

-- Not in schema.sql, so that a database that was mined before gets them as well.
create table if not exists imported_teams (source varchar not null, row integer not null, person varchar not null, team varchar not null, since date, until date);
comment on table imported_teams is 'Rows of imported files of teams, as they stand there; memberships has what they come to';
comment on column imported_teams.source is 'The file''s name, or as it was called when it was imported';
comment on column imported_teams.row is 'The line of the file';
comment on column imported_teams.person is 'An address or a name';
comment on column imported_teams.since is 'First day; null: always';
comment on column imported_teams.until is 'Last day; null: still';
create table if not exists imported_headcount (source varchar not null, period date not null, team varchar, engineers double not null);
comment on table imported_headcount is 'Rows of imported files of head counts; headcount has those in force';
comment on column imported_headcount.source is 'The file''s name, or as it was called when it was imported';
comment on column imported_headcount.period is 'First day of the quarter';
comment on column imported_headcount.team is 'Null: the whole organisation';
create table if not exists imported_holidays (source varchar not null, day date not null, name varchar not null);
comment on table imported_holidays is 'Rows of imported files of holidays; holidays has those in force';
comment on column imported_holidays.source is 'The file''s name, or as it was called when it was imported';
