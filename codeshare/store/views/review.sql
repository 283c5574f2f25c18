-- review ---------------------------------------------------------------------------------------------------
-- Who looked at a change before it was merged, as trailers and imported requests tell it; who merged it, as git tells it.

create or replace view review_trailers as
with addresses as materialized (
    select address, min(person) as person
    from (
        select lower(email) as address, person from identities
        union all
        select lower(mapped_email), person from identities
    )
    where address <> ''
    group by address
    having count(distinct person) = 1
),
named as (
    select distinct
        repo, sha, regexp_extract(lower(key), '(reviewed|acked|tested)-by$', 1) as role,
        lower(regexp_extract(value, '<\s*([^<>\s]+@[^<>\s]+)\s*>', 1)) as address
    from trailers
    where regexp_matches(lower(key), '(^|-)(reviewed|acked|tested)-by$') and not starts_with(lower(key), 'not-')
)
select
    n.repo, n.sha, n.role, coalesce(a.person, n.address) as reviewer, a.person,
    case when p.kind is not null then p.kind <> 'person' else regexp_matches(n.address, '^(no-?reply|bot)@|\[bot\]') end as is_bot
from named as n
left join addresses as a on a.address = n.address
left join people as p on p.person = a.person
where n.address <> '';
comment on view review_trailers is 'One row per commit, trailer and person of Reviewed-by, Acked-by and Tested-by; names without an address are left out';
comment on column review_trailers.repo is 'Repository';
comment on column review_trailers.sha is 'Commit';
comment on column review_trailers.role is 'reviewed, acked or tested';
comment on column review_trailers.reviewer is 'people.person, else the address';
comment on column review_trailers.person is 'people.person; null: an address that no commit has, or that several people have';
comment on column review_trailers.is_bot is 'An agent or a bot';

create or replace view request_commits_merged as
with asked as (
    select repo, number, merge_sha from pull_requests where merged_at is not null or merge_sha is not null or state is null
),
by_sha as (
    select a.repo, a.number, c.sha, c.merge_sha, c.is_merge, c.is_mainline
    from asked as a join commits as c on c.repo = a.repo and c.sha = a.merge_sha
),
-- rewritten since, or not told: its number in one message alone says which commit it is
by_number as (
    select a.repo, a.number, min(c.sha) as sha, min(c.merge_sha) as merge_sha, bool_or(c.is_merge) as is_merge, true as is_mainline
    from (select * from asked anti join by_sha using (repo, number)) as a
    join commits as c on c.repo = a.repo and c.request = a.number and c.is_mainline
    group by a.repo, a.number
    having count(*) = 1
),
places as materialized (select * from by_sha union all select * from by_number),
subjects as (
    select repo, number, regexp_extract(ltrim(message, chr(10)), '^[^\n]*') as subject from request_commits where message is not null
),
brought as (
    select repo, number, sha from places
    union
    select p.repo, p.number, c.sha
    from places as p join commits as c on c.repo = p.repo and c.merge_sha = p.sha
    where p.is_merge
    union
    select p.repo, p.number, c.sha
    from places as p
    join commits as c on c.repo = p.repo and c.merge_sha = p.merge_sha and c.is_mainline and not c.is_merge
    semi join subjects as s on s.repo = p.repo and s.number = p.number and s.subject = c.subject
    where p.is_mainline and not p.is_merge
)
select repo, min(number) as number, sha from brought group by repo, sha;
comment on view request_commits_merged is 'One row per merged commit that an imported request brought in, as a merge, a squash or a rebase';
comment on column request_commits_merged.repo is 'Repository';
comment on column request_commits_merged.number is 'Number of the request, the lowest of several';
comment on column request_commits_merged.sha is 'Commit on the branch';

create or replace view request_reviewers as
select
    r.repo, r.number, r.state, r.submitted_at, lower(r.reviewer) as login, l.person,
    coalesce(l.person, 'login:' || lower(r.reviewer)) as reviewer,
    r.reviewer_is_bot or coalesce(p.kind <> 'person', false) as is_bot,
    lower(r.reviewer) = lower(q.author) as is_author
