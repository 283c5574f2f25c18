-- Tables of a codeshare database. Times are UTC; text that is not UTF-8 is in git's C-quoted form.
-- Every documented name changes only with a major version of the schema.

create table meta (key varchar primary key, value varchar not null);
comment on table meta is 'What this file is: schema_version, codeshare_version';

create table settings (key varchar primary key, value varchar);
comment on table settings is 'What the views read: as_of, baseline_since, baseline_until (first day not counted), minimum_engineers';

create table runs (
    run bigint primary key, started_at timestamp, finished_at timestamp,
    codeshare_version varchar, git_version varchar, python_version varchar,
    catalogue_hash varchar, configuration varchar, repos integer, commits bigint, timings varchar);
comment on table runs is 'One row per mining run; the only wall-clock times of the database';
comment on column runs.configuration is 'JSON: the settings in force';
comment on column runs.timings is 'JSON: seconds by phase';

create table repos (
    repo varchar primary key, branch varchar not null, tip_sha varchar not null, mined_at timestamp,
    is_shallow boolean not null, is_partial boolean not null, basis varchar not null,
    mined_with varchar not null, requests_with varchar, origin varchar, commits bigint, unknown_commits bigint, first_merged_at timestamp, last_merged_at timestamp);
comment on table repos is 'One row per mined repository';
comment on column repos.repo is 'owner/name of origin, or as configured; never a path';
comment on column repos.branch is 'Short name of the mined branch';
comment on column repos.tip_sha is 'The commit at its tip';
comment on column repos.mined_at is 'When, UTC';
comment on column repos.is_shallow is 'The history is cut off';
comment on column repos.is_partial is 'A partial clone: objects may be absent';
comment on column repos.commits is 'Commits reachable from the tip';
comment on column repos.first_merged_at is 'The first landing';
comment on column repos.last_merged_at is 'The latest landing';
comment on column repos.basis is 'landed: with the life of every line; added: only added lines are known';
comment on column repos.mined_with is 'Hash of the rules and settings in force: another one means that it must be mined anew';
comment on column repos.requests_with is 'Hash of the heads of pull and merge requests that were there to read';
comment on column repos.unknown_commits is 'Commits whose changes could not be read (missing objects, shallow boundary)';
comment on column repos.origin is 'URL of the remote origin, without credentials';

create table people (
    person varchar primary key, name varchar, pseudonym varchar, team varchar, kind varchar not null);
comment on table people is 'One row per person, agent or bot behind one or more identities';
comment on column people.name is 'The name most used, or as a mailmap or alias spells it';
comment on column people.pseudonym is 'A word that stands for the person wherever nobody is named';
comment on column people.team is 'From the configuration';
comment on column people.person is 'Stable id, made from the canonical address';
comment on column people.kind is 'person, agent or bot';

create table identities (
    repo varchar not null, name varchar not null, email varchar not null, mapped_name varchar not null, mapped_email varchar not null,
    person varchar not null, kind varchar not null, how varchar not null, commits bigint not null);
comment on table identities is 'One row per repository, name and address met as author, committer or co-author';
comment on column identities.name is 'As commits have it';
comment on column identities.email is 'As commits have it';
comment on column identities.mapped_name is 'The name that the repository''s .mailmap makes of it';
comment on column identities.person is 'people.person';
comment on column identities.how is 'What joined it to its person: itself, mailmap, alias or noreply';
comment on column identities.mapped_email is 'The address that the repository''s .mailmap makes of it';
comment on column identities.kind is 'person, agent or bot';
comment on column identities.commits is 'Commits authored under exactly this name and address';

create table commits (
    repo varchar not null, sha varchar not null, ordinal integer not null, parents varchar[],
    authored_at timestamp, committed_at timestamp, merged_at timestamp, is_skewed boolean not null,
    merge_sha varchar, is_mainline boolean not null, is_merge boolean not null, is_foxtrot boolean not null,
    is_unknown boolean not null, is_bulk boolean not null, bulk_reason varchar, is_squash boolean not null,
    is_mixed boolean not null, dup_of varchar, reverts varchar, request integer,
    author varchar, committer varchar, engineer varchar, subject varchar,
    attribution varchar not null, confidence varchar not null, scope varchar not null,
    rule varchar, kind varchar, tool varchar, model varchar,
    added integer not null, deleted integer not null, whitespace integer not null, patch_id ubigint not null, inverse_id ubigint not null);
