-- Shares as reports and queries by hand ask for them: over time, by part, by agent, by kind of evidence.

create or replace macro ai_share_by(part) as table
from ai_share_in(part, null::date, null::date, null::varchar[], null::varchar, null::varchar[]);
comment on macro table ai_share_by is 'The share of AI by day, week, month, quarter, year or all; columns as in ai_share_monthly';

create or replace view ai_share_monthly as from ai_share_by('month');
create or replace view ai_share_quarterly as from ai_share_by('quarter');
comment on view ai_share_monthly is 'One row per month from the first merge to as_of: lines by attribution and the five shares with their fractions';
comment on column ai_share_monthly.period is 'First day of the month';
comment on column ai_share_monthly.ai is 'Handwritten new-work lines attributed to AI';
comment on column ai_share_monthly.assisted is 'Handwritten new-work lines that a person wrote with an AI''s help';
comment on column ai_share_monthly.human is 'Handwritten new-work lines of people without AI evidence';
comment on column ai_share_monthly.bot is 'Handwritten new-work lines of bots; in no share but share_strict''s denominator';
comment on column ai_share_monthly.unknown_lines is 'Handwritten new-work lines whose author could not be read; in no share but share_strict''s denominator';
comment on column ai_share_monthly.numerator is 'AI lines of high or medium confidence';
comment on column ai_share_monthly.denominator is 'ai + assisted + human';
comment on column ai_share_monthly.share is 'The headline: numerator / denominator';
comment on column ai_share_monthly.strict_numerator is 'AI lines of high confidence';
comment on column ai_share_monthly.strict_denominator is 'New-work text lines of every file class and attribution';
comment on column ai_share_monthly.share_strict is 'The strictest reading: strict_numerator / strict_denominator';
comment on column ai_share_monthly.high_numerator is 'ai + assisted, of any confidence';
comment on column ai_share_monthly.share_high is 'Every trace counts: high_numerator / denominator';
comment on column ai_share_monthly.min_numerator is 'Of numerator: attested line by line or authored under an agent''s own identity';
comment on column ai_share_monthly.share_min is 'Lower bound: min_numerator / denominator';
comment on column ai_share_monthly.max_numerator is 'denominator less the lines attested as a person''s own or older than any assistant';
comment on column ai_share_monthly.share_max is 'Upper bound: max_numerator / denominator';
comment on column ai_share_monthly.covered is 'Lines of the denominator with evidence of AI or of a person''s own hand';
comment on column ai_share_monthly.coverage is 'covered / denominator';
comment on column ai_share_monthly.mixed_lines is 'Of ai + assisted: from squashes of which only some parts carry marks';
comment on column ai_share_monthly.commit_scope_lines is 'Of ai + assisted: by evidence that speaks of whole commits';
comment on column ai_share_monthly.share_calibrated is 'The headline if marks of whole commits count for the part that records say is the agent''s; null: over 1 % of the denominator has marks that no record speaks of';
comment on column ai_share_monthly.share_calibrated_low is 'The same with the lower ends of all parts'' 95 % intervals';
comment on column ai_share_monthly.share_calibrated_high is 'The same with their upper ends';
comment on column ai_share_monthly.uncalibrated_lines is 'Lines with marks that no record speaks of: in share_calibrated as in share, in its interval none and all of them';
comment on column ai_share_monthly.commits is 'Commits merged';
comment on column ai_share_monthly.unknown_commits is 'Of commits: their changes could not be read';
comment on column ai_share_monthly.unknown is 'unknown_commits / commits';
comment on column ai_share_monthly.is_incomplete is 'More than 5 % of the commits are unknown';
comment on column ai_share_monthly.is_running is 'The month is not over at as_of';
comment on column ai_share_monthly.basis is 'added or landed: what a merged line is';

