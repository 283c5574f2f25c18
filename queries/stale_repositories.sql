-- question: Which repositories had their last merge over 30 days before as_of and may need a fetch?
-- grain: one row per repository
-- units: days from the last merge to as_of
-- parameters: none
from stale_repositories order by days desc, repo
