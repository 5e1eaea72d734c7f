-- title: Attainment by the agent who stopped the clock
-- grain: one agent, metric and kind of promise; clocks that no agent stopped are left out
-- column agent: name of who stopped it; empty: no name given
-- column metric: what was promised
-- column kind: `commitment` or `best_effort`, which are never mixed; empty: no target
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
    stopped_by AS agent,
    metric,
    kind,
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
FROM clock_counts_by_agent
WHERE in_period
GROUP BY stopped_by, metric, kind
ORDER BY agent NULLS LAST, metric NULLS LAST, kind NULLS LAST
