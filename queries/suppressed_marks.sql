-- question: Where and since when do files of a repository keep agents' marks out, so that the share is a lower one?
-- grain: one row per repository, rule and time in which it held, the latest first
-- units: times UTC; until null: still so; sign switch: a setting of the agent, ban: words or a hook that forbid marks
-- parameters: repos varchar[] null
select s.repo, s.sign, s.tool, s.since, s.until, s.path, s.excerpt, s.rule, s.since_sha, s.until_sha
from signals as s
where s.sign in ('switch', 'ban') and ($repos::varchar[] is null or list_contains($repos::varchar[], s.repo))
order by s.since desc, s.repo, s.rule
