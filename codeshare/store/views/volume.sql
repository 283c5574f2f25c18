-- working days --------------------------------------------------------------------------------------------

create or replace view working_day as
with bounds as (
    select date_trunc('quarter', min(c.merged_at)) as first_day, date_trunc('quarter', max(s.as_of)) + interval 3 month as end_day
    from merged_commits as c, scope_settings as s
),
days as (select unnest(generate_series(first_day, end_day - interval 1 day, interval 1 day))::date as day from bounds)
select date_trunc('quarter', day)::date as quarter, day, row_number() over (partition by date_trunc('quarter', day) order by day) as ordinal
from days
where isodow(day) <= 5 and day not in (select h.day from holidays as h);
comment on view working_day is 'One row per working day from the quarter of the first merge to that of as_of: Monday to Friday less holidays';
comment on column working_day.quarter is 'First day of the quarter';
comment on column working_day.day is 'The working day';
comment on column working_day.ordinal is 'Its number within the quarter, 1-based';

create or replace view working_days as
select
    w.quarter, count(*) as days, count(*) filter (w.day <= s.as_of::date) as days_elapsed,
    not is_over(period_end('quarter', w.quarter), any_value(s.as_of)) as is_running
from working_day as w, scope_settings as s
group by w.quarter
order by w.quarter;
comment on view working_days is 'One row per quarter from the first merge to as_of';
comment on column working_days.quarter is 'First day of the quarter';
comment on column working_days.days is 'Working days of the whole quarter';
comment on column working_days.days_elapsed is 'Working days up to as_of';
comment on column working_days.is_running is 'The quarter is not over at as_of';

-- volume --------------------------------------------------------------------------------------------------

create or replace view volume_window as
with running as (select * from working_days where is_running and days_elapsed < days),
whole as (
    select w.quarter, false as is_cut, w.days_elapsed as working_days, period_end('quarter', w.quarter) as end_day,
        w.quarter >= s.baseline_since and w.quarter < s.baseline_until and not w.is_running as is_baseline,
        w.is_running
    from working_days as w, scope_settings as s
),
cut as (
    select w.quarter, true as is_cut, max(d.ordinal) as working_days, max(d.day) + 1 as end_day, true as is_baseline, false as is_running
    from whole as w, running, working_day as d
    where w.is_baseline and d.quarter = w.quarter and d.ordinal <= running.days_elapsed
    group by w.quarter
)
from whole union all from cut;
comment on view volume_window is 'One row per quarter as a whole, and per baseline quarter cut after as many working days as the running quarter has';
comment on column volume_window.quarter is 'First day of the quarter';
comment on column volume_window.is_cut is 'The baseline quarter as the running quarter is compared with it';
comment on column volume_window.working_days is 'Working days counted';
comment on column volume_window.end_day is 'First day not counted';
comment on column volume_window.is_baseline is 'Part of the baseline; a quarter that is not over never is';
comment on column volume_window.is_running is 'The quarter is not over at as_of';

create or replace view volume_by_window as
with windows as materialized (from volume_window),
active as (
    select w.quarter, w.is_cut, c.engineer as person, count(*) as commits, count(distinct c.day) as merge_days
    from merged_commits as c join windows as w on w.quarter = c.quarter and c.merged_at < w.end_day
    where c.engineer is not null
    group by all
),
lines as (
    select
        w.quarter, w.is_cut, l.engineer as person, sum(l.lines) as lines,
        sum(l.lines) filter (l.attribution = 'ai') as ai, sum(l.lines) filter (l.attribution = 'assisted') as assisted,
        sum(l.lines) filter (l.attribution = 'human') as human,
        sum(l.lines) filter (l.is_outlier) as outlier_lines, sum(l.moved) as moved_lines
    from merged_lines as l join windows as w on w.quarter = l.quarter and l.merged_at < w.end_day
    where l.engineer is not null and l.is_handwritten and l.is_new_work
    group by all
)
select
    w.quarter, w.is_cut, w.is_baseline, w.is_running, active.person, active.commits, active.merge_days, w.working_days,
    coalesce(lines.lines, 0)::bigint as lines, coalesce(ai, 0)::bigint as ai, coalesce(assisted, 0)::bigint as assisted,
    coalesce(human, 0)::bigint as human, coalesce(outlier_lines, 0)::bigint as outlier_lines,
    coalesce(moved_lines, 0)::bigint as moved_lines,
    coalesce(lines.lines, 0) / nullif(w.working_days, 0) as lines_per_day
