-- title: Attainment by metric, severity and month
-- grain: one metric, kind of promise, severity and month
-- column metric: what was promised
-- column kind: `commitment` or `best_effort`, which are never mixed; empty: no target
-- column severity: severity in force at the stop or `as_of`; empty: none
-- column month: month in which the clock started, in the policy's zone
-- column n_clocks: all clocks; the verdicts below add up to them
-- column n_judged: met, missed and unanswered
-- column n_met: stopped within the target
-- column n_missed: used more than the target, stopped or still running
-- column n_unanswered: ended by support without an answer
-- column n_pending: running, not over
-- column n_withdrawn: ended by the customer, not over
-- column n_no_target: nothing was promised
-- column n_no_severity: no severity, or not one of the policy
-- column n_not_seen: nothing in the input could show what stops it
-- column n_exempt: does not apply to the case
-- column n_out_of_scope: the case is out of scope
-- rate attainment = n_met / n_judged: share of the judged clocks that was met
SELECT
    metric,
    kind,
    severity_at_stop AS severity,
    started_month AS month,
    SUM(n) AS n_clocks,
    SUM(CASE WHEN verdict IN ('met', 'missed', 'unanswered') THEN n ELSE 0 END) AS n_judged,
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
WHERE in_period
GROUP BY metric, kind, severity_at_stop, started_month
ORDER BY metric NULLS LAST, kind NULLS LAST, severity NULLS LAST, month NULLS LAST
