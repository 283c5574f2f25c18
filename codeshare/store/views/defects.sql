-- Fixes, and the commits whose lines they changed.

create or replace view fix_commits as
with touched as materialized (
    select repo, sha, bool_or(file_class in ('code', 'config')) as has_code
    from changes semi join fixes using (repo, sha)
    group by all
),
signs as (
    select
        f.repo, f.sha, f.kind, f.named_sha,
        case f.confidence when 'high' then 3 when 'medium' then 2 else 1 end
            -- what mends only tests or documentation mends no fault of the product
            - case when coalesce(t.has_code, false) then 0 else 1 end as sure
    from fixes as f
    left join touched as t on t.repo = f.repo and t.sha = f.sha
),
best as materialized (
    select repo, sha, max(sure) as sure, arg_max(kind, sure * 10 + case kind when 'trailer' then 7 when 'named' then 6
        when 'issue' then 5 when 'pattern' then 4 when 'conventional' then 3 when 'subject' then 2 else 1 end) as kind,
        count(named_sha) > 0 as names_origin
    from signs where sure > 0
    group by repo, sha
)
select
    b.repo, b.sha, c.merged_at, c.month, c.attribution, c.tool, c.engineer, b.kind,
    case b.sure when 3 then 'high' when 2 then 'medium' else 'low' end as confidence,
    b.sure >= 2 as is_counted, b.names_origin
from best as b
join merged_commits as c on c.repo = b.repo and c.sha = b.sha
join commits as o on o.repo = b.repo and o.sha = b.sha
where c.is_new_work and not o.is_merge;
comment on view fix_commits is 'One row per commit of new work that mends something, by its strongest sign';
comment on column fix_commits.repo is 'Repository';
comment on column fix_commits.sha is 'Commit';
comment on column fix_commits.merged_at is 'When its landing reached the branch, UTC';
comment on column fix_commits.month is 'First day of the month of merged_at';
comment on column fix_commits.attribution is 'ai, assisted, human (no AI evidence), bot or unknown';
comment on column fix_commits.tool is 'Agent, assistant or bot';
comment on column fix_commits.engineer is 'people.person accountable; null: unassigned';
comment on column fix_commits.kind is 'The sign: trailer, named, issue, pattern, conventional, subject or words';
comment on column fix_commits.confidence is 'high, medium or low; one step less where no file of code or configuration was changed';
comment on column fix_commits.is_counted is 'high or medium: it counts in the figures';
comment on column fix_commits.names_origin is 'Its message names the commit at fault';

create or replace view fix_origins as
-- materialized: joined at once, the optimizer takes all commits times all fixes of a repository
with mending as materialized (from fix_commits),
named as materialized (
    select distinct f.repo, f.sha as fix_sha, f.named_sha as sha
    from fixes as f
    join mending as x on x.repo = f.repo and x.sha = f.sha
    where f.named_sha is not null
),
named_shares as materialized (
    select
        n.repo, n.fix_sha, n.sha, l.path, coalesce(l.attribution, c.attribution) as attribution,
        coalesce(l.merged_at, c.merged_at) as merged_at, 0::bigint as lines,
        1 / count(distinct n.sha) over (partition by n.repo, n.fix_sha)
            * coalesce(l.lines / nullif(sum(l.lines) over (partition by n.repo, n.fix_sha, n.sha), 0), 1) as share
    from named as n
    join commits as c on c.repo = n.repo and c.sha = n.sha
    left join landed_lines as l on l.repo = n.repo and l.sha = n.sha and l.file_class = 'code'
),
by_lines as materialized (
    select f.repo, f.fix_sha, f.sha, f.path, f.attribution, f.merged_at, f.code_lines as lines,
        f.code_lines / sum(f.code_lines) over (partition by f.repo, f.fix_sha) as share
    from fixed_lines as f
    join merged_commits as o on o.repo = f.repo and o.sha = f.sha and o.is_new_work
    anti join named as n on n.repo = f.repo and n.fix_sha = f.fix_sha
    where f.file_class = 'code' and f.code_lines > 0
),
origins as (
    select *, 'named' as how from named_shares
    union all
    select *, 'lines' as how from by_lines
)
select
    o.repo, o.fix_sha, o.sha, o.path, o.how, x.confidence, x.is_counted, o.attribution, x.attribution as fix_attribution,
    o.merged_at, x.merged_at as fixed_at, (epoch(x.merged_at) - epoch(o.merged_at)) / 86400 as days, o.lines, o.share
