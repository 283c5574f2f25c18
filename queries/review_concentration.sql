-- question: How unequally is review spread over those who give it?
-- grain: one row per rank of a reviewer, in the year to as_of; nobody is named, and fewer than minimum_engineers have no row
-- units: reviews: requests, and commits whose trailers name the reviewer; share and reached as fractions of 1;
--   gini: 0 where all give as many, towards 1 where one gives all
-- parameters: none
with given as (
    select g.reviewer, count(distinct coalesce(g.repo || '#' || g.request, g.repo || ' ' || g.sha)) as reviews
    from (select repo, sha, merged_at, reviewer, max(request) as request from review_given group by all) as g, scope_settings as s
    where g.merged_at > s.as_of - interval 1 year
    group by g.reviewer
),
ranked as (
    select
        reviews, row_number() over (order by reviews desc, reviewer) as place, count(*) over () as reviewers,
        sum(reviews) over () as total, sum(reviews) over (order by reviews desc, reviewer) as reached
    from given
),
unequal as (select sum((reviewers + 1 - 2 * place) * reviews) / any_value(reviewers * total) as gini from ranked)
select
    r.place as rank, r.reviews::bigint as reviews, r.reviews / r.total as share, r.reached / r.total as reached,
    (r.reached - r.reviews) < 0.5 * r.total as is_first_half, r.reviewers, r.total::bigint as total, unequal.gini
from ranked as r, unequal, scope_settings as s
where r.reviewers >= s.minimum_engineers
order by r.place