from active
join windows as w on w.quarter = active.quarter and w.is_cut = active.is_cut
left join lines on lines.quarter = active.quarter and lines.is_cut = active.is_cut and lines.person = active.person;
comment on view volume_by_window is 'One row per volume_window and engineer active in it';
comment on column volume_by_window.quarter is 'First day of the quarter';
comment on column volume_by_window.is_cut is 'As in volume_window';
comment on column volume_by_window.is_baseline is 'As in volume_window';
comment on column volume_by_window.is_running is 'As in volume_window';
comment on column volume_by_window.person is 'people.person: the engineer';
comment on column volume_by_window.commits is 'Commits merged for which the engineer is accountable';
comment on column volume_by_window.merge_days is 'Days on which at least one of them merged';
comment on column volume_by_window.working_days is 'Working days counted, idle ones too';
comment on column volume_by_window.lines is 'Handwritten new-work lines';
comment on column volume_by_window.ai is 'Of lines: attributed to AI';
comment on column volume_by_window.assisted is 'Of lines: assisted by AI';
comment on column volume_by_window.human is 'Of lines: without AI evidence';
comment on column volume_by_window.outlier_lines is 'Of lines: from outlier commits';
comment on column volume_by_window.moved_lines is 'Of lines: moved within their commit';
comment on column volume_by_window.lines_per_day is 'lines / working_days; null before the first working day';

create or replace view volume_by_engineer as
select
    v.quarter, v.person, p.pseudonym, p.team, v.lines, v.ai, v.assisted, v.human, v.lines - v.ai - v.assisted - v.human as other,
    v.commits, v.merge_days, v.working_days, v.lines_per_day, v.is_running
from volume_by_window as v left join people as p on p.person = v.person
where not v.is_cut
order by v.quarter, p.pseudonym, v.person;
comment on view volume_by_engineer is 'One row per quarter and engineer active in it, over all repositories';
comment on column volume_by_engineer.quarter is 'First day of the quarter';
comment on column volume_by_engineer.person is 'people.person';
comment on column volume_by_engineer.pseudonym is 'A stable name that is not the person''s';
comment on column volume_by_engineer.team is 'Team; null: none configured';
comment on column volume_by_engineer.lines is 'Handwritten new-work lines; 0 for who merged other things only';
comment on column volume_by_engineer.ai is 'Of lines: attributed to AI';
comment on column volume_by_engineer.assisted is 'Of lines: assisted by AI';
comment on column volume_by_engineer.human is 'Of lines: without AI evidence';
comment on column volume_by_engineer.other is 'Of lines: of commits attributed neither way';
comment on column volume_by_engineer.commits is 'Commits merged for which the engineer is accountable';
comment on column volume_by_engineer.merge_days is 'Days on which at least one of them merged';
comment on column volume_by_engineer.working_days is 'Working days of the quarter up to as_of, idle ones too';
comment on column volume_by_engineer.lines_per_day is 'lines / working_days';
comment on column volume_by_engineer.is_running is 'The quarter is not over at as_of';

create or replace view lines_by_window as
with windows as materialized (from volume_window)
select
    w.quarter, w.is_cut, coalesce(sum(l.lines) filter (l.attribution <> 'bot'), 0)::bigint as lines,
    coalesce(sum(l.lines) filter (l.attribution = 'ai'), 0)::bigint as ai,
    coalesce(sum(l.lines) filter (l.attribution = 'assisted'), 0)::bigint as assisted,
    coalesce(sum(l.lines) filter (l.attribution = 'human'), 0)::bigint as human,
    coalesce(sum(l.lines) filter (l.attribution <> 'bot' and l.engineer is null), 0)::bigint as unassigned
