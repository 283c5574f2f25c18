-- question: How much of the code merged each quarter was written by AI?
-- grain: one row per quarter from the first merge to as_of, also where nothing merged
-- units: lines of handwritten new work; shares are fractions of 1, null without a denominator
-- parameters: none
from ai_share_quarterly order by period
