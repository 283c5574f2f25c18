-- question: Which accounts look like bots but are in no rule?
-- grain: one row per bot and repository
-- units: commits; lines of all file classes
-- parameters: none
from unknown_bots order by commits desc, name, repo
