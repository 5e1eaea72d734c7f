-- title: a case has one row
-- grain: one failure
SELECT case_id, n_rows FROM (
    SELECT case_id, COUNT(*) AS n_rows FROM cases GROUP BY case_id
) AS counts
WHERE n_rows > 1
