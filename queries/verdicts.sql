-- title: What became of every clock
-- grain: one metric, verdict and reason
-- column metric: what was promised
-- column verdict: what became of it
-- column reason: why it is `out_of_scope` or `exempt`; empty otherwise
-- column n_clocks: clocks; over a metric they add up to all of its clocks
-- column n_cases: cases that have such a clock
SELECT
    metric,
    verdict,
    reason,
    SUM(n) AS n_clocks,
    SUM(n_cases) AS n_cases
FROM clock_counts
WHERE in_period
GROUP BY metric, verdict, reason
ORDER BY metric, verdict, reason NULLS LAST
