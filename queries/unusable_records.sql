-- question: Which records of lines cannot be used, and why?
-- grain: one row per repository, ref or file, and reason
-- units: records
-- parameters: none
select repo, regexp_replace(origin, '[0-9a-f]{40,64}$', '…') as origin, why, count(*) as records, min(sha) as example
from unusable_records
group by all
order by records desc, repo, origin, why
