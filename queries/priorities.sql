-- title: Are more severe cases answered sooner?
-- grain: one severity, in scope
-- column severity: severity at the first response or `as_of`
-- column n: first responses in scope, neither exempt nor unseen
-- column n_answered: of them answered
-- column median_s: Kaplan–Meier median of the first response, business seconds
-- column next_severity: the next less severe level that has cases
-- column next_median_s: its median
-- column in_order: the median is not above that of the next less severe; empty: one of them is not reached
WITH levels AS (
    SELECT severity, n, n_answered, km_p50_s AS median_s
    FROM durations
    WHERE metric = 'first_response' AND measure = 'business' AND severity IS NOT NULL
),
pairs AS (
    SELECT upper.severity AS severity, MIN(lower.severity) AS next_severity
    FROM levels AS upper
    CROSS JOIN levels AS lower
    WHERE lower.severity > upper.severity
    GROUP BY upper.severity
)
SELECT
    levels.severity,
    levels.n,
    levels.n_answered,
    levels.median_s,
    pairs.next_severity,
    below.median_s AS next_median_s,
    levels.median_s <= below.median_s AS in_order
FROM levels
LEFT JOIN pairs ON levels.severity = pairs.severity
LEFT JOIN levels AS below ON pairs.next_severity = below.severity
ORDER BY severity
