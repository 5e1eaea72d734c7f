-- title: a case has as many rows of `severity_changes` as it says, numbered from 1
-- grain: one failure
SELECT case_id, n_said, n_rows, last FROM (
    SELECT case_id, SUM(n_said) AS n_said, SUM(n_rows) AS n_rows, MAX(change) AS last FROM (
        SELECT case_id, n_severity_changes AS n_said, 0 AS n_rows, 0 AS change FROM cases
        UNION ALL
        SELECT case_id, 0 AS n_said, 1 AS n_rows, change FROM severity_changes
    ) AS parts
    GROUP BY case_id
) AS counts
WHERE n_said <> n_rows OR last <> n_rows
