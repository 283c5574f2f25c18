-- question: How many lines were gone again within their own landing, and so are in no figure?
-- grain: one row per repository whose lines are followed (basis landed)
-- units: lines of handwritten new work, bots' too: born = landed + intermediate; part: of born, fraction of 1
-- parameters: none
select
    l.repo, sum(l.line_count)::bigint as born, coalesce(sum(l.line_count) filter (l.landed), 0)::bigint as landed,
    coalesce(sum(l.line_count) filter (not l.landed), 0)::bigint as intermediate, intermediate / born as part
from line_spans as l
join merged_commits as c on c.repo = l.repo and c.sha = l.sha
join scope_settings as s on l.merged_at <= s.as_of
where c.is_new_work and l.file_class in ('code', 'test', 'docs', 'config')
group by l.repo
order by l.repo
