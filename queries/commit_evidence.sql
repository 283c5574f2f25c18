-- question: What evidence is there about a commit, or about one of its lines, and which piece decided?
-- grain: one row per commit and piece of evidence; records of single lines are put together where they say the same
-- units: strength: 1 is the strongest piece of the commit; files, lines: those that the piece speaks of, null: the whole commit
-- parameters: repo varchar null, sha varchar null, path varchar null, line integer null
with steps as (
    select unnest(['line_record', 'author', 'trailer', 'export', 'bot_author', 'committer', 'footer', 'branch', 'heuristic', 'untimely']) as kind,
        generate_subscripts(['line_record', 'author', 'trailer', 'export', 'bot_author', 'committer', 'footer', 'branch', 'heuristic', 'untimely'], 1) as step
),
wanted as (
    select *, case when path is null then excerpt end as words
    from evidence
    where ($repo::varchar is null or repo = $repo::varchar) and ($sha::varchar is null or sha = $sha::varchar)
        and ($path::varchar is null or path is null or (
            path = $path::varchar
            and ($line::integer is null or line_start is null or $line::integer between line_start and line_start + line_count - 1)))
),
pieces as (
    select
        repo, sha, rule, kind, tool, model, attribution, confidence, scope, origin, words,
        any_value(excerpt) as excerpt, nullif(count(distinct path), 0) as files, sum(line_count)::bigint as lines,
        bool_or(decides) as decides
    from wanted
    group by repo, sha, rule, kind, tool, model, attribution, confidence, scope, origin, words
)
select
    p.repo, p.sha,
    row_number() over (
        partition by p.repo, p.sha
        order by coalesce(steps.step, 99), list_position(['ai', 'assisted', 'bot', 'human', 'unknown'], p.attribution),
            list_position(['high', 'medium', 'low'], p.confidence), p.rule, p.excerpt, p.origin, p.tool, p.model
    ) as strength,
    p.decides, p.kind, p.rule, p.tool, p.model, p.attribution, p.confidence, p.scope, p.origin, p.excerpt, p.files, p.lines
from pieces as p left join steps on steps.kind = p.kind
order by p.repo, p.sha, strength
