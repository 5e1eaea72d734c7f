-- title: Changes of severity, from and to
-- grain: one severity before and one after, cases in scope
-- column from_severity: severity before
-- column to_severity: severity after
-- column direction: `upgrade`: toward 1; `downgrade`: away from it
-- column n_changes: changes
-- column n_cases: cases with such a change
-- column n_by_customer: made by the customer
-- column n_by_agent: made by an agent
-- column n_by_others: made by the system, or no role given
-- column n_before_first_response: made before the first response
-- column n_returned: back to the case's first severity
-- column n_over_before: when some clock was over target already
-- column n_masked: without which some clock would have been missed, with it not
-- column n_exposed: the reverse
SELECT
    from_severity,
    to_severity,
    direction,
    COUNT(*) AS n_changes,
    COUNT(DISTINCT case_id) AS n_cases,
    SUM(CASE WHEN role = 'customer' THEN 1 ELSE 0 END) AS n_by_customer,
    SUM(CASE WHEN role = 'agent' THEN 1 ELSE 0 END) AS n_by_agent,
    SUM(CASE WHEN role = 'system' OR role IS NULL THEN 1 ELSE 0 END) AS n_by_others,
    SUM(CASE WHEN before_first_response THEN 1 ELSE 0 END) AS n_before_first_response,
    SUM(CASE WHEN returned_to_first THEN 1 ELSE 0 END) AS n_returned,
    SUM(CASE WHEN n_over_before > 0 THEN 1 ELSE 0 END) AS n_over_before,
    SUM(CASE WHEN n_masked > 0 THEN 1 ELSE 0 END) AS n_masked,
    SUM(CASE WHEN n_exposed > 0 THEN 1 ELSE 0 END) AS n_exposed
FROM severity_changes
WHERE in_period AND scope = 'in'
GROUP BY from_severity, to_severity, direction
ORDER BY from_severity NULLS LAST, to_severity
