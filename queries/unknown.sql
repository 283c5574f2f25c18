-- question: What could not be read, and how can it be had?
-- grain: one row per repository that is a shallow or partial clone, or of which something is missing
-- units: commits; unknown: fraction of 1; skipped: objects that could not be read; lost_lines: landed lines of which it is not known for that reason whether they are alive
-- parameters: none
with commits_in as (select repo, count(*) as commits, count(*) filter (is_unknown) as unknown_commits from merged_commits group by repo),
missing as (select repo, count(*) as skipped, string_agg(distinct why, '; ' order by why) as why from skipped group by repo),
lost as (select repo, sum(line_count)::bigint as lines from seen_spans where landed and lost_at is not null group by repo)
select
    r.repo, r.is_shallow, r.is_partial, coalesce(c.commits, 0) as commits, coalesce(c.unknown_commits, 0) as unknown_commits,
    c.unknown_commits / nullif(c.commits, 0) as unknown, coalesce(m.skipped, 0) as skipped, coalesce(l.lines, 0) as lost_lines, m.why,
    case when r.is_shallow then 'git fetch --unshallow'
         when coalesce(c.unknown_commits, 0) = 0 then null
         when r.is_partial then 'git fetch --refetch --no-filter'
         else 'git fsck, then fetch what is missing' end as remedy
from repos as r left join commits_in as c on c.repo = r.repo left join missing as m on m.repo = r.repo left join lost as l on l.repo = r.repo
where r.is_shallow or r.is_partial or c.unknown_commits > 0 or m.skipped > 0
order by r.repo
