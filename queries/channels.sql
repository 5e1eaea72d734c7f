-- title: Cases by channel
-- grain: one channel
-- column channel: as the input names it; empty: not given
-- column n_cases: cases
-- column n_in_scope: cases that the policy covers
-- column n_all: cases of all channels
-- rate share = n_cases / n_all: share of all cases
-- needs: cases.channel
SELECT
    channels.channel,
    channels.n_cases,
    channels.n_in_scope,
    total.n_all
FROM (
    SELECT
        channel,
        COUNT(*) AS n_cases,
        SUM(CASE WHEN scope = 'in' THEN 1 ELSE 0 END) AS n_in_scope
    FROM cases
    WHERE in_period
    GROUP BY channel
) AS channels
CROSS JOIN (SELECT COUNT(*) AS n_all FROM cases WHERE in_period) AS total
ORDER BY channel NULLS LAST
