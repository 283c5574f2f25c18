-- question: Which merged commits are no new work, and why?
-- grain: one row per commit left out
-- units: lines: handwritten ones that it added, whether they landed or not; merged_at UTC
-- parameters: none
from commits_left_out order by merged_at, repo, sha
