-- title: How soon it was answered
-- grain: one metric, measure, severity and length of time, about a hundred lengths of each
-- column metric: what is measured
-- column measure: `business`: open time; `wall`: wall time
-- column severity: severity at the stop or `as_of`
-- column n: clocks in scope, neither exempt nor unseen, that could be measured
-- column n_answered: of them answered
-- column target: the target, where there is one that is counted like this and no other
-- column target_s: the same, seconds
-- column after_s: the length, whole seconds, rounded up
-- column n_within: clocks answered within it
-- column share: share answered within it (Kaplan–Meier)
SELECT metric, measure, severity, n, n_answered, target, target_s, after_s, n_within, share
FROM response_times
ORDER BY metric, measure, severity, after_s