comment on table commits is 'One row per commit reachable from the branch';
comment on column commits.added is 'Lines that its patch adds, 0 of a merge';
comment on column commits.deleted is 'Lines that its patch deletes, 0 of a merge';
comment on column commits.whitespace is 'Of added: in hunks that change nothing but whitespace';
comment on column commits.patch_id is 'Hash of its patch without line numbers and whitespace; equal ones are duplicates; 0: none';
comment on column commits.inverse_id is 'The patch_id of the commit that would undo it';
comment on column commits.repo is 'The repository''s name, as in repos';
comment on column commits.sha is 'Object id';
comment on column commits.parents is 'Ids of its parents, the first first';
comment on column commits.authored_at is 'Author date';
comment on column commits.committed_at is 'Committer date';
comment on column commits.is_mainline is 'It is on the branch''s own line of commits';
comment on column commits.is_merge is 'Two parents or more';
comment on column commits.is_squash is 'Its message is that of several commits in one';
comment on column commits.committer is 'people.person';
comment on column commits.subject is 'The message''s first line';
comment on column commits.attribution is 'ai, assisted, human, bot or unknown';
comment on column commits.confidence is 'high, medium or low';
comment on column commits.scope is 'commit, or line where a record speaks of single lines';
comment on column commits.rule is 'Id of the rule that decided';
comment on column commits.tool is 'The agent, assistant or bot';
comment on column commits.model is 'The model, where the mark names it';
comment on column commits.ordinal is 'Place in the walk, parents first, 0-based';
comment on column commits.merged_at is 'Committer date of the landing that brings it in, never decreasing along the mainline';
comment on column commits.merge_sha is 'The landing: the mainline commit that brings it in';
comment on column commits.is_skewed is 'merged_at was moved by more than a day, because the mainline''s own date contradicts its neighbours';
comment on column commits.is_foxtrot is 'A merge of the branch into somebody''s copy of it: the mainline goes on through its second parent';
comment on column commits.is_unknown is 'Its changes could not be read; see skipped';
comment on column commits.is_bulk is 'Not new work; bulk_reason says why';
comment on column commits.bulk_reason is 'ignore_revs, import, joined_history, subtree or whitespace';
comment on column commits.is_mixed is 'A squash of which only some parts carry marks of AI';
comment on column commits.dup_of is 'The commit merged earlier whose patch this one repeats';
comment on column commits.reverts is 'The commit that this one undoes';
comment on column commits.request is 'Number of the pull or merge request named in the message';
comment on column commits.author is 'people.person';
comment on column commits.engineer is 'people.person accountable for it; null: unassigned (agents) or nobody (bots)';
comment on column commits.kind is 'Step of the evidence that decided: line_record, author, trailer, export, bot_author, committer, footer, branch, heuristic; null: none';

create table trailers (repo varchar not null, sha varchar not null, position integer not null, key varchar not null, value varchar not null);
comment on table trailers is 'One row per trailer, wherever in the message it stands';
comment on column trailers.position is 'Place among the commit''s trailers, 0-based';
comment on column trailers.key is 'As it is written';
comment on column trailers.value is 'What follows the colon';

create table changes (
    repo varchar not null, sha varchar not null, path varchar not null, old_path varchar, status varchar not null,
    file_class varchar not null, language varchar, is_binary boolean not null,
    added integer, deleted integer, moved integer, whitespace integer);
comment on table changes is 'One row per commit (other than merges) and file, as git diff-tree -r --root -M has it';
comment on column changes.path is 'Path after the change; of a deleted file: before';
comment on column changes.old_path is 'Path before a rename';
comment on column changes.file_class is 'code, test, docs, config, generated, vendored, lock, data or binary';
comment on column changes.language is 'Lower-case name; null: not known';
comment on column changes.is_binary is 'Its content is no text';
comment on column changes.deleted is 'Lines, as numstat counts them; null: binary or unknown';
comment on column changes.status is 'git''s letter: A, M, D, R, T';
comment on column changes.added is 'Lines, as numstat counts them; null: binary or unknown';
comment on column changes.moved is 'Of added: in a run of three lines or more removed elsewhere in the same commit';
comment on column changes.whitespace is 'Of added: in hunks that change nothing but whitespace';

