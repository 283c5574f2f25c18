-- question: How do AI lines and lines without AI evidence differ, and is the difference clear?
-- grain: one row per figure that both have in the scope given; where a figure is compared since AI's lines began to count
--   (scope since/DAY), these rows stand for all
-- units: as the column unit says; low, high: 95 % intervals; difference: ai - human, in the same unit; n: size of the sample
-- parameters: scope varchar all
select
    metric, at_days, scope, unit, ai, ai_low, ai_high, ai_n, human, human_low, human_high, human_n,
    difference, difference_low, difference_high, ratio, ratio_low, ratio_high, verdict, method
from ai_beside_human
where (scope = $scope or ($scope = 'all' and starts_with(scope, 'since/'))) and period = date '1970-01-01'
qualify rank() over (partition by metric order by scope = 'all') = 1
order by metric, at_days nulls first