from reviews as r
left join pull_requests as q on q.repo = r.repo and q.number = r.number
left join logins as l on l.login = lower(r.reviewer)
left join people as p on p.person = l.person
where r.reviewer is not null and coalesce(r.state, '') <> 'pending';
comment on view request_reviewers is 'One row per imported review that was handed in, and whose it is';
comment on column request_reviewers.repo is 'Repository';
comment on column request_reviewers.number is 'Number of the request';
comment on column request_reviewers.state is 'approved, changes_requested, commented or dismissed';
comment on column request_reviewers.submitted_at is 'UTC; null: the export does not tell it';
comment on column request_reviewers.login is 'In lower case';
comment on column request_reviewers.person is 'people.person; null: nothing says whose login it is';
comment on column request_reviewers.reviewer is 'people.person, else login: and the login';
comment on column request_reviewers.is_bot is 'An agent or a bot';
comment on column request_reviewers.is_author is 'The author of the request';

create or replace view review_sources as
with written as (
    select c.repo, count(*) as commits from merged_commits as c join commits as k on k.repo = c.repo and k.sha = c.sha
    where not k.is_merge group by c.repo
),
trailers_of as (
    select c.repo, count(distinct c.sha) as trailer_commits, min(c.quarter) as trailers_since
    from review_trailers as t join merged_commits as c on c.repo = t.repo and c.sha = t.sha
    where not t.is_bot and t.reviewer is distinct from c.author and t.reviewer is distinct from c.engineer
    group by c.repo
),
told as (select distinct repo from reviews),
requests_of as (
    select m.repo, count(distinct m.number) as requests, min(c.day) as requests_since, max(c.merged_at) as requests_until
    from request_commits_merged as m join merged_commits as c on c.repo = m.repo and c.sha = m.sha
    group by m.repo
)
select
    w.repo, w.commits, coalesce(t.trailer_commits, 0) as trailer_commits,
    case when t.trailer_commits >= 0.01 * w.commits then t.trailers_since end as trailers_since,
    coalesce(r.requests, 0) as requests, told.repo is not null as has_reviews,
    case when told.repo is not null then r.requests_since end as requests_since,
    case when told.repo is not null then r.requests_until end as requests_until
from written as w
left join trailers_of as t on t.repo = w.repo
left join requests_of as r on r.repo = w.repo
left join told on told.repo = w.repo
order by w.repo;
comment on view review_sources is 'One row per repository: what its reviews are known from, and for which time';
comment on column review_sources.repo is 'Repository';
comment on column review_sources.commits is 'Commits merged, merges apart';
comment on column review_sources.trailer_commits is 'Of commits: with a trailer that names a reviewer who is another person than its author and engineer';
comment on column review_sources.trailers_since is 'First day of the first quarter with such a trailer; null: fewer than 1 % of the commits have one, which is no custom';
comment on column review_sources.requests is 'Imported requests that are found on the branch';
comment on column review_sources.has_reviews is 'Reviews were imported with them';
comment on column review_sources.requests_since is 'Day of the first of them; null: no reviews were imported';
comment on column review_sources.requests_until is 'When the last of them was merged, UTC: what came later is not known';

