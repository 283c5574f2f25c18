-- question: How many lines did a commit add, how are they attributed, and what became of them?
-- grain: one row per commit, attribution, confidence, rule and agent
-- units: lines of text; merged: on the basis in force; counted: of merged, handwritten new work, the base of shares;
--   alive: of merged, still at the tip; alive and intermediate (born and gone within one landing) are null without line lives
-- parameters: repo varchar null, sha varchar null
with counts as (
    select
        repo, sha, attribution, confidence, coalesce(rule, '') as rule, coalesce(tool, '') as tool, sum(lines)::bigint as merged,
        coalesce(sum(lines) filter (is_handwritten and is_new_work), 0)::bigint as counted
    from merged_lines
    where ($repo::varchar is null or repo = $repo::varchar) and ($sha::varchar is null or sha = $sha::varchar)
    group by all
),
lives as (
    select
        repo, sha, attribution, confidence, coalesce(rule, '') as rule, coalesce(tool, '') as tool,
        coalesce(sum(line_count) filter (landed and died_sha is null), 0)::bigint as alive,
        coalesce(sum(line_count) filter (not landed), 0)::bigint as intermediate
    from line_spans
    where ($repo::varchar is null or repo = $repo::varchar) and ($sha::varchar is null or sha = $sha::varchar)
    group by all
)
select
    coalesce(c.repo, l.repo) as repo, coalesce(c.sha, l.sha) as sha, coalesce(c.attribution, l.attribution) as attribution,
    coalesce(c.confidence, l.confidence) as confidence, nullif(coalesce(c.rule, l.rule), '') as rule,
    nullif(coalesce(c.tool, l.tool), '') as tool, coalesce(c.merged, 0) as merged, coalesce(c.counted, 0) as counted,
    l.alive, l.intermediate
from counts as c
full join lives as l on l.repo = c.repo and l.sha = c.sha and l.attribution = c.attribution and l.confidence = c.confidence
    and l.rule = c.rule and l.tool = c.tool
order by repo, sha, merged desc, attribution, confidence, rule, tool
