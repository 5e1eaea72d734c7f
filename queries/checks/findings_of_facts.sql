-- title: findings of closures and of priority are as many as the facts that they tell of
-- grain: one failure
SELECT code, n_found, n_facts FROM (
    SELECT code, SUM(n_found) AS n_found, SUM(n_facts) AS n_facts FROM (
        SELECT code, 1 AS n_found, 0 AS n_facts FROM findings WHERE code IN ('C301', 'C302', 'C303', 'P401')
        UNION ALL
        SELECT
            CASE WHEN verdict = 'early' THEN 'C301' WHEN verdict = 'late' THEN 'C302' ELSE 'C303' END AS code,
            0 AS n_found,
            1 AS n_facts
        FROM inactivity
        WHERE verdict IN ('early', 'late', 'overdue')
        UNION ALL
        SELECT 'P401' AS code, 0 AS n_found, 1 AS n_facts FROM overtaken WHERE n_overtaken > 0
    ) AS parts
    GROUP BY code
) AS counts
WHERE n_found <> n_facts