create or replace view commit_review as
with known as materialized (from review_sources),
named as (
    select t.repo, t.sha, count(distinct t.reviewer) as reviewers
    from review_trailers as t join commits as c on c.repo = t.repo and c.sha = t.sha
    where not t.is_bot and t.reviewer is distinct from c.author and t.reviewer is distinct from c.engineer
    group by t.repo, t.sha
),
given as (
    select m.repo, m.sha, count(distinct r.reviewer) as reviewers
    from request_commits_merged as m
    join request_reviewers as r on r.repo = m.repo and r.number = m.number
    join commits as c on c.repo = m.repo and c.sha = m.sha
    where not r.is_bot and not coalesce(r.is_author, false) and r.reviewer is distinct from c.author and r.reviewer is distinct from c.engineer
    group by m.repo, m.sha
),
clicked as (
    select m.repo, m.sha, m.number, lower(q.merged_by) as login, l.person, lower(q.merged_by) = lower(q.author) as is_author
    from request_commits_merged as m
    join pull_requests as q on q.repo = m.repo and q.number = m.number
    left join logins as l on l.login = lower(q.merged_by)
),
read as (
    select
        c.repo, c.sha, c.merge_sha, c.attribution, c.engineer, b.number, c.merged_at,
        coalesce(named.reviewers, 0) as by_trailer, coalesce(given.reviewers, 0) as by_request,
        coalesce(c.merged_at >= k.trailers_since, false) as has_trailers,
        coalesce(c.merged_at >= k.requests_since and c.merged_at <= k.requests_until, false) as has_requests,
        case
            when b.person is not null then b.person
            when c.merge_sha <> c.sha and landing.is_merge then case when author.kind = 'person' then landing.author end
            when committer.kind = 'person' then c.committer
        end as merger,
        b.login, b.is_author
    from commits as c
    join known as k on k.repo = c.repo
    left join commits as landing on landing.repo = c.repo and landing.sha = c.merge_sha
    left join people as author on author.person = landing.author
    left join people as committer on committer.person = c.committer
    left join named on named.repo = c.repo and named.sha = c.sha
    left join given on given.repo = c.repo and given.sha = c.sha
    left join clicked as b on b.repo = c.repo and b.sha = c.sha
    where not c.is_merge
)
select
    r.repo, r.sha, r.merge_sha, r.merged_at, date_trunc('month', r.merged_at)::date as month,
    date_trunc('quarter', r.merged_at)::date as quarter, r.attribution, r.engineer, r.number as request,
    case when r.has_trailers or r.has_requests
        then (r.has_trailers and r.by_trailer > 0) or (r.has_requests and r.by_request > 0) end as is_reviewed,
    case
        when r.engineer is null then null
        when r.merger is not null then r.merger = r.engineer
        when r.login is not null then r.is_author
    end as is_merged_by_author,
    r.merger
from read as r, scope_settings as s
where r.merged_at <= s.as_of;
comment on view commit_review is 'One row per merged commit, merges apart: whether another person reviewed it, and who merged it';
comment on column commit_review.repo is 'Repository';
comment on column commit_review.sha is 'Commit';
comment on column commit_review.merge_sha is 'Its landing';
comment on column commit_review.merged_at is 'When its landing reached the branch, UTC';
comment on column commit_review.month is 'First day of the month of merged_at';
comment on column commit_review.quarter is 'First day of the quarter of merged_at';
comment on column commit_review.attribution is 'ai, assisted, human, bot or unknown';
comment on column commit_review.engineer is 'people.person accountable; null: unassigned';
comment on column commit_review.request is 'Number of the imported request that brought it in; null: none is known';
comment on column commit_review.is_reviewed is 'A person other than its author and engineer is on record as its reviewer; null: nothing would be on record (review_sources)';
comment on column commit_review.is_merged_by_author is 'Merged by the engineer who is accountable for it; null: it is not known who merged it';
comment on column commit_review.merger is 'people.person who merged it; null: not known, as where a forge is the committer';

