-- question: Which repositories are counted, and how much of each could be read?
-- grain: one row per repository
-- units: commits; lines of handwritten new work; shares are fractions of 1
-- parameters: none
with commits_in as (
    select repo, count(*) as commits, count(*) filter (is_unknown) as unknown_commits,
        min(merged_at) as first_merged_at, max(merged_at) as last_merged_at
    from merged_commits group by repo
),
lines as (
    select
        repo, sum(lines) as lines, sum(lines) filter (attribution = 'ai' and confidence <> 'low') as numerator,
        sum(lines) filter (attribution in ('ai', 'assisted', 'human')) as denominator
    from merged_lines where is_handwritten and is_new_work group by repo
)
select
    r.repo, r.branch, r.tip_sha, r.basis, r.is_shallow, r.is_partial,
    coalesce(c.commits, 0) as commits, coalesce(c.unknown_commits, 0) as unknown_commits, c.first_merged_at, c.last_merged_at,
    coalesce(l.lines, 0)::bigint as lines, coalesce(l.numerator, 0)::bigint as numerator,
    coalesce(l.denominator, 0)::bigint as denominator, coalesce(l.numerator, 0) / nullif(l.denominator, 0) as share,
    r.repo in (select stale.repo from stale_repositories as stale) as is_stale
from repos as r left join commits_in as c on c.repo = r.repo left join lines as l on l.repo = r.repo
order by r.repo