from merged_lines as l join windows as w on w.quarter = l.quarter and l.merged_at < w.end_day
where l.is_handwritten and l.is_new_work
group by all;
comment on view lines_by_window is 'One row per volume_window in which lines merged: all of them, whoever is accountable';
comment on column lines_by_window.quarter is 'First day of the quarter';
comment on column lines_by_window.is_cut is 'As in volume_window';
comment on column lines_by_window.lines is 'Handwritten new-work lines, bots'' apart';
comment on column lines_by_window.ai is 'Of lines: attributed to AI';
comment on column lines_by_window.assisted is 'Of lines: assisted by AI';
comment on column lines_by_window.human is 'Of lines: without AI evidence';
comment on column lines_by_window.unassigned is 'Of lines: no engineer is accountable for them';

create or replace view volume_quarterly as
with windows as materialized (from volume_window),
read as (
    select quarter, count(*) filter (is_unknown) > 0.05 * count(*) as is_incomplete from merged_commits group by quarter
),
engineers as (
    select
        quarter, is_cut, count(*) as engineers, sum(lines) as lines, sum(ai) as ai, sum(assisted) as assisted, sum(human) as human,
        median(lines_per_day) as median, sum(lines) / nullif(count(*) * any_value(working_days), 0) as mean
    from volume_by_window group by all
),
volumes as materialized (
    select
        w.quarter, w.is_cut, w.is_baseline, w.is_running, w.working_days, w.is_running and w.working_days < d.days as is_short,
        w.is_running and w.working_days < 15 as is_early,
        coalesce(p.engineers, 0) as engineers, coalesce(p.lines, 0)::bigint as lines, coalesce(p.ai, 0)::bigint as ai,
        coalesce(p.assisted, 0)::bigint as assisted, coalesce(p.human, 0)::bigint as human,
        coalesce(e.unassigned, 0)::bigint as unassigned_lines, coalesce(e.lines, 0)::bigint as all_lines,
        coalesce(e.ai, 0)::bigint as all_ai, coalesce(e.assisted, 0)::bigint as all_assisted, coalesce(e.human, 0)::bigint as all_human,
        coalesce(e.lines, 0) / nullif(w.working_days, 0) as all_lines_per_day, p.mean, p.median
    from windows as w
    join working_days as d on d.quarter = w.quarter
    left join engineers as p on p.quarter = w.quarter and p.is_cut = w.is_cut
    left join lines_by_window as e on e.quarter = w.quarter and e.is_cut = w.is_cut
),
baseline as (
    -- in order: the last digit of a sum depends on it
    select
        is_cut, avg(mean order by quarter) as mean, avg(median order by quarter) as median,
        avg(all_lines_per_day order by quarter) as per_day
    from volumes where is_baseline group by is_cut
)
select
    v.quarter, v.engineers, v.working_days, v.is_running, coalesce(read.is_incomplete, false) as is_incomplete,
    v.lines, v.ai, v.assisted, v.human, v.unassigned_lines,
    v.all_lines, v.all_ai, v.all_assisted, v.all_human, v.all_lines_per_day, v.mean, v.median,
    b.mean as baseline_mean, b.median as baseline_median, b.per_day as baseline_all,
    case when not v.is_early then v.mean / nullif(b.mean, 0) end as ratio_mean,
    case when not v.is_early then v.median / nullif(b.median, 0) end as ratio_median,
    case when not v.is_early then v.all_lines_per_day / nullif(b.per_day, 0) end as ratio_all,
    s.basis
