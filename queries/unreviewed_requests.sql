-- question: Which requests were merged with no review by another person?
-- grain: one row per imported request merged so, of repositories whose reviews were imported, the latest first
-- units: lines of handwritten new work; hours from opening to merging; bot_reviews: reviews by agents and bots
-- parameters: since date null, names boolean false
select
    r.landed_at, r.repo, r.number, case when $names::boolean then q.title end as title,
    case when $names::boolean then p.name else p.pseudonym end as engineer,
    r.attribution, r.lines, r.commits, r.hours_to_merge, r.bot_reviews
from merged_requests as r
join pull_requests as q on q.repo = r.repo and q.number = r.number
left join people as p on p.person = r.engineer
where not r.is_reviewed and ($since::date is null or r.landed_at >= $since::date)
order by r.landed_at desc, r.repo, r.number
