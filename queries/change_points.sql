-- question: When did the monthly volume or the share change its level, and what coincides?
-- grain: one row per scope, series and change; one without a date where none is found or none can be told
-- units: size: ratio (volume after / before) or share (after - before); low, high: 95 % intervals; dates are first days of months
-- parameters: none
from change_points order by scope, series, changed_on
