-- title: Cases by severity
-- grain: one severity at opening
-- column severity: severity that held from the opening; empty: none
-- column n_cases: cases
-- column n_in_scope: cases that the policy covers
-- column n_out_of_scope: cases that it does not
-- column n_answered: cases with a first response
-- column n_ended: cases resolved, closed or void at `as_of`
-- column n_going: cases still going at `as_of`
-- column n_reclassified: cases whose severity changed
-- column n_reopened: cases reopened at least once
-- column n_events: events
-- column n_customer_messages: public messages by customers
-- column n_agent_messages: public messages by agents
-- column n_rounds: how many times support had to ask
-- rate reclassified = n_reclassified / n_cases: share of cases whose severity changed
-- rate reopened = n_reopened / n_cases: share of cases reopened
SELECT
    severity_first AS severity,
    COUNT(*) AS n_cases,
    SUM(CASE WHEN scope = 'in' THEN 1 ELSE 0 END) AS n_in_scope,
    SUM(CASE WHEN scope = 'out' THEN 1 ELSE 0 END) AS n_out_of_scope,
    SUM(CASE WHEN first_response_at IS NOT NULL THEN 1 ELSE 0 END) AS n_answered,
    SUM(CASE WHEN category_last IN ('resolved', 'closed', 'void') THEN 1 ELSE 0 END) AS n_ended,
    SUM(CASE WHEN category_last IN ('resolved', 'closed', 'void') THEN 0 ELSE 1 END) AS n_going,
    SUM(CASE WHEN n_severity_changes > 0 THEN 1 ELSE 0 END) AS n_reclassified,
    SUM(CASE WHEN n_reopenings > 0 THEN 1 ELSE 0 END) AS n_reopened,
    SUM(n_events) AS n_events,
    SUM(n_customer_messages) AS n_customer_messages,
    SUM(n_agent_messages) AS n_agent_messages,
    SUM(n_rounds) AS n_rounds
FROM cases
WHERE in_period
GROUP BY severity_first
ORDER BY severity NULLS LAST
