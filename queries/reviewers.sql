-- question: Who reviews, and how much?
-- grain: one row per person who reviewed others' work, over all time or the days given; by pseudonym, or by name
-- units: reviews: requests, and commits whose trailers name the person; weeks: with a review; lines of handwritten new work,
--   in full for each reviewer; share: of all reviews, fraction of 1
-- parameters: names boolean false, since date null, until date null
with lines as (
    select repo, sha, sum(lines) as lines from merged_lines where is_handwritten and is_new_work and attribution <> 'bot' group by all
),
given as (
    select repo, sha, merged_at, reviewer, max(request) as request from review_given
    where ($since::date is null or merged_at >= $since::date) and ($until::date is null or merged_at < $until::date)
    group by all
),
roles as (
    select
        reviewer, count(*) filter (role = 'reviewed') as reviewed_by, count(*) filter (role = 'acked') as acked_by,
        count(*) filter (role = 'tested') as tested_by
    from review_trailers as t semi join given as g on g.repo = t.repo and g.sha = t.sha and g.reviewer = t.reviewer
    group by reviewer
),
counted as (
    select
        g.reviewer, count(distinct coalesce(g.repo || '#' || g.request, g.repo || ' ' || g.sha)) as reviews, count(*) as commits,
        count(distinct date_trunc('week', g.merged_at)) as weeks, coalesce(sum(l.lines), 0)::bigint as lines,
        min(g.merged_at)::date as first_day, max(g.merged_at)::date as last_day
    from given as g left join lines as l on l.repo = g.repo and l.sha = g.sha
    group by g.reviewer
)
select
    case when $names::boolean then coalesce(p.name, c.reviewer) else coalesce(p.pseudonym, 'Reviewer ' || left(sha256(c.reviewer), 6)) end as person,
    p.team, c.reviews, c.reviews / sum(c.reviews) over () as share, c.commits, c.lines, c.weeks, c.lines / c.weeks as lines_per_week,
    coalesce(r.reviewed_by, 0) as reviewed_by, coalesce(r.acked_by, 0) as acked_by, coalesce(r.tested_by, 0) as tested_by,
    c.first_day, c.last_day,
    case when $names::boolean or p.person is not null then c.reviewer else left(sha256(c.reviewer), 12) end as person_id
from counted as c
left join roles as r on r.reviewer = c.reviewer
left join people as p on p.person = c.reviewer
order by c.reviews desc, person_id
