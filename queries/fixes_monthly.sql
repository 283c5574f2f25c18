-- question: How many fixes are merged by month, and by whom?
-- grain: one row per month and attribution of the commit
-- units: commits of new work, merges not counted; fixes: of high or medium confidence; share: fixes / commits
-- parameters: none
from fixes_monthly
order by month, attribution
