-- question: How many recorded entries are of agents that exist in tests alone, and were left out?
-- grain: one row per repository with such entries
-- units: entries of records
-- parameters: none
select repo, sum(count)::bigint as entries from records where state = 'test agent' group by repo order by entries desc, repo