create table evidence (
    repo varchar not null, sha varchar not null, path varchar, line_start integer, line_count integer,
    rule varchar not null, kind varchar not null, tool varchar, model varchar, attribution varchar not null, confidence varchar not null,
    scope varchar not null, origin varchar not null, excerpt varchar, decides boolean not null);
comment on table evidence is 'One row per piece of evidence; path null: it speaks of the whole commit';
comment on column evidence.path is 'The file it speaks of; null: the whole commit';
comment on column evidence.line_start is '1-based, in the file as the commit left it';
comment on column evidence.line_count is 'Lines it speaks of';
comment on column evidence.rule is 'Id of the rule that matched';
comment on column evidence.kind is 'Step of strength, as commits.kind';
comment on column evidence.tool is 'The agent, assistant or bot';
comment on column evidence.model is 'The model, where the mark names it';
comment on column evidence.attribution is 'What it says: ai, assisted, human or bot';
comment on column evidence.confidence is 'high, medium or low';
comment on column evidence.scope is 'line or commit';
comment on column evidence.origin is 'Where it was found';
comment on column evidence.excerpt is 'The words that matched';
comment on column evidence.decides is 'Whether it is the piece that decided the commit''s attribution';

create table line_spans (
    repo varchar not null, sha varchar not null, path varchar not null, line_start integer not null, line_count integer not null,
    file_class varchar not null, language varchar, engineer varchar, attribution varchar not null, confidence varchar not null,
    rule varchar, kind varchar, tool varchar, model varchar,
    landed boolean not null, merge_sha varchar, merged_at timestamp, died_sha varchar, died_merge_sha varchar, died_at timestamp,
    is_moved boolean not null, repeats_sha varchar, repeats_path varchar, repeats_line integer,
    succeeds_sha varchar, succeeds_path varchar, succeeds_line integer,
    landed_path varchar, landed_line integer, died_path varchar, died_line integer);
comment on table line_spans is 'One row per run of lines with one fate: every line ever born, merges'' own included';
comment on column line_spans.sha is 'The commit that added the lines';
comment on column line_spans.path is 'File, as that commit left it';
comment on column line_spans.line_start is '1-based number of the first line, in the file as the commit left it';
comment on column line_spans.line_count is 'Lines in the run, one after the other';
comment on column line_spans.file_class is 'code, test, docs, config, generated, vendored, lock, data or binary';
comment on column line_spans.language is 'Lower-case name; null: not known';
comment on column line_spans.engineer is 'people.person accountable for the commit; null: unassigned';
comment on column line_spans.attribution is 'ai, assisted, human, bot or unknown; of lines brought back, that of the lines they repeat';
comment on column line_spans.confidence is 'high, medium or low';
comment on column line_spans.rule is 'Id of the rule that decided';
comment on column line_spans.kind is 'Step of the evidence that decided; null: none';
comment on column line_spans.tool is 'The agent, assistant or bot';
comment on column line_spans.model is 'The model, where the mark names it';
comment on column line_spans.landed is 'A landing''s tree held the lines; false: born and gone within one landing';
comment on column line_spans.merge_sha is 'The landing that brought the lines in; null: none did';
comment on column line_spans.merged_at is 'When that landing reached the branch, UTC; of lines that never landed: when their commit did';
comment on column line_spans.died_sha is 'The commit that removed the lines, else the landing itself; null: alive or never landed';
comment on column line_spans.died_merge_sha is 'The first landing whose tree lacks them';
comment on column line_spans.died_at is 'When that landing reached the branch, UTC';
comment on column line_spans.is_moved is 'Removed elsewhere in the same commit, in a run of three or more';
comment on column line_spans.repeats_sha is 'Commit of the line that the first line brings back: a revert''s or a duplicate''s';
comment on column line_spans.repeats_path is 'File of that line';
comment on column line_spans.repeats_line is 'Number of that line in it';
comment on column line_spans.succeeds_sha is 'Commit of the line that the first line replaced but for whitespace, in a bulk commit';
comment on column line_spans.succeeds_path is 'File of that line';
comment on column line_spans.succeeds_line is 'Number of that line in it';
comment on column line_spans.landed_path is 'File in the landing''s tree; null: path';
comment on column line_spans.landed_line is 'Number of the first line there; null: line_start';
comment on column line_spans.died_path is 'File in the mainline before the death; null: path';
comment on column line_spans.died_line is 'Number of the first line there';

