-- question: Which agents wrote the AI's share of each month?
-- grain: one row per month and agent, also where it has no line
-- units: lines of handwritten new work; shares are fractions of 1 and add up to ai_share_monthly.share
-- parameters: none
from ai_share_by_tool_monthly order by period, tool