comment on view ai_share_quarterly is 'One row per quarter from the first merge to as_of: lines by attribution and the five shares with their fractions';
comment on column ai_share_quarterly.period is 'First day of the quarter';
comment on column ai_share_quarterly.ai is 'Handwritten new-work lines attributed to AI';
comment on column ai_share_quarterly.assisted is 'Handwritten new-work lines that a person wrote with an AI''s help';
comment on column ai_share_quarterly.human is 'Handwritten new-work lines of people without AI evidence';
comment on column ai_share_quarterly.bot is 'Handwritten new-work lines of bots; in no share but share_strict''s denominator';
comment on column ai_share_quarterly.unknown_lines is 'Handwritten new-work lines whose author could not be read; in no share but share_strict''s denominator';
comment on column ai_share_quarterly.numerator is 'AI lines of high or medium confidence';
comment on column ai_share_quarterly.denominator is 'ai + assisted + human';
comment on column ai_share_quarterly.share is 'The headline: numerator / denominator';
comment on column ai_share_quarterly.strict_numerator is 'AI lines of high confidence';
comment on column ai_share_quarterly.strict_denominator is 'New-work text lines of every file class and attribution';
comment on column ai_share_quarterly.share_strict is 'The strictest reading: strict_numerator / strict_denominator';
comment on column ai_share_quarterly.high_numerator is 'ai + assisted, of any confidence';
comment on column ai_share_quarterly.share_high is 'Every trace counts: high_numerator / denominator';
comment on column ai_share_quarterly.min_numerator is 'Of numerator: attested line by line or authored under an agent''s own identity';
comment on column ai_share_quarterly.share_min is 'Lower bound: min_numerator / denominator';
comment on column ai_share_quarterly.max_numerator is 'denominator less the lines attested as a person''s own or older than any assistant';
comment on column ai_share_quarterly.share_max is 'Upper bound: max_numerator / denominator';
comment on column ai_share_quarterly.covered is 'Lines of the denominator with evidence of AI or of a person''s own hand';
comment on column ai_share_quarterly.coverage is 'covered / denominator';
comment on column ai_share_quarterly.mixed_lines is 'Of ai + assisted: from squashes of which only some parts carry marks';
comment on column ai_share_quarterly.commit_scope_lines is 'Of ai + assisted: by evidence that speaks of whole commits';
comment on column ai_share_quarterly.share_calibrated is 'The headline if marks of whole commits count for the part that records say is the agent''s; null: over 1 % of the denominator has marks that no record speaks of';
comment on column ai_share_quarterly.share_calibrated_low is 'The same with the lower ends of all parts'' 95 % intervals';
comment on column ai_share_quarterly.share_calibrated_high is 'The same with their upper ends';
comment on column ai_share_quarterly.uncalibrated_lines is 'Lines with marks that no record speaks of: in share_calibrated as in share, in its interval none and all of them';
comment on column ai_share_quarterly.commits is 'Commits merged';
comment on column ai_share_quarterly.unknown_commits is 'Of commits: their changes could not be read';
comment on column ai_share_quarterly.unknown is 'unknown_commits / commits';
comment on column ai_share_quarterly.is_incomplete is 'More than 5 % of the commits are unknown';
comment on column ai_share_quarterly.is_running is 'The quarter is not over at as_of';
comment on column ai_share_quarterly.basis is 'added or landed: what a merged line is';

-- two forms and no default: a default is given by name only before DuckDB 1.4
create or replace macro ai_share_split(split_by) as table (from ai_share_split_in(split_by, 1, null, null, null, null, null)),
    (split_by, path_depth) as table (from ai_share_split_in(split_by, path_depth, null, null, null, null, null));
comment on macro table ai_share_split is 'The share of AI by repository, team, owner, path (folders down to path_depth), file, commit, class or tool; columns as in ai_share_monthly, part in place of period';

create or replace macro ai_share_by_tool(part) as table
with named as (
    select period_of(part, merged_at) as period, coalesce(tool, 'Others, unnamed') as tool, sum(lines) as lines
    from merged_lines
    where is_handwritten and is_new_work and attribution = 'ai' and confidence <> 'low'
    group by all
),
tools as (select distinct tool from named),
grid as (select share.period, share.denominator, tools.tool from ai_share_by(part) as share, tools)
select
    grid.period, grid.tool, coalesce(named.lines, 0)::bigint as lines, grid.denominator,
    coalesce(named.lines, 0) / nullif(grid.denominator, 0) as share