from volumes as v
join scope_settings as s on true
left join baseline as b on b.is_cut = v.is_short
left join read on read.quarter = v.quarter
where not v.is_cut
order by v.quarter;
comment on view volume_quarterly is 'One row per quarter from the first merge to as_of: lines merged per engineer and working day, as such and as a ratio to the baseline';
comment on column volume_quarterly.quarter is 'First day of the quarter';
comment on column volume_quarterly.engineers is 'Active engineers: at least one commit merged';
comment on column volume_quarterly.working_days is 'Working days up to as_of';
comment on column volume_quarterly.is_running is 'The quarter is not over at as_of; it is compared with baseline quarters cut after as many working days';
comment on column volume_quarterly.is_incomplete is 'More than 5 % of its commits are unknown';
comment on column volume_quarterly.lines is 'Handwritten new-work lines of assigned engineers';
comment on column volume_quarterly.ai is 'Of lines: attributed to AI';
comment on column volume_quarterly.assisted is 'Of lines: assisted by AI';
comment on column volume_quarterly.human is 'Of lines: without AI evidence';
comment on column volume_quarterly.unassigned_lines is 'Handwritten new-work lines that no engineer is accountable for, bots'' apart; in no mean or median';
comment on column volume_quarterly.all_lines is 'Handwritten new-work lines of the repositories, assigned or not, bots'' apart';
comment on column volume_quarterly.all_ai is 'Of all_lines: attributed to AI';
comment on column volume_quarterly.all_assisted is 'Of all_lines: assisted by AI';
comment on column volume_quarterly.all_human is 'Of all_lines: without AI evidence';
comment on column volume_quarterly.all_lines_per_day is 'all_lines / working_days';
comment on column volume_quarterly.mean is 'lines / (engineers x working_days)';
comment on column volume_quarterly.median is 'Median over active engineers of their lines per working day, idle days counted';
comment on column volume_quarterly.baseline_mean is 'Unweighted mean of the baseline quarters'' mean';
comment on column volume_quarterly.baseline_median is 'Unweighted mean of the baseline quarters'' median';
comment on column volume_quarterly.baseline_all is 'Unweighted mean of the baseline quarters'' all_lines_per_day';
comment on column volume_quarterly.ratio_mean is 'mean / baseline_mean; null: no baseline, or fewer than 15 working days of a running quarter';
comment on column volume_quarterly.ratio_median is 'median / baseline_median, the headline; null likewise';
comment on column volume_quarterly.ratio_all is 'all_lines_per_day / baseline_all; null likewise';
comment on column volume_quarterly.basis is 'added or landed: what a merged line is';

create or replace view volume_compared as
with windows as materialized (from volume_by_window),
headline as (
    select w.quarter, w.is_running and w.working_days < d.days as is_short
    from windows as w join working_days as d on d.quarter = w.quarter
    where not w.is_cut and not (w.is_running and w.working_days < 15)
    order by w.quarter desc limit 1
),
compared as (
    select w.*, w.quarter = headline.quarter and not w.is_cut as is_now
    from windows as w, headline
    where (w.quarter = headline.quarter and not w.is_cut) or (w.is_baseline and w.is_cut = headline.is_short)
),
-- the whole time from a person's first to last merge, whatever the quarter
tenure as (select engineer as person, min(day) as first_day, max(day) as last_day from merged_commits group by engineer),
employed as (
    select c.quarter, c.is_cut, c.person, count(*) as days
    from compared as c
    join tenure as t on t.person = c.person
    join working_day as d on d.quarter = c.quarter and d.ordinal <= c.working_days and d.day between t.first_day and t.last_day
    group by all
),
cohort as (select person from compared group by person having bool_or(is_now) and bool_or(is_baseline))
select
    c.quarter, c.is_cut, c.is_now, c.is_baseline, c.person, c.lines, c.lines - c.outlier_lines as lines_without_outliers,
    c.lines - c.moved_lines as lines_without_moved, c.merge_days, c.working_days, coalesce(e.days, 1) as tenure_days,
    cohort.person is not null as is_cohort, c.merge_days >= 10 as is_regular
from compared as c
left join employed as e on e.quarter = c.quarter and e.is_cut = c.is_cut and e.person = c.person
left join cohort on cohort.person = c.person
where (select bool_or(is_baseline and lines > 0) from compared)
order by c.quarter, c.is_now, c.person;
comment on view volume_compared is 'One row per engineer active in the latest quarter with a ratio, and in each baseline quarter as it is compared with it: what the variants of the ratio are made of';
comment on column volume_compared.quarter is 'First day of the quarter';
comment on column volume_compared.is_cut is 'As in volume_window';
comment on column volume_compared.is_now is 'The latest quarter with a ratio';
comment on column volume_compared.is_baseline is 'Part of the baseline';
comment on column volume_compared.person is 'people.person';
comment on column volume_compared.lines is 'Handwritten new-work lines';
comment on column volume_compared.lines_without_outliers is 'The same without outlier commits';
comment on column volume_compared.lines_without_moved is 'The same without moved lines';
comment on column volume_compared.merge_days is 'Days on which at least one commit merged';
comment on column volume_compared.working_days is 'Working days counted';
comment on column volume_compared.tenure_days is 'Of working_days: those between the person''s first and last merge of all time, at least 1';
comment on column volume_compared.is_cohort is 'Active in the baseline and now';
comment on column volume_compared.is_regular is 'Ten merge days or more in the quarter';

