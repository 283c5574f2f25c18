-- question: How much of the code that is there, at the tip or at an earlier day or landing, was written by AI?
-- grain: one row in all, none where nothing had been merged
-- units: handwritten lines, whoever put them there and in whatever commit; shares are fractions of 1; text: lines of
--   every file class; not_new_work: of denominator, lines of imports, duplicates, reverts and other commits that are no
--   new work, and share_new_work is the share without them; lines that a commit only reformatted keep the attribution of
--   those that they replaced; landing is the id of a landing; without it and a day, whose last landing counts, as_of's;
--   path is a pattern in which * also matches /, or a folder, as the file's path is then
-- parameters: day date null, landing varchar null, repos varchar[] null, path varchar null
with recursive places as (
    select repo, sha, ordinal, merged_at from commits
    where is_mainline and merge_sha = sha and ($repos::varchar[] is null or list_contains($repos::varchar[], repo))
),
points as (
    select p.repo, max(p.ordinal) as ordinal
    from places as p, scope_settings as s
    where case when $landing::varchar is not null then p.sha = $landing::varchar
               when $day::date is not null then p.merged_at::date <= $day::date
               else p.merged_at <= s.as_of end
    group by p.repo
),
alive as materialized (
    select
        l.repo, l.sha, l.path, l.line_start, l.line_count, l.file_class, l.attribution, l.confidence, l.kind,
        l.succeeds_sha, l.succeeds_path, l.succeeds_line, coalesce(l.landed_path, l.path) as at_path, born.ordinal as landed_at
    from line_spans as l
    join points on points.repo = l.repo
    join places as born on born.repo = l.repo and born.sha = l.merge_sha and born.ordinal <= points.ordinal
    left join places as died on died.repo = l.repo and died.sha = l.died_merge_sha
    where l.landed and coalesce(died.ordinal > points.ordinal, true)
),
-- where a file's lines had gone by then: from the landing, or the rename before, to the next rename
renames as (
    select
        r.repo, r.old_path, c.ordinal, min(r.path) as path,
        coalesce(lag(c.ordinal) over (partition by r.repo, r.old_path order by c.ordinal), -1) as before
    from mainline_renames as r
    join places as c on c.repo = r.repo and c.sha = r.merge_sha
    join points on points.repo = r.repo and c.ordinal <= points.ordinal
    group by r.repo, r.old_path, c.ordinal
),
moved as (
    select distinct repo, at_path as from_path, landed_at, at_path as path, landed_at as since
    from alive where $path::varchar is not null
    union all
    select m.repo, m.from_path, m.landed_at, r.path, r.ordinal
    from moved as m
    join renames as r on r.repo = m.repo and r.old_path = m.path and r.before <= m.since and m.since < r.ordinal
),
standing as (
    select repo, from_path, landed_at, arg_max(path, since) as path from moved group by repo, from_path, landed_at
),
wanted as materialized (
    select a.*
    from alive as a
    left join standing as s on s.repo = a.repo and s.from_path = a.at_path and s.landed_at = a.landed_at
    where $path::varchar is null or s.path glob $path::varchar or starts_with(s.path, rtrim($path::varchar, '/') || '/')
),
-- lines that took the place of others but for whitespace go by the attribution of those
traced as (
    select
        repo, sha, file_class, line_count, sha as of_sha, attribution, confidence, kind,
        succeeds_sha, succeeds_path, succeeds_line
    from wanted where succeeds_sha is not null
    union all
    select
        t.repo, t.sha, t.file_class,
        least(o.line_start + o.line_count, t.succeeds_line + t.line_count) - greatest(o.line_start, t.succeeds_line),
        o.sha, o.attribution, o.confidence, o.kind,
        o.succeeds_sha, o.succeeds_path, o.succeeds_line + greatest(o.line_start, t.succeeds_line) - o.line_start
    from traced as t
    join line_spans as o on o.repo = t.repo and o.sha = t.succeeds_sha and o.path = t.succeeds_path
        and o.line_start < t.succeeds_line + t.line_count and o.line_start + o.line_count > t.succeeds_line
),
ends as (
    select repo, sha, file_class, line_count, sha as of_sha, attribution, confidence, kind from wanted where succeeds_sha is null
    union all
    select repo, sha, file_class, line_count, of_sha, attribution, confidence, kind from traced where succeeds_sha is null
),
lines as (
    select
        t.lines, t.attribution, t.confidence, t.file_class in ('code', 'test', 'docs', 'config') as is_handwritten,
        not c.is_bulk and c.dup_of is null and c.reverts is null and h.sha is null as is_new_work,
        t.attribution = 'ai' and (of_commit.scope = 'line' or coalesce(t.kind = 'author', false)) as is_attested
    from (
        select repo, sha, of_sha, file_class, attribution, confidence, kind, sum(line_count) as lines from ends group by all
    ) as t
    join commits as c on c.repo = t.repo and c.sha = t.sha
    left join shared_commits as h on h.repo = t.repo and h.sha = t.sha
    join commits as of_commit on of_commit.repo = t.repo and of_commit.sha = t.of_sha
),
sums as (
    select
        coalesce(sum(lines) filter (is_handwritten and attribution = 'ai'), 0)::bigint as ai,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'assisted'), 0)::bigint as assisted,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'human'), 0)::bigint as human,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'bot'), 0)::bigint as bot,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'unknown'), 0)::bigint as unread,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'ai' and confidence <> 'low'), 0)::bigint as sure,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'ai' and confidence = 'high'), 0)::bigint as strict,
        coalesce(sum(lines) filter (is_handwritten and is_attested and confidence <> 'low'), 0)::bigint as attested,
        coalesce(sum(lines) filter (is_handwritten and attribution = 'human' and confidence = 'high'), 0)::bigint as own_hand,
        coalesce(sum(lines) filter (
            is_handwritten and attribution in ('ai', 'assisted', 'human') and not is_new_work), 0)::bigint as not_new,
        coalesce(sum(lines) filter (
            is_handwritten and attribution = 'ai' and confidence <> 'low' and not is_new_work), 0)::bigint as not_new_sure,
        coalesce(sum(lines), 0)::bigint as text
    from lines
),
figures as (select *, ai + assisted + human as of_all, ai + assisted + own_hand as evident from sums),
merged as (
    select count(*) as commits, count(*) filter (c.is_unknown) as unknown_commits
    from commits as c
    join points on points.repo = c.repo
    join places as l on l.repo = c.repo and l.sha = c.merge_sha and l.ordinal <= points.ordinal
)
select
    ai, assisted, human, bot, unread as unknown_lines,
    sure as numerator, of_all as denominator, sure / nullif(of_all, 0) as share,
    strict as strict_numerator, text as strict_denominator, strict / nullif(text, 0) as share_strict,
    ai + assisted as high_numerator, (ai + assisted) / nullif(of_all, 0) as share_high,
    attested as min_numerator, attested / nullif(of_all, 0) as share_min,
    of_all - own_hand as max_numerator, (of_all - own_hand) / nullif(of_all, 0) as share_max,
    evident as covered, evident / nullif(of_all, 0) as coverage,
    not_new as not_new_work, (sure - not_new_sure) / nullif(of_all - not_new, 0) as share_new_work,
    commits, unknown_commits, unknown_commits / nullif(commits, 0) as unknown, 'landed' as basis
from figures, merged
where commits > 0
