-- question: How much of the code merged by period, in these days, repositories, paths or commits, was written by AI?
-- grain: one row per day, week, month, quarter or year with none left out, or one row in all (period null)
-- units: lines of handwritten new work; shares are fractions of 1; until is the first day not counted;
--   path is a pattern in which * also matches /, or a folder
-- parameters: part varchar month, since date null, until date null, repos varchar[] null, path varchar null, shas varchar[] null
from ai_share_in($part::varchar, $since::date, $until::date, $repos::varchar[], $path::varchar, $shas::varchar[])