create table landed_lines (
    repo varchar not null, sha varchar not null, path varchar not null, merged_at timestamp not null,
    file_class varchar not null, language varchar, engineer varchar, attribution varchar not null, confidence varchar not null,
    rule varchar, kind varchar, tool varchar, model varchar, lines bigint not null, moved bigint not null);
comment on table landed_lines is 'The landed rows of line_spans, summed by commit, file, landing and attribution: what figures are read from';
comment on column landed_lines.sha is 'The commit that added the lines';
comment on column landed_lines.path is 'File, as that commit left it';
comment on column landed_lines.merged_at is 'When the lines reached the branch, UTC';
comment on column landed_lines.file_class is 'code, test, docs, config, generated, vendored, lock, data or binary';
comment on column landed_lines.language is 'Lower-case name; null: not known';
comment on column landed_lines.engineer is 'people.person accountable for the commit; null: unassigned';
comment on column landed_lines.attribution is 'ai, assisted, human, bot or unknown; of lines brought back, that of the lines they repeat';
comment on column landed_lines.confidence is 'high, medium or low';
comment on column landed_lines.rule is 'Id of the rule that decided';
comment on column landed_lines.kind is 'Step of the evidence that decided; null: none';
comment on column landed_lines.tool is 'The agent, assistant or bot';
comment on column landed_lines.model is 'The model, where the mark names it';
comment on column landed_lines.lines is 'Landed lines';
comment on column landed_lines.moved is 'Of lines: removed elsewhere in the same commit, in runs of three or more';

create table mainline_renames (repo varchar not null, merge_sha varchar not null, old_path varchar not null, path varchar not null);
comment on table mainline_renames is 'One row per landing and file that it moved with its lines';
comment on column mainline_renames.merge_sha is 'The landing';
comment on column mainline_renames.old_path is 'Path in the mainline before it';
comment on column mainline_renames.path is 'Path in its tree';

create table recurring_lines (
    repo varchar not null, merge_sha varchar not null, came boolean not null, path varchar not null, line integer not null,
    sha varchar not null, orig_path varchar not null, orig_line integer not null);
comment on table recurring_lines is 'One row per line that a landing brought or took which is not the landing, or not the end, that line_spans has: lost lines that a merge brought back, their earlier end, one of two places where a merge holds a line twice';
comment on column recurring_lines.merge_sha is 'The landing';
comment on column recurring_lines.came is 'Whether it came; else it went';
comment on column recurring_lines.path is 'Path in its tree; of a line that went, in the mainline before it';
comment on column recurring_lines.line is 'Number there';
comment on column recurring_lines.sha is 'The commit that added the line';
comment on column recurring_lines.orig_path is 'File, as that commit left it';
comment on column recurring_lines.orig_line is 'Number there';

create table generated_marks (repo varchar not null, path varchar not null, marks integer not null);
comment on table generated_marks is 'One row per file with lines near its top that say a program wrote it';
comment on column generated_marks.marks is 'How many such lines it has now';

create table tip_blame (
    repo varchar not null, path varchar not null, line_start integer not null, line_count integer not null,
    sha varchar, orig_path varchar, orig_line integer);
comment on table tip_blame is 'One row per run of lines at the tip: where each was born, as git blame has it';
comment on column tip_blame.path is 'File at the tip';
comment on column tip_blame.line_start is '1-based number of the first line in it';
comment on column tip_blame.line_count is 'Lines in the run';
comment on column tip_blame.sha is 'The commit that added them; null: it could not be read';
comment on column tip_blame.orig_path is 'File, as that commit left it';
comment on column tip_blame.orig_line is 'Number of the first line in it';

create table skipped (repo varchar not null, sha varchar, path varchar, why varchar not null);
comment on table skipped is 'One row per object that could not be read';
comment on column skipped.sha is 'The commit; null: the repository';
comment on column skipped.path is 'The file, where it is known';
comment on column skipped.why is 'git''s words';

