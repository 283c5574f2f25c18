-- question: How unequally is review spread over those who give it, without showing anybody's part?
-- grain: one row per group, that of most reviews first: the reviewers of the year to as_of, in the order of their reviews, cut into
--   groups of minimum_engineers or a few more; fewer reviewers have no row
-- units: reviews: of the whole group; share: of all reviews, fraction of 1; reached: share of this group and those before it;
--   gini: over reviewers, 0 where all give as many, towards 1 where one gives all
-- parameters: none
with given as (
    select g.reviewer, count(distinct coalesce(g.repo || '#' || g.request, g.repo || ' ' || g.sha)) as reviews
    from (select repo, sha, merged_at, reviewer, max(request) as request from review_given group by all) as g, scope_settings as s
    where g.merged_at > s.as_of - interval 1 year
    group by g.reviewer
),
ranked as (
    select
        g.reviews, row_number() over (order by g.reviews desc, g.reviewer) as place, count(*) over () as reviewers,
        sum(g.reviews) over () as total, greatest(s.minimum_engineers, 1) as least
    from given as g, scope_settings as s
),
unequal as (select sum((reviewers + 1 - 2 * place) * reviews) / any_value(reviewers * total) as gini from ranked),
groups as (
    select ((place - 1) * (reviewers // least) // reviewers) + 1 as group_number, count(*) as engineers, sum(reviews)::bigint as reviews,
        any_value(reviewers) as reviewers, any_value(total)::bigint as total
    from ranked where reviewers >= least group by group_number
)
select
    g.group_number, g.engineers, g.reviews, g.reviews / g.total as share, sum(g.reviews) over (order by g.group_number) / g.total as reached,
    g.reviewers, g.total, unequal.gini
from groups as g, unequal
order by g.group_number
