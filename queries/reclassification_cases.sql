-- title: Cases whose severity changed
-- grain: one severity at opening, cases in scope
-- column severity: severity that held from the opening; empty: none
-- column n_cases: cases
-- column n_reclassified: cases whose severity changed
-- column n_ended_higher: cases whose severity at `as_of` is more severe than the first
-- column n_ended_lower: cases whose severity at `as_of` is less severe than the first
-- column n_flapping: cases with three changes or more
-- column n_changes: changes
-- rate reclassified = n_reclassified / n_cases: share of cases whose severity changed
SELECT
    severity_first AS severity,
    COUNT(*) AS n_cases,
    SUM(CASE WHEN n_severity_changes > 0 THEN 1 ELSE 0 END) AS n_reclassified,
    SUM(CASE WHEN severity_last < severity_first THEN 1 ELSE 0 END) AS n_ended_higher,
    SUM(CASE WHEN severity_last > severity_first THEN 1 ELSE 0 END) AS n_ended_lower,
    SUM(CASE WHEN n_severity_changes >= 3 THEN 1 ELSE 0 END) AS n_flapping,
    SUM(n_severity_changes) AS n_changes
FROM cases
WHERE in_period AND scope = 'in'
GROUP BY severity_first
ORDER BY severity NULLS LAST
