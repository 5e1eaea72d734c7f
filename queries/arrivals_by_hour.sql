-- title: Arrivals by weekday and hour
-- grain: one hour of the week
-- column weekday: weekday of the opening in the policy's zone, Monday 1
-- column hour: hour of the opening, 0 to 23
-- column n_cases: cases opened
-- column n_in_hours: while the calendar of their severity was open
-- column n_out_of_hours: while it was closed
-- column open_minutes: minutes of that hour that a usual week is open; empty: no calendar is in the policy's zone
SELECT weekday, hour, n_cases, n_in_hours, n_out_of_hours, open_minutes
FROM arrival_hours
ORDER BY weekday, hour
