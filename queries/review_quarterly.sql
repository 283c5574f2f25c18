-- question: Does review become the bottleneck: how many lines are merged for each reviewer, and what waits or goes unread?
-- grain: one row per quarter from the first merge to as_of
-- units: lines of handwritten new work per reviewer and working day, ratio to the baseline; shares as fractions of 1;
--   hours as medians; null where it cannot be known; low, high: 95 % interval of the ratio
-- parameters: none
select q.*, e.low, e.high
from review_quarterly as q
left join estimates as e on e.metric = 'lines_per_reviewer_day' and e.part = 'all' and e.scope = 'all' and e.unit = 'ratio'
    and e.period = q.quarter
order by q.quarter