create or replace view review_given as
select t.repo, t.sha, c.merged_at, c.quarter, t.reviewer, t.person, 'trailer' as source, null::integer as request
from review_trailers as t
join merged_commits as c on c.repo = t.repo and c.sha = t.sha
join review_sources as k on k.repo = t.repo and c.merged_at >= k.trailers_since
where not t.is_bot and t.reviewer is distinct from c.author and t.reviewer is distinct from c.engineer
group by all
union all
select m.repo, m.sha, c.merged_at, c.quarter, r.reviewer, r.person, 'request', m.number
from request_commits_merged as m
join request_reviewers as r on r.repo = m.repo and r.number = m.number
join merged_commits as c on c.repo = m.repo and c.sha = m.sha
where not r.is_bot and not coalesce(r.is_author, false) and r.reviewer is distinct from c.author and r.reviewer is distinct from c.engineer
group by all;
comment on view review_given is 'One row per merged commit, person who reviewed it, and source that says so';
comment on column review_given.repo is 'Repository';
comment on column review_given.sha is 'Commit';
comment on column review_given.merged_at is 'When its landing reached the branch, UTC';
comment on column review_given.quarter is 'First day of the quarter of merged_at';
comment on column review_given.reviewer is 'people.person, else the address, or login: and the login';
comment on column review_given.person is 'people.person; null: not known';
comment on column review_given.source is 'trailer or request';
comment on column review_given.request is 'Number of the request; null: of a trailer';

create or replace view review_load as
with lines as materialized (
    select repo, sha, sum(lines) filter (attribution <> 'bot') as lines, sum(lines) filter (attribution = 'ai') as ai,
        sum(lines) filter (attribution = 'human') as human
    from merged_lines where is_handwritten and is_new_work group by repo, sha
),
-- a commit that a trailer and a request name counts once
given as (select repo, sha, merged_at, reviewer, max(request) as request from review_given group by all),
reviewed as (
    select
        date_trunc('week', g.merged_at)::date as week, g.reviewer,
        count(distinct coalesce(g.repo || '#' || g.request, g.repo || ' ' || g.sha)) as reviews,
        count(*) as commits, sum(l.lines) as lines, sum(l.ai) as ai, sum(l.human) as human
    from given as g left join lines as l on l.repo = g.repo and l.sha = g.sha
    group by all
),
merged as (
    select date_trunc('week', c.merged_at)::date as week, c.merger as reviewer, count(*) as commits, sum(l.lines) as lines
    from commit_review as c left join lines as l on l.repo = c.repo and l.sha = c.sha
    where not c.is_merged_by_author
    group by all
)
select
    week, reviewer, p.pseudonym, p.team, coalesce(r.reviews, 0) as reviews, coalesce(r.commits, 0) as commits,
    coalesce(r.lines, 0)::bigint as lines, coalesce(r.ai, 0)::bigint as ai, coalesce(r.human, 0)::bigint as human,
    coalesce(m.commits, 0) as merged_commits, coalesce(m.lines, 0)::bigint as merged_lines
from reviewed as r full join merged as m using (week, reviewer)
left join people as p on p.person = reviewer
where reviewer is not null
order by week, reviewer;
comment on view review_load is 'One row per week and person who reviewed others'' work or merged it';
comment on column review_load.week is 'Monday of the week in which the work was merged';
comment on column review_load.reviewer is 'people.person, else the address, or login: and the login';
comment on column review_load.pseudonym is 'A stable name that is not the person''s; null: no commit is theirs';
comment on column review_load.team is 'Team; null: none configured';
comment on column review_load.reviews is 'Requests reviewed, and commits whose trailers name the person';
comment on column review_load.commits is 'Commits of these reviews';
comment on column review_load.lines is 'Handwritten new-work lines of these commits, bots'' apart: in full for each reviewer, who had to read them all';
comment on column review_load.ai is 'Of lines: attributed to AI';
comment on column review_load.human is 'Of lines: without AI evidence';
comment on column review_load.merged_commits is 'Commits of others that the person merged';
comment on column review_load.merged_lines is 'Handwritten new-work lines of these, bots'' apart';

