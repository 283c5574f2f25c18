-- question: How much of the code merged in each repository, team, owner, folder, file, commit or class of file, or by each agent, was written by AI?
-- grain: one row per part, the largest first
-- units: lines of handwritten new work; shares are fractions of 1; split is repository, team (of the engineer, on the day it was merged), owner (the first team that CODEOWNERS names, else the first owner), path (folders
--   down to depth, as the commits left the files; `.` stands for the files of a folder itself), file, commit, class or tool; of a tool the
--   numerators are its own (max_numerator: what no other agent and nobody's own hand is attested for), while denominators,
--   covered, human, bot, unknown_lines and commits are of the whole; until is the first day not counted; path and the commits
--   of a part by path: as in ai_share; unread files of no known class
--   count in every class
-- parameters: split varchar repository, depth integer 1, since date null, until date null, repos varchar[] null, path varchar null, shas varchar[] null
from ai_share_split_in($split::varchar, $depth::integer, $since::date, $until::date, $repos::varchar[], $path::varchar, $shas::varchar[])
