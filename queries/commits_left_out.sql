-- question: Which merged commits are no new work, and why?
-- grain: one row per commit left out
-- units: handwritten lines left out; merged_at UTC
-- parameters: none
from commits_left_out order by merged_at, repo, sha
