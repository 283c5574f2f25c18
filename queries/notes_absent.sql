-- question: Which repositories show that agents' records were kept for them, while none is at hand?
-- grain: one row per repository and tool
-- units: commits that show it
-- parameters: none
with signs as (
    select repo, 'git-ai' as tool, sum(commits)::bigint as commits from identities
    where lower(email) in ('bot@usegitai.com', 'git-ai@local') group by repo
    union all
    select repo, 'git-ai', count(distinct sha) from changes
    where regexp_matches(lower(path), '(^|/)\.git-ai(/|\.)|^\.github/workflows/[^/]*git-ai[^/]*\.ya?ml$') group by repo
    union all
    select repo, 'Entire', count(distinct sha) from trailers where lower(key) = 'entire-checkpoint' group by repo
),
at_hand as (
    select repo, 'git-ai' as tool from records where state in ('used', 'elsewhere')
    union all
    select repo, 'Entire' from evidence where rule = 'entire.share'
)
select repo, tool, sum(commits)::bigint as commits
from signs
where commits > 0 and (repo, tool) not in (select (repo, tool) from at_hand)
group by repo, tool
order by repo, tool
