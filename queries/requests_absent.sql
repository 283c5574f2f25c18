-- question: Which repositories squash requests whose own commits cannot be looked at?
-- grain: one row per repository with squashed requests of which neither a ref nor an imported row is at hand
-- units: squashed: mainline commits with one parent whose message names a request; bare: of them, those without evidence of AI
-- parameters: none
with squashed_in as (
    select repo, count(*) as squashed, count(*) filter (attribution = 'human') as bare
    from commits
    where is_mainline and not is_merge and request is not null
    group by repo
),
refs as (select repo, sum(count)::bigint as refs from observations where what = 'request_refs' group by repo),
known as (select repo, count(*) as requests from pull_requests group by repo)
select s.repo, s.squashed, s.bare
from squashed_in as s left join refs using (repo) left join known using (repo)
where coalesce(refs.refs, 0) = 0 and coalesce(known.requests, 0) = 0
order by s.squashed desc, s.repo
