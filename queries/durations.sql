-- title: How long it took
-- grain: one metric, measure and severity
-- column metric: what is measured
-- column measure: `business`: open time not paused; `wall`: wall time less paused time
-- column severity: severity at the stop or `as_of`; empty: all cases
-- column n: clocks in scope, neither exempt nor unseen, that could be measured
-- column n_answered: of them answered (resolution: resolved)
-- column n_unanswered: ended by support without an answer: never answered
-- column n_censored: still running, or withdrawn by the customer
-- column p50_s: median of the answered, seconds
-- column p90_s: 90th percentile of the answered, seconds
-- column km_p50_s: Kaplan–Meier median of all, seconds; empty: the data do not reach that far
-- column km_p90_s: Kaplan–Meier 90th percentile of all, seconds; empty: the data do not reach that far
SELECT
    metric, measure, severity,
    n, n_answered, n_unanswered, n_censored,
    p50_s, p90_s, km_p50_s, km_p90_s
FROM durations
ORDER BY metric, measure, severity NULLS FIRST