from origins as o
join mending as x on x.repo = o.repo and x.sha = o.fix_sha
where x.merged_at >= o.merged_at;
comment on view fix_origins is 'One row per fix, commit and file whose lines it changed: what the fix mended, as far as lines tell';
comment on column fix_origins.repo is 'Repository';
comment on column fix_origins.fix_sha is 'The commit that mends';
comment on column fix_origins.sha is 'The commit at fault';
comment on column fix_origins.path is 'File, as the commit at fault left it; null: it landed no code';
comment on column fix_origins.how is 'named: the fix names it; lines: the fix removed lines of code that it had added';
comment on column fix_origins.confidence is 'Of the fix: high, medium or low';
comment on column fix_origins.is_counted is 'The fix is high or medium';
comment on column fix_origins.attribution is 'Of the lines at fault: ai, assisted, human (no AI evidence), bot or unknown';
comment on column fix_origins.fix_attribution is 'Of the fix';
comment on column fix_origins.merged_at is 'When the lines at fault reached the branch, UTC';
comment on column fix_origins.fixed_at is 'When the fix did, UTC';
comment on column fix_origins.days is 'Days between the two';
comment on column fix_origins.lines is 'Lines of code removed or changed, neither blank nor comments; 0 where the commit is named';
comment on column fix_origins.share is 'Of the fix: all rows of a fix add up to 1';

create or replace view defect_exposure as
with first_seen as materialized (select repo, path, min(merged_at) as born from landed_lines group by repo, path),
code as materialized (
    select
        l.repo, l.sha, l.path, l.attribution, l.merged_at, sum(l.lines) as lines
    from landed_lines as l
    join merged_commits as c on c.repo = l.repo and c.sha = l.sha and c.is_new_work
    join scope_settings as s on s.basis = 'landed' and l.merged_at <= s.as_of and l.merged_at >= s.baseline_since
    where l.file_class = 'code'
    group by l.repo, l.sha, l.path, l.attribution, l.merged_at
),
sizes as (select repo, sha, sum(lines) as lines from code group by repo, sha),
faults as materialized (
    select
        repo, sha, path, attribution, merged_at,
        coalesce(sum(share) filter (days <= 90 and is_counted), 0) as defects_90,
        coalesce(sum(share) filter (days <= 180 and is_counted), 0) as defects_180,
        coalesce(sum(share) filter (days <= 90), 0) as defects_90_any,
        coalesce(sum(lines) filter (days <= 90 and is_counted), 0) as fixed_90
    from fix_origins
    group by all
)
select
    c.repo, c.sha, c.path, c.attribution, c.merged_at, date_trunc('quarter', c.merged_at)::date as quarter,
    case when c.merged_at <= f.born then 'new' when c.merged_at < f.born + interval 180 day then 'young' else 'old' end as file_age,
    case when z.lines <= 50 then 'small' when z.lines <= 500 then 'middle' else 'large' end as commit_size,
    c.lines::bigint as lines, c.merged_at <= s.as_of - interval 90 day as is_closed_90,
    c.merged_at <= s.as_of - interval 180 day as is_closed_180,
    coalesce(x.defects_90, 0) as defects_90, coalesce(x.defects_180, 0) as defects_180,
    coalesce(x.defects_90_any, 0) as defects_90_any, coalesce(x.fixed_90, 0)::bigint as fixed_90
from code as c
join sizes as z on z.repo = c.repo and z.sha = c.sha
join scope_settings as s on true
join first_seen as f on f.repo = c.repo and f.path = c.path
left join faults as x on x.repo = c.repo and x.sha = c.sha and x.path = c.path and x.attribution = c.attribution
    and x.merged_at = c.merged_at;
