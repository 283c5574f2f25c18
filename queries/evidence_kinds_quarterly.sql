-- question: On what kind of evidence does the attribution of each quarter rest?
-- grain: one row per quarter and kind of evidence, strongest first
-- units: lines of handwritten new work; shares are fractions of 1 and those of a quarter add up to 1
-- parameters: none
from evidence_kinds_quarterly order by period, strength