create or replace view merged_requests as
with lines as materialized (
    select repo, sha, sum(lines) filter (attribution = 'ai') as ai, sum(lines) filter (attribution = 'assisted') as assisted,
        sum(lines) filter (attribution = 'human') as human, sum(lines) as lines
    from merged_lines where is_handwritten and is_new_work group by repo, sha
),
landed as (
    select
        m.repo, m.number, max(c.merged_at) as landed_at, mode(c.engineer order by c.engineer) as engineer, count(*) as commits,
        coalesce(sum(l.lines), 0)::bigint as lines, coalesce(sum(l.ai), 0)::bigint as ai,
        coalesce(sum(l.assisted), 0)::bigint as assisted, coalesce(sum(l.human), 0)::bigint as human
    from request_commits_merged as m
    join merged_commits as c on c.repo = m.repo and c.sha = m.sha
    left join lines as l on l.repo = m.repo and l.sha = m.sha
    group by m.repo, m.number
),
asked as (
    select repo, number, reviewer, count(*) filter (state = 'changes_requested') as times
    from request_reviewers where not is_bot and not coalesce(is_author, false) group by all
),
rounds as (select repo, number, max(times) as rounds from asked group by all),
given as (
    select
        d.repo, d.number, count(*) filter (not r.is_bot and r.reviewer is distinct from d.engineer) as reviews,
        count(distinct r.reviewer) filter (not r.is_bot and r.reviewer is distinct from d.engineer) as reviewers,
        min(r.submitted_at) filter (not r.is_bot and r.reviewer is distinct from d.engineer) as first_at,
        count(*) filter (r.is_bot) as bot_reviews, min(r.submitted_at) filter (r.is_bot) as first_bot_at
    from landed as d
    join request_reviewers as r on r.repo = d.repo and r.number = d.number and not coalesce(r.is_author, false)
    group by all
)
select
    d.repo, d.number, d.landed_at, date_trunc('month', d.landed_at)::date as month, date_trunc('quarter', d.landed_at)::date as quarter,
    d.engineer, d.commits, d.lines,
    case when d.ai > 0.5 * d.lines then 'ai' when d.assisted > 0.5 * d.lines then 'assisted'
        when d.human > 0.5 * d.lines then 'human' when d.lines > 0 then 'mixed' else 'none' end as attribution,
    q.opened_at,
    date_diff('second', q.opened_at, coalesce(q.merged_at, d.landed_at)) / 3600.0 as hours_to_merge,
    case when k.has_reviews then coalesce(g.reviewers, 0) end as reviewers,
    case when k.has_reviews then coalesce(g.reviews, 0) end as reviews,
    case when k.has_reviews then coalesce(g.reviewers, 0) > 0 end as is_reviewed,
    case when g.first_at is not null and q.opened_at is not null then greatest(date_diff('second', q.opened_at, g.first_at) / 3600.0, 0) end as hours_to_first_review,
    case when k.has_reviews then coalesce(g.bot_reviews, 0) end as bot_reviews,
    case when g.first_bot_at is not null and q.opened_at is not null then greatest(date_diff('second', q.opened_at, g.first_bot_at) / 3600.0, 0) end as hours_to_first_bot_review,
    case when g.reviewers > 0 then coalesce(n.rounds, 0) end as rounds
from landed as d
join pull_requests as q on q.repo = d.repo and q.number = d.number
join review_sources as k on k.repo = d.repo
left join given as g on g.repo = d.repo and g.number = d.number
left join rounds as n on n.repo = d.repo and n.number = d.number
order by d.landed_at, d.repo, d.number;
comment on view merged_requests is 'One row per imported request that is found on the branch: how long it took, and who reviewed it';
comment on column merged_requests.repo is 'Repository';
comment on column merged_requests.number is 'Number of the request';
comment on column merged_requests.landed_at is 'When its last commit reached the branch, UTC';
comment on column merged_requests.month is 'First day of the month of landed_at';
comment on column merged_requests.quarter is 'First day of the quarter of landed_at';
comment on column merged_requests.engineer is 'people.person accountable for most of its commits; null: nobody';
comment on column merged_requests.commits is 'Commits that it brought in, merges among them';
comment on column merged_requests.lines is 'Their handwritten new-work lines';
comment on column merged_requests.attribution is 'ai, assisted or human where more than half of the lines are; mixed where of none so many are (or they are bots''); none without lines';
comment on column merged_requests.opened_at is 'When it was opened, UTC';
comment on column merged_requests.hours_to_merge is 'From opening to merging, nights and weekends counted';
comment on column merged_requests.reviewers is 'Persons who handed in a review, its author and engineer apart; null: no reviews were imported';
comment on column merged_requests.reviews is 'Their reviews';
comment on column merged_requests.is_reviewed is 'One person at least did; null: no reviews were imported';
comment on column merged_requests.hours_to_first_review is 'From opening to the first of their reviews; null: none, or none with a time';
comment on column merged_requests.bot_reviews is 'Reviews by agents and bots';
comment on column merged_requests.hours_to_first_bot_review is 'From opening to the first of these';
comment on column merged_requests.rounds is 'The most often that one reviewer asked for changes; null: no person reviewed it';

