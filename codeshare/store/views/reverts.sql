-- Reverts: which commits were undone, how that is known, and whether it lasted.

create or replace view revert_pairs as
-- one row per pair and way in which it is known, before the strongest is chosen
with named as (
    select n.repo, n.sha, coalesce(c.sha, n.reverted_sha) as reverted_sha, n.how
    from named_reverts as n
    join commits as o on o.repo = n.repo and o.sha = n.reverted_sha
    -- who undoes a merge undoes all that it brought in
    left join commits as c on o.is_merge and c.repo = o.repo and c.merge_sha = o.sha and not c.is_merge
),
inverse as (
    select r.repo, r.sha, r.reverts as reverted_sha,
        case when r.inverse_id = o.patch_id and r.patch_id <> 0 then 'exact' else 'message' end as how
    from commits as r
    join commits as o on o.repo = r.repo and o.sha = r.reverts
),
landed as (
    select repo, sha, sum(lines) as lines
    from landed_lines
    where file_class in ('code', 'test', 'docs', 'config')
    group by repo, sha
    having sum(lines) >= 10
),
gone as (
    select repo, died_sha, sha, sum(line_count) as lines
    from seen_spans
    where landed and died_at <= merged_at + interval 30 day and died_sha <> sha
        and file_class in ('code', 'test', 'docs', 'config')
    group by all
),
most as (
    select g.repo, g.died_sha, g.sha, g.lines
    from gone as g
    join landed as l on l.repo = g.repo and l.sha = g.sha
    where g.lines >= 0.9 * l.lines
),
removed as (
    select repo, died_sha, sum(line_count) as lines
    from seen_spans semi join most using (repo, died_sha)
    where landed and file_class in ('code', 'test', 'docs', 'config')
    group by all
),
undone as (
    select m.repo, m.died_sha as sha, m.sha as reverted_sha, 'undone' as how
    from most as m
    join removed as r on r.repo = m.repo and r.died_sha = m.died_sha
    join commits as d on d.repo = m.repo and d.sha = m.died_sha
    -- not one of many that a clearing-out took, and taken away rather than written anew
    where m.lines >= 0.5 * r.lines and d.added <= 0.5 * r.lines and not d.is_merge and not d.is_bulk
)
from named union all from inverse union all from undone;
comment on view revert_pairs is 'Which commit undid which, each way in which it is known a row of its own';
comment on column revert_pairs.repo is 'Repository';
comment on column revert_pairs.sha is 'The commit that undoes';
comment on column revert_pairs.reverted_sha is 'The commit undone';
comment on column revert_pairs.how is 'exact: its patch is the inverse; message: it names the commit; forge: it names the request; undone: it took away, within 30 days, nine tenths of the lines that the commit had landed, half or more of all that it took away, and added at most half as many';

create or replace view reverts as
with recursive ranked as (
    select
        p.repo, p.sha, p.reverted_sha, p.how, r.merged_at, o.merged_at as reverted_merged_at, r.ordinal,
        r.attribution, o.attribution as reverted_attribution, r.tool, o.tool as reverted_tool
    from revert_pairs as p
    join commits as r on r.repo = p.repo and r.sha = p.sha
    join commits as o on o.repo = p.repo and o.sha = p.reverted_sha
    join scope_settings as s on r.merged_at <= s.as_of
    where r.merged_at >= o.merged_at and p.sha <> p.reverted_sha
    qualify row_number() over (
        partition by p.repo, p.sha, p.reverted_sha
        order by case p.how when 'exact' then 1 when 'message' then 2 when 'forge' then 3 else 4 end) = 1
),
latest as (
    select repo, reverted_sha, arg_max(sha, ordinal) as sha, max(ordinal) as ordinal
    from ranked
    group by repo, reverted_sha
),
-- a revert that was itself reverted does not stand, unless that was reverted in turn
chain as (
    select distinct r.repo, r.sha as first_sha, r.sha, r.ordinal, 0 as steps from ranked as r
    union all
    select c.repo, c.first_sha, l.sha, l.ordinal, c.steps + 1
    from chain as c
    join latest as l on l.repo = c.repo and l.reverted_sha = c.sha and l.ordinal > c.ordinal
),
ends as (select repo, first_sha, max(steps) as steps from chain group by repo, first_sha)
select
    r.repo, r.sha, r.reverted_sha, r.how, r.reverted_merged_at, r.merged_at,
    (epoch(r.merged_at) - epoch(r.reverted_merged_at)) / 86400 as days,
    e.steps % 2 = 0 as stands, r.reverted_attribution, r.reverted_tool, r.attribution, r.tool
from ranked as r
join ends as e on e.repo = r.repo and e.first_sha = r.sha;
comment on view reverts is 'One row per commit and commit that undid it, in the surest way in which it is known';
comment on column reverts.repo is 'Repository';
comment on column reverts.sha is 'The commit that undoes';
comment on column reverts.reverted_sha is 'The commit undone';
comment on column reverts.how is 'exact, message, forge or undone; see revert_pairs';
comment on column reverts.reverted_merged_at is 'When the undone commit reached the branch, UTC';
comment on column reverts.merged_at is 'When the commit that undoes it did, UTC';
comment on column reverts.days is 'Days between the two';
comment on column reverts.stands is 'It was not itself reverted later; where that was reverted in turn, it stands again';
comment on column reverts.reverted_attribution is 'Of the undone commit: ai, assisted, human (no AI evidence), bot or unknown';
comment on column reverts.reverted_tool is 'Agent, assistant or bot of the undone commit';
comment on column reverts.attribution is 'Of the commit that undoes';
comment on column reverts.tool is 'Agent, assistant or bot of the commit that undoes';

create or replace view revert_exposure as
with undone as (
    select repo, reverted_sha as sha, min(days) as days from reverts where stands group by all
)
select
    c.repo, c.sha, c.merged_at, c.quarter, c.attribution, c.tool, u.days as reverted_after,
    coalesce(u.days <= 30, false) as is_reverted
from merged_commits as c
join commits as o on o.repo = c.repo and o.sha = c.sha
join scope_settings as s on c.merged_at <= s.as_of - interval 30 day and c.merged_at >= s.baseline_since
left join undone as u on u.repo = c.repo and u.sha = c.sha
where c.is_new_work and not o.is_merge and not c.is_unknown and o.added + o.deleted > 0 and s.basis = 'landed';
comment on view revert_exposure is 'One row per commit of new work merged since the baseline began whose 30 days have passed; none on the basis added';
comment on column revert_exposure.repo is 'Repository';
comment on column revert_exposure.sha is 'Commit';
comment on column revert_exposure.merged_at is 'When its landing reached the branch, UTC';
comment on column revert_exposure.quarter is 'First day of the quarter of merged_at';
comment on column revert_exposure.attribution is 'ai, assisted, human (no AI evidence), bot or unknown';
comment on column revert_exposure.tool is 'Agent, assistant or bot';
comment on column revert_exposure.reverted_after is 'Days until the first revert that stands; null: none';
comment on column revert_exposure.is_reverted is 'Reverted within 30 days, and the revert stands';