create table signals (
    repo varchar not null, sign varchar not null, rule varchar not null, tool varchar not null, path varchar not null,
    since_sha varchar not null, since timestamp not null, until_sha varchar, until timestamp, excerpt varchar);
comment on table signals is 'What files of the branch say of agents, and from when to when: context, never evidence of a line';
comment on column signals.sign is 'instructions: a file that only users of the agent have; switch: a setting that keeps its marks out; ban: words or a hook that forbid marks';
comment on column signals.rule is 'Id of what was looked for';
comment on column signals.tool is 'The agent';
comment on column signals.path is 'The file, where it was found first';
comment on column signals.since_sha is 'The landing from which it holds';
comment on column signals.since is 'When that landing reached the branch, UTC';
comment on column signals.until_sha is 'The landing that took it away; null: it still holds';
comment on column signals.until is 'When that landing reached the branch, UTC';
comment on column signals.excerpt is 'The setting or line';

create table path_owners (repo varchar not null, path varchar not null, position integer not null, owner varchar not null);
comment on table path_owners is 'Who owns a path, as CODEOWNERS at the tip says, also of paths of the past';
comment on column path_owners.position is '1: named first';
comment on column path_owners.owner is 'As the file names it: @organisation/team, @user or an address';

create table memberships (person varchar not null, team varchar not null, since date, until date);
comment on table memberships is 'Which team people are in, and when';
comment on column memberships.since is 'First day; null: always';
comment on column memberships.until is 'Last day; null: still';

create table records (repo varchar not null, state varchar not null, origin varchar, count bigint not null);
comment on table records is 'What became of records of lines: git-ai''s notes, Agent Trace files, Entire''s checkpoints';
comment on column records.state is 'used: commits of the branch with a record that could be read; elsewhere: records about commits that the branch does not reach; recovered: of these, spoke of lines that reached it in another commit; test agent, nobody: entries left out';
comment on column records.origin is 'The ref under which they stand, where it matters';
comment on column records.count is 'How many';

create table requests_seen (
    repo varchar not null, sha varchar not null, number integer, head_sha varchar, state varchar not null, how varchar,
    lines bigint not null, found bigint not null);
comment on table requests_seen is 'One row per commit that landed a pull or merge request as a squash or rebase, and what became of the evidence of the request''s own commits';
comment on column requests_seen.sha is 'The commit on the branch';
comment on column requests_seen.number is 'Number of the request; null: not known';
comment on column requests_seen.head_sha is 'The last of the request''s own commits; null: no ref names it';
comment on column requests_seen.state is 'recovered: carried to the lines; partly: under nine tenths of the lines were found in the request; unmatched: none was; nothing lost: the request''s commits say no more than this one; no ref: the request''s commits are not there to read; absent objects: a ref is, its commits are not';
comment on column requests_seen.how is 'What brought the two together: number (in the message, or imported), tree (the same), patch (the same)';
comment on column requests_seen.lines is 'Lines that the commit added, of those that were looked at';
comment on column requests_seen.found is 'Of these: found in the request''s own commits';

create table fixes (
    repo varchar not null, sha varchar not null, kind varchar not null, confidence varchar not null, excerpt varchar, named_sha varchar);
comment on table fixes is 'One row per sign in a message that its commit mends something; a commit may have several';
comment on column fixes.sha is 'The commit that mends; the view fix_commits has one row of each';
comment on column fixes.kind is 'trailer (Fixes: ID), issue, named (words that name the commit at fault), conventional (fix:), subject (begins with fix), words, or pattern (of codeshare.toml)';
comment on column fixes.confidence is 'high, medium or low, one step less where the subject speaks of typos, docs, tests, builds and the like';
comment on column fixes.excerpt is 'The words that matched';
comment on column fixes.named_sha is 'The commit that it says was at fault; null: none, or none of this branch';

create table named_reverts (repo varchar not null, sha varchar not null, reverted_sha varchar not null, how varchar not null);
comment on table named_reverts is 'One row per commit and earlier commit that its message says it undoes';
comment on column named_reverts.sha is 'The commit that undoes';
comment on column named_reverts.reverted_sha is 'The commit that it names; a merge: all that it brought in';
comment on column named_reverts.how is 'message: by its id, or by its subject in git''s form; forge: by the number of a request, or a title with one';

