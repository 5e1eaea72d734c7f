-- title: the verdicts of each metric add up to its clocks, and judged to met, missed and unanswered
-- grain: one failure
SELECT metric, n_clocks FROM (
    SELECT
        metric,
        COUNT(*) AS n_clocks,
        SUM(CASE WHEN verdict = 'met' THEN 1 ELSE 0 END) AS n_met,
        SUM(CASE WHEN verdict = 'missed' THEN 1 ELSE 0 END) AS n_missed,
        SUM(CASE WHEN verdict = 'unanswered' THEN 1 ELSE 0 END) AS n_unanswered,
        SUM(CASE WHEN verdict = 'pending' THEN 1 ELSE 0 END) AS n_pending,
        SUM(CASE WHEN verdict = 'withdrawn' THEN 1 ELSE 0 END) AS n_withdrawn,
        SUM(CASE WHEN verdict = 'no_target' THEN 1 ELSE 0 END) AS n_no_target,
        SUM(CASE WHEN verdict = 'no_severity' THEN 1 ELSE 0 END) AS n_no_severity,
        SUM(CASE WHEN verdict = 'exempt' THEN 1 ELSE 0 END) AS n_exempt,
        SUM(CASE WHEN verdict = 'out_of_scope' THEN 1 ELSE 0 END) AS n_out_of_scope
    FROM clocks
    GROUP BY metric
) AS counts
WHERE n_clocks <> n_met + n_missed + n_unanswered + n_pending + n_withdrawn + n_no_target + n_no_severity + n_exempt + n_out_of_scope
