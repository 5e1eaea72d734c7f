-- title: Findings by code
-- grain: one code
-- column code: the code, those of the data (`D`) included
-- column n_findings: findings
-- column n_cases: cases that have one; 0: not about cases
-- column n_files: input files that have one; 0: not about rows of the input
SELECT
    code,
    COUNT(*) AS n_findings,
    COUNT(DISTINCT case_id) AS n_cases,
    COUNT(DISTINCT file) AS n_files
FROM findings
WHERE in_period
GROUP BY code
ORDER BY code
