-- question: Where would another branch tell more about when work was merged?
-- grain: one row per repository whose branch consists of few and large merges, and other branch that has far more landings
-- units: landings: mainline commits; per_landing: commits that one brings in, at the mean
-- parameters: none
with landed as (select repo, count(*) filter (is_mainline) as landings, count(*) as commits from commits group by repo)
select r.repo, r.branch, l.landings, l.commits / nullif(l.landings, 0) as per_landing, o.name as better, o.count as its_landings
from observations as o join repos as r using (repo) join landed as l using (repo)
where o.what = 'landings'
order by o.count desc, r.repo, o.name