create table fixed_lines (
    repo varchar not null, fix_sha varchar not null, sha varchar not null, path varchar not null, file_class varchar not null,
    attribution varchar not null, tool varchar, merged_at timestamp not null, fixed_at timestamp not null,
    lines bigint not null, code_lines bigint not null);
comment on table fixed_lines is 'Landed lines that commits with a sign of fixes removed or changed, by the commit and file that they came from; none on the basis added';
comment on column fixed_lines.fix_sha is 'The commit that mends';
comment on column fixed_lines.sha is 'The commit that added the lines';
comment on column fixed_lines.path is 'File, as that commit left it';
comment on column fixed_lines.file_class is 'code, test, docs, config, generated, vendored, lock, data or binary';
comment on column fixed_lines.attribution is 'Of the lines: ai, assisted, human, bot or unknown';
comment on column fixed_lines.tool is 'The agent, assistant or bot';
comment on column fixed_lines.merged_at is 'When the lines reached the branch, UTC';
comment on column fixed_lines.fixed_at is 'When their removal did, UTC';
comment on column fixed_lines.lines is 'Lines removed';
comment on column fixed_lines.code_lines is 'Of lines: neither blank nor nothing but a comment';

create table unusable_records (repo varchar not null, origin varchar not null, sha varchar, why varchar not null);
comment on table unusable_records is 'One row per record of lines that could not be read, or that fits no commit';
comment on column unusable_records.origin is 'The ref or file in which it stands';
comment on column unusable_records.sha is 'The commit it is about, where that is known';
comment on column unusable_records.why is 'What is wrong with it';

create table overclaimed (repo varchar not null, sha varchar not null, path varchar not null, lines bigint not null);
comment on table overclaimed is 'Lines that records claim for a commit and that it did not add; they count for nothing';
comment on column overclaimed.path is 'File, as the record names it';
comment on column overclaimed.lines is 'Claimed lines that the commit did not add';

create table estimates (
    metric varchar not null, scope varchar not null, part varchar not null default 'all', period date not null, at_days double,
    value double, low double, high double, n bigint, unit varchar not null, method varchar, seed integer);
comment on table estimates is 'What SQL cannot compute: values with their 95 % intervals; `codeshare estimate` and reports compute them';
comment on column estimates.metric is 'What is estimated; docs/methods.md says how';
comment on column estimates.scope is 'all: every repository of this file; else repository/NAME, team/NAME, tool/NAME, class/NAME, cohort/FIRST-DAY (merged in that quarter), since/FIRST-DAY (merged since then); of agent_part: the mark, as the view calibration has it';
comment on column estimates.part is 'Whose: an attribution, all, or a comparison of two: ai - human (a difference), ai / human (a ratio)';
comment on column estimates.period is 'First day of the quarter or month; of figures over all time 1970-01-01';
comment on column estimates.at_days is 'The age of which it is a point: of a survival curve, of the window of churn; null: of none';
comment on column estimates.value is 'null: it cannot be known';
comment on column estimates.low is 'Lower end of its 95 % interval; null: the sample is too small for one';
comment on column estimates.high is 'Upper end of its 95 % interval';
comment on column estimates.n is 'Size of the sample: what the method resamples or fits (persons, commits, months)';
comment on column estimates.unit is 'Of value, low and high: share, days, ratio, lines per working day and so on';
comment on column estimates.seed is 'Of the random numbers: the same seed gives the same intervals';

create table pull_requests (
    repo varchar not null, number integer not null, title varchar, author varchar, head_branch varchar, labels varchar[],
    merge_sha varchar, opened_at timestamp, merged_at timestamp, state varchar, is_draft boolean, author_is_bot boolean not null default false,
    head_repo varchar, head_sha varchar, base_branch varchar, base_sha varchar, merged_by varchar, closed_at timestamp);
