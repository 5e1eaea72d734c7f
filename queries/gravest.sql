-- title: What to look at first
-- grain: one finding of a case, at most 500: by severity, letter of the code (R, C, P, S, E, D) and time over target
-- column position: its place in the list
-- column case_id: the case
-- column code: what was found; `findings.csv` counts all of them
-- column severity: severity at the stop of its clock, else the case's last; empty: none
-- column metric: metric of its clock; empty: it is not about a clock
-- column cycle: which clock of that metric
-- column over_by_s: seconds by which the clock is over target
-- column at: the instant that it is about, UTC
-- column message: what was found, in words
SELECT position, case_id, code, severity, metric, cycle, over_by_s, at, message
FROM gravest
ORDER BY position