create or replace view review_monthly as
with lines as materialized (
    select c.month, l.attribution, sum(l.lines) as lines, sum(l.lines) filter (c.is_reviewed is not null) as known,
        sum(l.lines) filter (c.is_reviewed) as reviewed, sum(l.lines) filter (c.is_merged_by_author is not null) as merger_known,
        sum(l.lines) filter (c.is_merged_by_author) as by_author
    from (
        select repo, sha, attribution, sum(lines) as lines from merged_lines
        where is_handwritten and is_new_work and attribution in ('ai', 'assisted', 'human') group by all
    ) as l
    join commit_review as c on c.repo = l.repo and c.sha = l.sha
    group by all
),
requests as materialized (from merged_requests),
parts as (
    select month, 'all' as part, lines, known, reviewed, merger_known, by_author from lines
    union all
    select month, attribution, lines, known, reviewed, merger_known, by_author from lines
),
counted as (
    select month, part, sum(lines)::bigint as lines, coalesce(sum(known), 0)::bigint as known_lines,
        coalesce(sum(reviewed), 0)::bigint as reviewed_lines,
        coalesce(sum(merger_known), 0)::bigint as merger_known_lines, coalesce(sum(by_author), 0)::bigint as by_author_lines
    from parts group by all
),
asked as (
    select
        month, part, count(*) as requests, count(*) filter (is_reviewed is not null) as known_requests,
        count(*) filter (not is_reviewed) as unreviewed, count(*) filter (bot_reviews > 0) as bot_reviewed,
        median(hours_to_first_review) as hours_to_first_review, median(hours_to_merge) as hours_to_merge, avg(rounds) as rounds
    from (select *, 'all' as part from requests union all select *, attribution from requests where attribution in ('ai', 'assisted', 'human'))
    group by all
)
select
    month, part, coalesce(c.lines, 0) as lines, coalesce(c.known_lines, 0) as known_lines,
    coalesce(c.reviewed_lines, 0) as reviewed_lines, c.reviewed_lines / nullif(c.known_lines, 0) as reviewed_share,
    coalesce(c.merger_known_lines, 0) as merger_known_lines, c.by_author_lines / nullif(c.merger_known_lines, 0) as merged_by_author_share,
    coalesce(a.requests, 0) as requests, a.unreviewed, a.unreviewed / nullif(a.known_requests, 0) as unreviewed_share,
    a.bot_reviewed, a.hours_to_first_review, a.hours_to_merge, a.rounds,
    not is_over(period_end('month', month), s.as_of) as is_running