comment on table pull_requests is 'One row per imported pull or merge request';
comment on column pull_requests.number is 'Its number in the repository';
comment on column pull_requests.author is 'Login at the forge; the view logins says whose it is, where that is known';
comment on column pull_requests.head_branch is 'The branch that was to be merged';
comment on column pull_requests.merge_sha is 'The commit that the forge names as its merge: a merge commit, a squash, or the last of a rebased series';
comment on column pull_requests.opened_at is 'UTC';
comment on column pull_requests.merged_at is 'When the forge merged it, UTC; null: not merged';
comment on column pull_requests.state is 'open, closed, merged or locked';
comment on column pull_requests.is_draft is 'It was a draft when exported; null: the export does not say';
comment on column pull_requests.author_is_bot is 'The forge, or its name, says that the author is a bot';
comment on column pull_requests.head_repo is 'The repository that holds head_branch, where the export tells it';
comment on column pull_requests.head_sha is 'The last commit of the request, as it was before merging';
comment on column pull_requests.base_branch is 'The branch that it was to be merged into';
comment on column pull_requests.base_sha is 'The commit that it was compared with';
comment on column pull_requests.merged_by is 'Login of whoever merged it';
comment on column pull_requests.closed_at is 'UTC';
create table request_commits (
    repo varchar not null, number integer not null, position integer not null, sha varchar not null,
    message varchar, author_name varchar, author_email varchar, author_login varchar);
comment on table request_commits is 'One row per commit of an imported request, as its branch had it before merging';
comment on column request_commits.position is 'Place in the request, the first 0';
comment on column request_commits.sha is 'Object id; squash and rebase merges leave it behind';
comment on column request_commits.message is 'Whole message; null: the export does not tell it';
comment on column request_commits.author_login is 'Login at the forge; null: unknown';
create table reviews (
    repo varchar not null, number integer not null, reviewer varchar, state varchar, submitted_at timestamp,
    reviewer_is_bot boolean not null default false);
comment on table reviews is 'One row per imported review of a request';
comment on column reviews.reviewer is 'Login at the forge; the view logins says whose it is, where that is known';
comment on column reviews.state is 'approved, changes_requested, commented, dismissed or pending';
comment on column reviews.submitted_at is 'UTC; null: the export does not tell it';
comment on column reviews.reviewer_is_bot is 'The forge, or its name, says that the reviewer is a bot';
create table exported_lines (
    vendor varchar not null, sha varchar not null, repo varchar, tool varchar not null,
    added bigint, agent_lines bigint not null, completed_lines bigint not null, person_lines bigint);
comment on table exported_lines is 'One row per commit of which a vendor says how many lines its tool wrote';
comment on column exported_lines.vendor is 'Whose export: cursor or claude-code';
comment on column exported_lines.sha is 'Object id, as the export has it: it may be shortened';
comment on column exported_lines.repo is 'The repository that held the commit when this was imported; null: none did';
comment on column exported_lines.added is 'Added lines, as the vendor counts them; null: it does not say';
comment on column exported_lines.agent_lines is 'Of them: written by an agent';
comment on column exported_lines.completed_lines is 'Of them: accepted completions';
comment on column exported_lines.person_lines is 'Of them: neither; null: the vendor does not say';
create table imported (repo varchar not null, kind varchar not null, rows bigint not null, digest varchar not null);
comment on table imported is 'One row per repository and kind of imported rows that mining looks at';
comment on column imported.kind is 'requests, or a vendor''s name';
comment on column imported.rows is 'How many there are';
comment on column imported.digest is 'Changes when they do: the repository is then mined anew';
create table observations (repo varchar not null, what varchar not null, name varchar, count bigint not null);
comment on table observations is 'What mining saw of a repository beside its branch''s history, for doctor';
comment on column observations.what is 'request_refs: refs of requests at hand; landings: first parents of another branch that would fit better';
comment on column observations.name is 'The branch, where it is about one';
comment on column observations.count is 'How many';
create table headcount (period date not null, team varchar, engineers double not null);
comment on table headcount is 'Imported head count by quarter';
create table holidays (day date not null, name varchar);
comment on table holidays is 'Days that are no working days, besides Saturday and Sunday';
create table events (date date not null, label varchar not null, short_label varchar, kind varchar not null, source varchar);
comment on table events is 'Releases of AI models and whatever else the charts mark';
create table external_metrics (series varchar not null, date date not null, value double, low double, high double, unit varchar, source varchar);
comment on table external_metrics is 'Published or measured elsewhere, for comparison';