-- volume by team and by repository -------------------------------------------------------------------------

create or replace view volume_by_repository_and_engineer as
with windows as materialized (from volume_window),
active as (
    select w.quarter, w.is_cut, c.repo, c.engineer as person
    from merged_commits as c join windows as w on w.quarter = c.quarter and c.merged_at < w.end_day
    where c.engineer is not null
    group by all
),
lines as (
    select w.quarter, w.is_cut, l.repo, l.engineer as person, sum(l.lines) as lines
    from merged_lines as l join windows as w on w.quarter = l.quarter and l.merged_at < w.end_day
    where l.is_handwritten and l.is_new_work and l.attribution <> 'bot'
    group by all
),
-- lines that nobody is accountable for have no active engineer
every as (
    select quarter, is_cut, repo, person from active
    union
    select quarter, is_cut, repo, person from lines where person is null
)
select
    e.repo, w.quarter, w.is_cut, w.is_baseline, w.is_running, w.working_days, w.is_running and w.working_days < d.days as is_short,
    e.person, coalesce(lines.lines, 0)::bigint as lines
from every as e
join windows as w on w.quarter = e.quarter and w.is_cut = e.is_cut
join working_days as d on d.quarter = w.quarter
left join lines on lines.quarter = e.quarter and lines.is_cut = e.is_cut and lines.repo = e.repo
    and lines.person is not distinct from e.person
where w.working_days > 0;
comment on view volume_by_repository_and_engineer is 'One row per repository, volume_window and engineer active there: what volume by repository is made of';
comment on column volume_by_repository_and_engineer.repo is 'Repository';
comment on column volume_by_repository_and_engineer.quarter is 'First day of the quarter';
comment on column volume_by_repository_and_engineer.is_cut is 'As in volume_window';
comment on column volume_by_repository_and_engineer.is_baseline is 'As in volume_window';
comment on column volume_by_repository_and_engineer.is_running is 'As in volume_window';
comment on column volume_by_repository_and_engineer.working_days is 'Working days counted';
comment on column volume_by_repository_and_engineer.is_short is 'The running quarter while working days are left of it: compared with cut ones';
comment on column volume_by_repository_and_engineer.person is 'people.person; null: lines that no engineer is accountable for, bots'' apart';
comment on column volume_by_repository_and_engineer.lines is 'Handwritten new-work lines in this repository';

create or replace view volume_by_team_and_engineer as
with windows as materialized (from volume_window),
-- of who changed teams, each day's commits and lines go to the team of that day
active as (
    select w.quarter, w.is_cut, m.team, c.engineer as person
    from merged_commits as c
    join windows as w on w.quarter = c.quarter and c.merged_at < w.end_day
    join memberships as m on m.person = c.engineer
        and coalesce(m.since <= c.day, true) and coalesce(c.day <= m.until, true)
    group by all
),
lines as (
    select w.quarter, w.is_cut, m.team, l.engineer as person, sum(l.lines) as lines
    from merged_lines as l
    join windows as w on w.quarter = l.quarter and l.merged_at < w.end_day
    join memberships as m on m.person = l.engineer
        and coalesce(m.since <= l.merged_at::date, true) and coalesce(l.merged_at::date <= m.until, true)
    where l.is_handwritten and l.is_new_work and l.attribution <> 'bot'
    group by all
)
select
    a.team, w.quarter, w.is_cut, w.is_baseline, w.is_running, w.working_days, w.is_running and w.working_days < d.days as is_short,
    a.person, coalesce(lines.lines, 0)::bigint as lines
