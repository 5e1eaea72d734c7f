-- title: Open cases by age over time
-- grain: one end of a month (of a week, where less than four months are counted), and the end of what is counted
-- column counted_on: the local date at whose end is counted
-- column counted_at: the instant
-- column n_open: cases in scope that were open; the columns below add up to it
-- column n_up_to_1_day: opened at most 24 hours before
-- column n_up_to_7_days: opened at most 7 days before, and more than 1
-- column n_up_to_30_days: opened at most 30 days before, and more than 7
-- column n_up_to_90_days: opened at most 90 days before, and more than 30
-- column n_older: opened more than 90 days before
SELECT
    counted_on, counted_at, n_open,
    n_up_to_1_day, n_up_to_7_days, n_up_to_30_days, n_up_to_90_days, n_older
FROM open_cases
ORDER BY counted_at
