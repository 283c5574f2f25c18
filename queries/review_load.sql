-- question: How much do reviewers carry, week by week?
-- grain: one row per week and person who reviewed others' work or merged it; persons by pseudonym, or by name
-- units: lines of handwritten new work, in full for each reviewer; reviews: requests, and commits whose trailers name the person
-- parameters: names boolean false, since date null
select
    l.week, case when $names::boolean then coalesce(p.name, l.reviewer) else coalesce(l.pseudonym, 'Reviewer ' || left(sha256(l.reviewer), 6)) end as person,
    l.team, l.reviews, l.commits, l.lines, l.ai, l.human, l.merged_commits, l.merged_lines,
    case when $names::boolean or p.person is not null then l.reviewer else left(sha256(l.reviewer), 12) end as person_id
from review_load as l left join people as p on p.person = l.reviewer
where $since::date is null or l.week >= $since::date
order by l.week, person, person_id
