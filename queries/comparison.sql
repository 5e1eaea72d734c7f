-- title: Beside the period before
-- grain: one metric, kind of promise and severity; no rows where no period was asked for
-- column metric: what was promised
-- column kind: `commitment` or `best_effort`, which are never mixed
-- column severity: severity at the stop or `as_of`; empty: all severities
-- column n_judged: clocks met, missed and unanswered
-- column n_met: clocks met
-- column attainment: share of the judged clocks that was met
-- column n_judged_before: the same in the period before
-- column n_met_before: the same in the period before
-- column attainment_before: the same in the period before
-- column change: `attainment` less `attainment_before`
-- column change_low: lower end of its 95 % interval (Newcombe)
-- column change_high: upper end of it; where 0 lies between the two, chance alone may have made the change
SELECT
    metric, kind, severity,
    n_judged, n_met, attainment,
    n_judged_before, n_met_before, attainment_before,
    change, change_low, change_high
FROM comparison
ORDER BY metric, kind, severity NULLS FIRST
