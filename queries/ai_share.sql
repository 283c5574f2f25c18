-- question: How much of the code merged by period, in these days, repositories, paths or commits, was written by AI?
-- grain: one row per day, week, month, quarter or year with none left out, or one row in all (period null)
-- units: lines of handwritten new work; shares are fractions of 1; until is the first day not counted;
--   path is a pattern in which * also matches /, or a folder: commits are then those that change such a file, or may
--   have, where that could not be read
-- parameters: part varchar month, since date null, until date null, repos varchar[] null, path varchar null, shas varchar[] null
with touching as (
    select repo, sha from changes where path glob $path::varchar or starts_with(path, rtrim($path::varchar, '/') || '/')
    union
    select repo, sha from skipped where path glob $path::varchar or starts_with(path, rtrim($path::varchar, '/') || '/')
    union
    select repo, sha from merged_commits anti join (select repo, sha from skipped where path is not null) using (repo, sha)
    where is_unknown and $path::varchar is not null
),
landed as (
    select
        period_of($part::varchar, merged_at) as period, count(*) as commits,
        count(*) filter (is_unknown) as unknown_commits
    from merged_commits semi join touching using (repo, sha)
    where ($since::date is null or merged_at >= $since::date) and ($until::date is null or merged_at < $until::date)
        and ($repos::varchar[] is null or list_contains($repos::varchar[], repo))
        and ($shas::varchar[] is null or sha in (select unnest($shas::varchar[])))
    group by period
),
shares as (
    from ai_share_in($part::varchar, $since::date, $until::date, $repos::varchar[], $path::varchar, $shas::varchar[])
),
counted as (
    select
        shares.*,
        case when $path::varchar is null then shares.commits else coalesce(landed.commits, 0) end as commits_in,
        case when $path::varchar is null then shares.unknown_commits else coalesce(landed.unknown_commits, 0) end as unknown_in
    from shares left join landed on landed.period = shares.period or shares.period is null
)
select
    * exclude (commits_in, unknown_in)
    replace (
        commits_in as commits, unknown_in as unknown_commits, unknown_in / nullif(commits_in, 0) as unknown,
        unknown_in > 0.05 * commits_in as is_incomplete
    )
from counted
order by period
