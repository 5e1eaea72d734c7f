-- title: the verdicts of each metric add up to its clocks, and judged to met, missed and unanswered
-- grain: one failure
SELECT metric, n_clocks FROM (
    SELECT
        metric,
        SUM(n) AS n_clocks,
        SUM(CASE WHEN verdict = 'met' THEN n ELSE 0 END) AS n_met,
        SUM(CASE WHEN verdict = 'missed' THEN n ELSE 0 END) AS n_missed,
        SUM(CASE WHEN verdict = 'unanswered' THEN n ELSE 0 END) AS n_unanswered,
        SUM(CASE WHEN verdict = 'pending' THEN n ELSE 0 END) AS n_pending,
        SUM(CASE WHEN verdict = 'withdrawn' THEN n ELSE 0 END) AS n_withdrawn,
        SUM(CASE WHEN verdict = 'no_target' THEN n ELSE 0 END) AS n_no_target,
        SUM(CASE WHEN verdict = 'no_severity' THEN n ELSE 0 END) AS n_no_severity,
        SUM(CASE WHEN verdict = 'not_seen' THEN n ELSE 0 END) AS n_not_seen,
        SUM(CASE WHEN verdict = 'exempt' THEN n ELSE 0 END) AS n_exempt,
        SUM(CASE WHEN verdict = 'out_of_scope' THEN n ELSE 0 END) AS n_out_of_scope
    FROM clock_counts
    GROUP BY metric
) AS counts
WHERE n_clocks <> n_met + n_missed + n_unanswered + n_pending + n_withdrawn + n_no_target + n_no_severity + n_not_seen + n_exempt + n_out_of_scope
