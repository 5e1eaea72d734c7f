-- title: Cases that waited to be closed
-- grain: one category and severity, cases out of scope apart
-- column basis: category that the inactivity is counted in
-- column severity: severity when the spell began; empty: none
-- column n_spells: spells; the verdicts below add up to them
-- column n_on_time: closed from due to the end of grace
-- column n_early: closed before it was due
-- column n_late: closed after the end of grace
-- column n_closed_by_customer: closed by the customer
-- column n_pending: lasts, not after the end of grace
-- column n_overdue: lasts, after the end of grace
-- column n_returned: the customer came back
-- column n_returned_overdue: the customer came back after the end of grace
-- column n_resumed: support went on otherwise
-- column n_no_target: measured only: the policy gives no length
-- column n_out_of_scope: the case is out of scope
-- column n_judged: closed on time, early and late
-- column n_closed: closed by support or an automation, judged or not
-- column n_support_owed: of them with a customer message unanswered; empty: the input has no messages
-- column n_reopened: of them reopened by the customer within 720 hours
-- rate on_time = n_on_time / n_judged: share of the judged closures that came when the policy says
-- rate reopened = n_reopened / n_closed: share of the closures that the customer undid
SELECT
    basis,
    severity,
    COUNT(*) AS n_spells,
    SUM(CASE WHEN verdict = 'on_time' THEN 1 ELSE 0 END) AS n_on_time,
    SUM(CASE WHEN verdict = 'early' THEN 1 ELSE 0 END) AS n_early,
    SUM(CASE WHEN verdict = 'late' THEN 1 ELSE 0 END) AS n_late,
    SUM(CASE WHEN verdict = 'closed_by_customer' THEN 1 ELSE 0 END) AS n_closed_by_customer,
    SUM(CASE WHEN verdict = 'pending' THEN 1 ELSE 0 END) AS n_pending,
    SUM(CASE WHEN verdict = 'overdue' THEN 1 ELSE 0 END) AS n_overdue,
    SUM(CASE WHEN verdict = 'returned' THEN 1 ELSE 0 END) AS n_returned,
    SUM(CASE WHEN verdict = 'returned_overdue' THEN 1 ELSE 0 END) AS n_returned_overdue,
    SUM(CASE WHEN verdict = 'resumed' THEN 1 ELSE 0 END) AS n_resumed,
    SUM(CASE WHEN verdict = 'no_target' THEN 1 ELSE 0 END) AS n_no_target,
    SUM(CASE WHEN verdict = 'out_of_scope' THEN 1 ELSE 0 END) AS n_out_of_scope,
    SUM(CASE WHEN verdict IN ('on_time', 'early', 'late') THEN 1 ELSE 0 END) AS n_judged,
    SUM(CASE WHEN ended_how = 'closed' AND COALESCE(ended_by_role, '') <> 'customer' AND verdict <> 'out_of_scope'
        THEN 1 ELSE 0 END) AS n_closed,
    CASE WHEN SUM(CASE WHEN ended_how = 'closed' AND support_owed IS NULL THEN 1 ELSE 0 END) > 0 THEN NULL
        ELSE SUM(CASE WHEN support_owed AND COALESCE(ended_by_role, '') <> 'customer' AND verdict <> 'out_of_scope'
            THEN 1 ELSE 0 END) END AS n_support_owed,
    SUM(CASE WHEN reopened_at IS NOT NULL AND verdict <> 'out_of_scope' THEN 1 ELSE 0 END) AS n_reopened
FROM inactivity
WHERE in_period
GROUP BY basis, severity
ORDER BY basis, severity NULLS LAST
