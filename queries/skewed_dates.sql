-- question: Which landings carry a date that their neighbours contradict by more than a day?
-- grain: one row per landing
-- units: days_moved: days by which the date used differs; commits: that it brings in
-- parameters: none
from skewed_dates order by merged_at, repo, sha