from counted as c full join asked as a using (month, part)
join scope_settings as s on true
order by month, part;
comment on view review_monthly is 'One row per month and attribution (all: of all three together): lines and requests, and how many of them another person reviewed';
comment on column review_monthly.month is 'First day of the month';
comment on column review_monthly.part is 'all, ai, assisted or human; of requests, what more than half of their lines are';
comment on column review_monthly.lines is 'Handwritten new-work lines merged, bots'' and merges'' own apart';
comment on column review_monthly.known_lines is 'Of lines: where a review would be on record';
comment on column review_monthly.reviewed_lines is 'Of known_lines: reviewed by a person other than author and engineer';
comment on column review_monthly.reviewed_share is 'reviewed_lines / known_lines; null: not known';
comment on column review_monthly.merger_known_lines is 'Of lines: of which it is known who merged them';
comment on column review_monthly.merged_by_author_share is 'Of merger_known_lines: merged by their own engineer, fraction of 1; null: not known';
comment on column review_monthly.requests is 'Imported requests merged';
comment on column review_monthly.unreviewed is 'Of requests: merged with no review by a person; null: none imported';
comment on column review_monthly.unreviewed_share is 'The same as a fraction of 1; null: no reviews were imported';
comment on column review_monthly.bot_reviewed is 'Of requests: reviewed by an agent or bot';
comment on column review_monthly.hours_to_first_review is 'Median over requests that a person reviewed';
comment on column review_monthly.hours_to_merge is 'Median over requests';
comment on column review_monthly.rounds is 'Mean over requests that a person reviewed of how often one reviewer asked for changes';
comment on column review_monthly.is_running is 'The month is not over at as_of';

create or replace view review_by_window as
with windows as materialized (from volume_window),
commits_known as materialized (
    select c.*, l.lines from commit_review as c
    left join (
        select repo, sha, sum(lines) as lines from merged_lines
        where is_handwritten and is_new_work and attribution <> 'bot' group by all
    ) as l on l.repo = c.repo and l.sha = c.sha
),
lines as (
    select
        w.quarter, w.is_cut, sum(c.lines) filter (c.is_reviewed is not null) as known, sum(c.lines) filter (c.is_reviewed) as reviewed,
        sum(c.lines) filter (c.is_merged_by_author is not null) as merger_known, sum(c.lines) filter (c.is_merged_by_author) as by_author
    from commits_known as c join windows as w on w.quarter = c.quarter and c.merged_at < w.end_day
    group by all
),
given as (
    select w.quarter, w.is_cut, count(distinct g.reviewer) as reviewers,
        count(distinct (g.repo, g.sha)) as reviewed_commits
    from review_given as g join windows as w on w.quarter = g.quarter and g.merged_at < w.end_day
    group by all
)
select
    w.quarter, w.is_cut, w.is_baseline, w.is_running, w.working_days, w.is_running and w.working_days < d.days as is_short,
    coalesce(l.known, 0)::bigint as known_lines, coalesce(l.reviewed, 0)::bigint as reviewed_lines,
    coalesce(l.merger_known, 0)::bigint as merger_known_lines, coalesce(l.by_author, 0)::bigint as by_author_lines,
    coalesce(g.reviewers, 0) as reviewers, coalesce(g.reviewed_commits, 0) as reviewed_commits,
    l.known / nullif(coalesce(g.reviewers, 0) * w.working_days, 0) as per_day
from windows as w
join working_days as d on d.quarter = w.quarter
left join lines as l on l.quarter = w.quarter and l.is_cut = w.is_cut
left join given as g on g.quarter = w.quarter and g.is_cut = w.is_cut;
comment on view review_by_window is 'One row per volume_window: lines merged beside the people who reviewed';
comment on column review_by_window.quarter is 'First day of the quarter';
comment on column review_by_window.is_cut is 'As in volume_window';
comment on column review_by_window.is_baseline is 'As in volume_window';
comment on column review_by_window.is_running is 'As in volume_window';
comment on column review_by_window.working_days is 'Working days counted';
comment on column review_by_window.is_short is 'To be compared with the baseline quarters that are cut';
comment on column review_by_window.known_lines is 'Handwritten new-work lines merged where a review would be on record, bots'' and merges'' own apart';
comment on column review_by_window.reviewed_lines is 'Of known_lines: reviewed by a person other than author and engineer';
comment on column review_by_window.merger_known_lines is 'Lines of which it is known who merged them';
comment on column review_by_window.by_author_lines is 'Of these: merged by their own engineer';
comment on column review_by_window.reviewers is 'Persons who reviewed work of others that was merged in it';
comment on column review_by_window.reviewed_commits is 'Commits that they reviewed';
comment on column review_by_window.per_day is 'known_lines / (reviewers x working_days); null: nobody on record';

