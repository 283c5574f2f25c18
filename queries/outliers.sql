-- question: Which commits are so large that they may decide a figure by themselves?
-- grain: one row per commit with more than 5,000 handwritten lines of new work
-- units: lines of handwritten new work
-- parameters: none
from outlier_commits order by lines desc, repo, sha
