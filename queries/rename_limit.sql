-- question: In which commits were there too many files to look for renames that also changed the file?
-- grain: one row per commit whose added times deleted files exceed the square of git's limit, which is set to 1,000
-- units: files that were added and deleted; lines: that the added ones hold, and that so look new
-- parameters: none
select
    h.repo, h.sha, c.merged_at, count(*) filter (h.status = 'A') as added, count(*) filter (h.status = 'D') as deleted,
    coalesce(sum(h.added) filter (h.status = 'A'), 0)::bigint as lines
from changes as h join commits as c on c.repo = h.repo and c.sha = h.sha
where h.status in ('A', 'D')
group by h.repo, h.sha, c.merged_at
having count(*) filter (h.status = 'A') * count(*) filter (h.status = 'D') > 1000 * 1000
order by lines desc, h.repo, h.sha
