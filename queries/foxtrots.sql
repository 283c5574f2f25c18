-- question: Where was the branch merged into a copy of itself, so that first parents lead astray?
-- grain: one row per such merge
-- units: merged_at UTC
-- parameters: none
from foxtrots order by merged_at, repo, sha
