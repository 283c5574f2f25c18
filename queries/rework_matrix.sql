-- question: Who removed the lines that went: whose lines by whom?
-- grain: one row per attribution of the lines and attribution and kind of whoever removed them; none on the basis added
-- units: lines of handwritten new work; share_90: of the lines of that attribution gone within 90 days, share: of all that went;
--   deleted_: of them, those whose removing commit added no line to the file
-- parameters: none
select
    attribution, remover_attribution, remover, lines_90, deleted_90,
    lines_90 / nullif(sum(lines_90) over (partition by attribution), 0) as share_90,
    lines, deleted, lines / nullif(sum(lines) over (partition by attribution), 0) as share
from rework
order by
    list_position(['ai', 'assisted', 'human', 'bot', 'unknown'], attribution),
    list_position(['ai', 'assisted', 'human', 'bot', 'unknown'], remover_attribution), remover
