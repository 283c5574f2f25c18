-- question: Which commits introduced what fixes mended?
-- grain: one row per fix and commit at fault
-- units: lines: code lines that the fix removed or changed (0: named in the fix's message); share: of the fix, all its rows add up to 1; days between the landings
-- parameters: none
select
    repo, fixed_at, fix_sha, any_value(fix_attribution) as fix_attribution, any_value(confidence) as confidence, how, sha,
    attribution, min(merged_at) as merged_at, max(days) as days, sum(lines)::bigint as lines, sum(share) as share
from fix_origins
group by repo, fixed_at, fix_sha, how, sha, attribution
order by fixed_at, repo, fix_sha, share desc, sha, attribution
