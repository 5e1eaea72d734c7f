-- title: The policy, clause by clause
-- grain: one clause of the policy's latest version, one measure that it names, one way of counting it
-- column clause: its place in the policy, from 1
-- column text: what it says
-- column measure: what it is measured by; empty: it names nothing that could be counted
-- column counted: what `n` counts, of what `n_of` counts
-- column n: so many
-- column n_of: of so many; empty: of nothing
-- column median_s: median of a duration, business seconds, those not ended counted in (Kaplan–Meier)
-- rate share = n / n_of: share
WITH measures AS (
    SELECT metric AS measure, 1 AS place, 'met, of those judged' AS counted,
        SUM(CASE WHEN verdict = 'met' THEN clock_counts.n ELSE 0 END) AS n,
        SUM(CASE WHEN verdict IN ('met', 'missed', 'unanswered') THEN clock_counts.n ELSE 0 END) AS n_of
    FROM clock_counts WHERE in_period GROUP BY metric
    UNION ALL
    SELECT 'arrivals' AS measure, 1 AS place, 'cases opened out of hours, of all that can be told' AS counted,
        SUM(CASE WHEN NOT opened_in_hours THEN 1 ELSE 0 END) AS n,
        SUM(CASE WHEN opened_in_hours IS NOT NULL THEN 1 ELSE 0 END) AS n_of
    FROM cases WHERE in_period
    UNION ALL
    SELECT 'channel' AS measure, 1 AS place, 'told apart in the table `channels`, where the input names one' AS counted,
        CAST(NULL AS BIGINT) AS n, CAST(NULL AS BIGINT) AS n_of
    FROM cases WHERE in_period GROUP BY in_period
    UNION ALL
    SELECT 'customer_response' AS measure, 1 AS place, 'waits that the customer ended, of all' AS counted,
        SUM(n_answered) AS n, SUM(n) AS n_of
    FROM durations
    WHERE metric = 'customer_response' AND measure = 'wall' AND severity IS NULL
    UNION ALL
    SELECT 'inactivity' AS measure, 1 AS place, 'closed on time, of the judged closures' AS counted,
        SUM(CASE WHEN verdict = 'on_time' THEN 1 ELSE 0 END) AS n,
        SUM(CASE WHEN verdict IN ('on_time', 'early', 'late') THEN 1 ELSE 0 END) AS n_of
    FROM inactivity WHERE in_period
    UNION ALL
    SELECT 'inactivity' AS measure, 2 AS place, 'ended by a close, of all spells in scope' AS counted,
        SUM(CASE WHEN ended_how = 'closed' THEN 1 ELSE 0 END) AS n, COUNT(*) AS n_of
    FROM inactivity WHERE in_period AND verdict <> 'out_of_scope'
    UNION ALL
    SELECT 'priority' AS measure, 1 AS place, 'first responses that overtook a more severe case, of all' AS counted,
        SUM(CASE WHEN n_overtaken > 0 THEN 1 ELSE 0 END) AS n, COUNT(*) AS n_of
    FROM overtaken WHERE in_period
    UNION ALL
    SELECT 'rounds' AS measure, 1 AS place, 'cases in which support had to ask, of all in scope' AS counted,
        SUM(CASE WHEN n_rounds > 0 THEN 1 ELSE 0 END) AS n, COUNT(*) AS n_of
    FROM cases WHERE in_period AND scope = 'in'
    UNION ALL
    SELECT 'scope' AS measure, 1 AS place, 'cases in scope, of all' AS counted,
        SUM(CASE WHEN scope = 'in' THEN 1 ELSE 0 END) AS n, COUNT(*) AS n_of
    FROM cases WHERE in_period
    UNION ALL
    SELECT 'severity' AS measure, 1 AS place, 'cases with a severity, of all' AS counted,
        SUM(CASE WHEN severity_first IS NOT NULL THEN 1 ELSE 0 END) AS n, COUNT(*) AS n_of
    FROM cases WHERE in_period
    UNION ALL
    SELECT 'severity_changes' AS measure, 1 AS place, 'cases whose severity changed, of all in scope' AS counted,
        SUM(CASE WHEN n_severity_changes > 0 THEN 1 ELSE 0 END) AS n, COUNT(*) AS n_of
    FROM cases WHERE in_period AND scope = 'in'
    UNION ALL
    SELECT 'versions' AS measure, 1 AS place, 'versions of the policy that cases came under' AS counted,
        COUNT(DISTINCT policy_version) AS n, CAST(NULL AS BIGINT) AS n_of
    FROM cases WHERE in_period
),
medians AS (
    SELECT metric AS measure, km_p50_s AS median_s
    FROM durations
    WHERE measure = 'business' AND severity IS NULL
)
SELECT
    clauses.clause,
    clauses.text,
    clauses.measure,
    measures.counted,
    measures.n,
    measures.n_of,
    medians.median_s
FROM clauses
LEFT JOIN measures ON clauses.measure = measures.measure
LEFT JOIN medians ON clauses.measure = medians.measure
ORDER BY clauses.clause, clauses.position, measures.place
