-- title: Arrivals in and out of hours
-- grain: one month of opening
-- column month: month of the opening, in the policy's zone
-- column n_cases: cases opened
-- column n_in_hours: while the calendar of their severity was open
-- column n_out_of_hours: while it was closed
-- column n_unknown: with no calendar to tell
-- column n_told: in or out of hours
-- rate out_of_hours = n_out_of_hours / n_told: share opened out of hours
SELECT
    opened_month AS month,
    COUNT(*) AS n_cases,
    SUM(CASE WHEN opened_in_hours THEN 1 ELSE 0 END) AS n_in_hours,
    SUM(CASE WHEN NOT opened_in_hours THEN 1 ELSE 0 END) AS n_out_of_hours,
    SUM(CASE WHEN opened_in_hours IS NULL THEN 1 ELSE 0 END) AS n_unknown,
    SUM(CASE WHEN opened_in_hours IS NOT NULL THEN 1 ELSE 0 END) AS n_told
FROM cases
WHERE in_period
GROUP BY opened_month
ORDER BY month
