-- question: How many records of lines are about commits that the branch does not reach?
-- grain: one row per repository and ref with such records
-- units: records
-- parameters: none
with used as (select repo, sum(count)::bigint as used from records where state = 'used' group by repo)
select r.repo, r.origin, r.count as records, coalesce(u.used, 0) as used
from records as r left join used as u using (repo)
where r.state = 'elsewhere'
order by r.count desc, r.repo, r.origin
