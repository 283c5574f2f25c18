-- question: What do series measured elsewhere say, and what is our own figure of the same time?
-- grain: one row per imported value; none where nothing was imported
-- units: value, low, high: unit; own_value, own_low, own_high: ratio to the baseline, or percent where own is share
-- parameters: none
from outside_series order by series, date
