-- question: Which commits were reverted, by which, how is that known, and did it last?
-- grain: one row per commit and commit that undid it
-- units: days between the two landings; stands: the revert was not itself reverted (reverts of reverts net out)
-- parameters: none
select repo, merged_at, sha, how, days, stands, attribution, reverted_sha, reverted_attribution, reverted_tool
from reverts
order by merged_at, repo, sha, reverted_sha