comment on view defect_exposure is 'Landed lines of code files, new work, since the baseline began, by commit, file and attribution, with the fixes that mended them; none on the basis added';
comment on column defect_exposure.repo is 'Repository';
comment on column defect_exposure.sha is 'Commit that added the lines';
comment on column defect_exposure.path is 'File, as the commit left it';
comment on column defect_exposure.attribution is 'ai, assisted, human (no AI evidence), bot or unknown';
comment on column defect_exposure.merged_at is 'When the lines reached the branch, UTC';
comment on column defect_exposure.quarter is 'First day of the quarter of merged_at';
comment on column defect_exposure.file_age is 'new: nothing had landed in the file before; young: the first lines had landed less than 180 days before; old';
comment on column defect_exposure.commit_size is 'Lines of code that the commit landed: small to 50, middle to 500, large';
comment on column defect_exposure.lines is 'Landed lines';
comment on column defect_exposure.is_closed_90 is 'The 90 days after landing have passed at as_of';
comment on column defect_exposure.is_closed_180 is 'The 180 days after landing have passed at as_of';
comment on column defect_exposure.defects_90 is 'Fixes (high, medium) within 90 days, each counted once over all that it mended';
comment on column defect_exposure.defects_180 is 'The same within 180 days';
comment on column defect_exposure.defects_90_any is 'Within 90 days, fixes of low confidence too';
comment on column defect_exposure.fixed_90 is 'Lines of code that fixes (high, medium) changed within 90 days';

create or replace view fixes_monthly as
with counted as (
    select c.month, c.attribution, count(*) as commits
    from merged_commits as c
    join commits as o on o.repo = c.repo and o.sha = c.sha
    where c.is_new_work and not o.is_merge and not c.is_unknown
    group by all
),
mending as (
    select month, attribution, count(*) filter (is_counted) as fixes, count(*) as fixes_any
    from fix_commits group by all
)
select
    n.month, n.attribution, n.commits, coalesce(m.fixes, 0) as fixes, coalesce(m.fixes_any, 0) as fixes_any,
    coalesce(m.fixes, 0) / n.commits as share,
    not is_over(period_end('month', n.month), s.as_of) as is_running
from counted as n
join scope_settings as s on true
left join mending as m on m.month = n.month and m.attribution = n.attribution
order by n.month, n.attribution;
comment on view fixes_monthly is 'Fixes merged by month and attribution of the fix';
comment on column fixes_monthly.month is 'First day of the month';
comment on column fixes_monthly.attribution is 'Of the commit: ai, assisted, human (no AI evidence), bot or unknown';
comment on column fixes_monthly.commits is 'Commits of new work, merges not counted';
comment on column fixes_monthly.fixes is 'Of commits: mend something (high, medium)';
comment on column fixes_monthly.fixes_any is 'Of commits: of any confidence';
comment on column fixes_monthly.share is 'fixes / commits';
comment on column fixes_monthly.is_running is 'The month is not over at as_of';

create or replace view fix_habits as
with counted as (
    select c.repo, c.sha, c.attribution
    from merged_commits as c
    join commits as o on o.repo = c.repo and o.sha = c.sha
    join scope_settings as s on c.merged_at >= s.baseline_since
    where c.is_new_work and not o.is_merge and not c.is_unknown
)
select
    c.attribution, count(*) as commits, count(*) filter (f.is_counted) as fixes,
    count(*) filter (f.is_counted) / count(*) as share,
    count(f.sha) / count(*) as share_any,
    count(*) filter (f.kind = 'conventional') / count(*) as conventional,
    count(*) filter (f.kind = 'subject') / count(*) as by_subject,
    count(*) filter (f.kind = 'issue') / count(*) as by_issue,
    count(*) filter (f.names_origin) / count(*) as names_origin
from counted as c
left join fix_commits as f on f.repo = c.repo and f.sha = c.sha
group by c.attribution
order by c.attribution;
comment on view fix_habits is 'How often commits of each attribution say that they mend something: the habit behind every count of fixes; since the baseline began';
comment on column fix_habits.attribution is 'Of the commit: ai, assisted, human (no AI evidence), bot or unknown';
comment on column fix_habits.commits is 'Commits of new work, merges not counted';
comment on column fix_habits.fixes is 'Of commits: fixes (high, medium)';
comment on column fix_habits.share is 'fixes / commits';
comment on column fix_habits.share_any is 'Fixes of any confidence / commits';
comment on column fix_habits.conventional is 'Part of commits whose best sign is fix: in its form';
comment on column fix_habits.by_subject is 'Part of commits whose best sign is a subject that begins with fix';
comment on column fix_habits.by_issue is 'Part of commits whose best sign is an issue that they fix, close or resolve';
comment on column fix_habits.names_origin is 'Part of commits that name the commit at fault';
