-- question: How many working days does each quarter have?
-- grain: one row per quarter from the first merge to as_of
-- units: days from Monday to Friday less holidays; days_elapsed: up to as_of
-- parameters: none
from working_days order by quarter
