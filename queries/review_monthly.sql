-- question: How much is merged that another person reviewed, and how long does it take, by attribution?
-- grain: one row per month and part (all, ai, assisted, human)
-- units: shares of lines and of requests as fractions of 1; hours as medians; rounds as a mean; null where it cannot be known
-- parameters: none
from review_monthly order by month, part
