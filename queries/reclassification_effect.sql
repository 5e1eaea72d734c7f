-- title: Attainment as measured, beside attainment had every case kept its first severity
-- grain: one metric that a change of severity can touch
-- column metric: what was promised
-- column n_clocks: all clocks
-- column n_with_changes: clocks during which the severity changed
-- column n_masked: missed had the first severity held, not missed as it was
-- column n_exposed: the reverse
-- column n_over_before: over target at some change already
-- column n_judged: met, missed and unanswered, as measured
-- column n_met: met, as measured
-- column n_judged_at_first: met, missed and unanswered, under the case's first severity
-- column n_met_at_first: met, under the case's first severity
-- rate attainment = n_met / n_judged: as measured
-- rate attainment_at_first = n_met_at_first / n_judged_at_first: had every case kept its first severity
SELECT
    metric,
    SUM(n) AS n_clocks,
    SUM(CASE WHEN n_severity_changes > 0 THEN n ELSE 0 END) AS n_with_changes,
    SUM(CASE WHEN masked THEN n ELSE 0 END) AS n_masked,
    SUM(CASE WHEN exposed THEN n ELSE 0 END) AS n_exposed,
    SUM(CASE WHEN over_before THEN n ELSE 0 END) AS n_over_before,
    SUM(CASE WHEN verdict IN ('met', 'missed', 'unanswered') THEN n ELSE 0 END) AS n_judged,
    SUM(CASE WHEN verdict = 'met' THEN n ELSE 0 END) AS n_met,
    SUM(CASE WHEN verdict_at_first_severity IN ('met', 'missed', 'unanswered') THEN n ELSE 0 END)
        AS n_judged_at_first,
    SUM(CASE WHEN verdict_at_first_severity = 'met' THEN n ELSE 0 END) AS n_met_at_first
FROM clock_counts
WHERE in_period AND metric <> 'after_hours_response'
GROUP BY metric
ORDER BY metric