from active as a
join windows as w on w.quarter = a.quarter and w.is_cut = a.is_cut
join working_days as d on d.quarter = w.quarter
left join lines on lines.quarter = a.quarter and lines.is_cut = a.is_cut and lines.team = a.team and lines.person = a.person
where w.working_days > 0;
comment on view volume_by_team_and_engineer is 'One row per team, volume_window and engineer active in it as its member: what volume by team is made of';
comment on column volume_by_team_and_engineer.team is 'As in memberships';
comment on column volume_by_team_and_engineer.quarter is 'First day of the quarter';
comment on column volume_by_team_and_engineer.is_cut is 'As in volume_window';
comment on column volume_by_team_and_engineer.is_baseline is 'As in volume_window';
comment on column volume_by_team_and_engineer.is_running is 'As in volume_window';
comment on column volume_by_team_and_engineer.working_days is 'Working days counted';
comment on column volume_by_team_and_engineer.is_short is 'The running quarter while working days are left of it: compared with cut ones';
comment on column volume_by_team_and_engineer.person is 'people.person';
comment on column volume_by_team_and_engineer.lines is 'Handwritten new-work lines, in all repositories';

create or replace view volume_by_part as
with engineers as materialized (
    select 'repository/' || repo as scope, * exclude (repo) from volume_by_repository_and_engineer
    union all
    select 'team/' || team, * exclude (team) from volume_by_team_and_engineer
),
volumes as (
    select
        scope, quarter, is_cut, any_value(is_baseline) as is_baseline, any_value(is_running) as is_running,
        any_value(is_short) as is_short, any_value(working_days) as working_days, count(person) as engineers,
        sum(lines)::bigint as lines, sum(lines) / any_value(working_days) as all_lines_per_day,
        median(lines / working_days) filter (person is not null) as median,
        sum(lines) filter (person is not null) / nullif(count(person) * any_value(working_days), 0) as mean
    from engineers group by scope, quarter, is_cut
),
base as (
    select
        scope, is_cut, avg(median order by quarter) as median, avg(mean order by quarter) as mean,
        sum(all_lines_per_day order by quarter) / max(quarters) as per_day
    from volumes join (select is_cut, count(*) as quarters from volume_window where is_baseline group by is_cut) using (is_cut)
    where is_baseline group by scope, is_cut
),
behind as (
    select scope, is_cut, count(distinct person) as engineers from engineers where is_baseline group by scope, is_cut
)
select
    v.scope, v.quarter, v.engineers, v.working_days, v.is_running, v.lines, v.all_lines_per_day,
    case when v.engineers >= s.minimum_engineers then v.median end as median,
    case when v.engineers >= s.minimum_engineers then v.mean end as mean,
    case when v.engineers >= s.minimum_engineers and behind.engineers >= s.minimum_engineers and not (v.is_running and v.working_days < 15)
         then v.median / nullif(b.median, 0) end as ratio_median,
    case when v.engineers >= s.minimum_engineers and behind.engineers >= s.minimum_engineers and not (v.is_running and v.working_days < 15)
         then v.mean / nullif(b.mean, 0) end as ratio_mean,
    case when not (v.is_running and v.working_days < 15) then v.all_lines_per_day / nullif(b.per_day, 0) end as ratio_all
from volumes as v
join scope_settings as s on true
left join base as b on b.scope = v.scope and b.is_cut = v.is_short
left join behind on behind.scope = v.scope and behind.is_cut = v.is_short
where not v.is_cut
order by v.scope, v.quarter;
comment on view volume_by_part is 'One row per team or repository and quarter with commits in it; figures per engineer are null with fewer than minimum_engineers, now or in the baseline';
comment on column volume_by_part.scope is 'repository/NAME or team/NAME';
comment on column volume_by_part.quarter is 'First day of the quarter';
comment on column volume_by_part.engineers is 'Engineers active there';
comment on column volume_by_part.working_days is 'Working days of the quarter up to as_of';
comment on column volume_by_part.is_running is 'The quarter is not over at as_of; it is compared with baseline quarters cut after as many working days';
comment on column volume_by_part.lines is 'Handwritten new-work lines there, of a repository also unassigned ones, bots'' apart';
comment on column volume_by_part.all_lines_per_day is 'lines / working_days';
comment on column volume_by_part.median is 'Median over engineers active there of their lines there per working day';
comment on column volume_by_part.mean is 'Lines of engineers / (engineers x working_days)';
comment on column volume_by_part.ratio_median is 'median / unweighted mean of the baseline quarters'' medians there';
comment on column volume_by_part.ratio_mean is 'mean / unweighted mean of the baseline quarters'' means there';
comment on column volume_by_part.ratio_all is 'all_lines_per_day / mean of the baseline quarters'' there, empty quarters too';