from grid left join named on named.tool = grid.tool and (named.period = grid.period or grid.period is null)
order by grid.period, grid.tool;
comment on macro table ai_share_by_tool is 'The headline share by agent and day, week, month, quarter, year or all; columns as in ai_share_by_tool_monthly';

create or replace view ai_share_by_tool_monthly as from ai_share_by_tool('month');
comment on view ai_share_by_tool_monthly is 'One row per month and agent, also where it has no line; the shares of a month add up to ai_share_monthly.share';
comment on column ai_share_by_tool_monthly.period is 'First day of the month';
comment on column ai_share_by_tool_monthly.tool is 'Agent; lines without a name are under ''Others, unnamed''';
comment on column ai_share_by_tool_monthly.lines is 'Its part of the headline''s numerator';
comment on column ai_share_by_tool_monthly.denominator is 'As in ai_share_monthly';
comment on column ai_share_by_tool_monthly.share is 'lines / denominator';

create or replace view ai_share_by_tool_quarterly as from ai_share_by_tool('quarter');
comment on view ai_share_by_tool_quarterly is 'One row per quarter and agent, also where it has no line; the shares of a quarter add up to ai_share_quarterly.share';
comment on column ai_share_by_tool_quarterly.period is 'First day of the quarter';
comment on column ai_share_by_tool_quarterly.tool is 'Agent; lines without a name are under ''Others, unnamed''';
comment on column ai_share_by_tool_quarterly.lines is 'Its part of the headline''s numerator';
comment on column ai_share_by_tool_quarterly.denominator is 'As in ai_share_quarterly';
comment on column ai_share_by_tool_quarterly.share is 'lines / denominator';

create or replace view evidence_kinds_quarterly as
with ranked(kind, strength) as (
    values ('line_record', 1), ('author', 2), ('trailer', 3), ('footer_or_branch', 4), ('heuristic', 5), ('own_hand', 6), ('none', 7)
),
sorted as (
    select
        quarter as period, lines,
        case
            when attribution = 'human' and confidence = 'high' then 'own_hand'
            when attribution = 'human' then 'none'
            when kind in ('line_record', 'author', 'trailer') then kind
            when kind = 'committer' then 'author'
            when kind = 'export' then 'trailer'
            when kind in ('footer', 'branch') then 'footer_or_branch'
            else 'heuristic'
        end as kind
    from merged_lines
    where is_handwritten and is_new_work and attribution in ('ai', 'assisted', 'human')
),
summed as (select period, kind, sum(lines) as lines from sorted group by all),
grid as (select period, denominator, kind, strength from ai_share_quarterly, ranked)
select
    grid.period, grid.kind, grid.strength, coalesce(summed.lines, 0)::bigint as lines,
    grid.denominator, coalesce(summed.lines, 0) / nullif(grid.denominator, 0) as share
from grid left join summed on summed.period = grid.period and summed.kind = grid.kind
order by grid.period, grid.strength;
comment on view evidence_kinds_quarterly is 'One row per quarter and kind of evidence: the ai, assisted and human lines by the strongest evidence that speaks of them';
comment on column evidence_kinds_quarterly.period is 'First day of the quarter';
comment on column evidence_kinds_quarterly.kind is 'line_record, author (any identity), trailer (or a vendor''s export by commit), footer_or_branch, heuristic, own_hand (a record, or older than any assistant), none';
comment on column evidence_kinds_quarterly.strength is '1: strongest';
comment on column evidence_kinds_quarterly.lines is 'Handwritten new-work lines';
comment on column evidence_kinds_quarterly.denominator is 'As in ai_share_quarterly';
comment on column evidence_kinds_quarterly.share is 'lines / denominator; those of a quarter add up to 1';