create or replace view review_quarterly as
with loads as materialized (from review_by_window),
asked as (
    select quarter, count(*) as requests, count(*) filter (is_reviewed is not null) as known_requests,
        count(*) filter (not is_reviewed) as unreviewed, median(hours_to_first_review) as hours_to_first_review,
        median(hours_to_merge) as hours_to_merge, avg(rounds) as rounds
    from merged_requests group by quarter
),
baseline as (select is_cut, avg(per_day order by quarter) as per_day from loads where is_baseline group by is_cut)
select
    v.quarter, v.working_days, v.is_running, v.known_lines, v.reviewed_lines,
    v.reviewed_lines / nullif(v.known_lines, 0) as reviewed_share, v.reviewers, v.reviewed_commits,
    v.per_day as lines_per_reviewer_day, b.per_day as baseline_lines_per_reviewer_day,
    case when not (v.is_running and v.working_days < 15) then v.per_day / nullif(b.per_day, 0) end as ratio,
    v.merger_known_lines, v.by_author_lines / nullif(v.merger_known_lines, 0) as merged_by_author_share,
    coalesce(a.requests, 0) as requests, a.unreviewed, a.unreviewed / nullif(a.known_requests, 0) as unreviewed_share,
    a.hours_to_first_review, a.hours_to_merge, a.rounds
from loads as v
left join baseline as b on b.is_cut = v.is_short
left join asked as a on a.quarter = v.quarter
where not v.is_cut
order by v.quarter;
comment on view review_quarterly is 'One row per quarter from the first merge to as_of: lines merged beside the people who reviewed, and the ratio to the baseline';
comment on column review_quarterly.quarter is 'First day of the quarter';
comment on column review_quarterly.working_days is 'Working days up to as_of';
comment on column review_quarterly.is_running is 'The quarter is not over at as_of; its ratio is to baseline quarters cut after as many working days';
comment on column review_quarterly.known_lines is 'Handwritten new-work lines merged where a review would be on record, bots'' and merges'' own apart';
comment on column review_quarterly.reviewed_lines is 'Of known_lines: reviewed by a person other than author and engineer';
comment on column review_quarterly.reviewed_share is 'reviewed_lines / known_lines; null: not known';
comment on column review_quarterly.reviewers is 'Persons who reviewed work of others that was merged in the quarter';
comment on column review_quarterly.reviewed_commits is 'Commits that they reviewed';
comment on column review_quarterly.lines_per_reviewer_day is 'known_lines / (reviewers x working_days); null: nobody on record';
comment on column review_quarterly.baseline_lines_per_reviewer_day is 'Unweighted mean of the baseline quarters'' values';
comment on column review_quarterly.ratio is 'lines_per_reviewer_day / baseline; null: no baseline, or fewer than 15 working days of a running quarter';
comment on column review_quarterly.merger_known_lines is 'Lines of which it is known who merged them';
comment on column review_quarterly.merged_by_author_share is 'Of these: merged by their own engineer, fraction of 1';
comment on column review_quarterly.requests is 'Imported requests merged';
comment on column review_quarterly.unreviewed is 'Of requests: merged with no review by a person';
comment on column review_quarterly.unreviewed_share is 'The same as a fraction of 1; null: no reviews were imported';
comment on column review_quarterly.hours_to_first_review is 'Median over requests that a person reviewed';
comment on column review_quarterly.hours_to_merge is 'Median over requests';
comment on column review_quarterly.rounds is 'Mean over requests that a person reviewed of how often one reviewer asked for changes';
