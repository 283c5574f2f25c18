-- question: Which agents wrote the AI's share of each quarter?
-- grain: one row per quarter and agent, also where it has no line
-- units: lines of handwritten new work; shares are fractions of 1 and add up to ai_share_quarterly.share
-- parameters: none
from ai_share_by_tool_quarterly order by period, tool
