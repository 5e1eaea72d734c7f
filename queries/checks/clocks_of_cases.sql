-- title: every case has one `first_response` clock and a first `resolution` clock; every clock has its case
-- grain: one failure
SELECT case_id, n_cases, n_first, n_resolution FROM (
    SELECT
        case_id,
        SUM(is_case) AS n_cases,
        SUM(is_first) AS n_first,
        SUM(is_resolution) AS n_resolution
    FROM (
        SELECT case_id, 1 AS is_case, 0 AS is_first, 0 AS is_resolution FROM cases
        UNION ALL
        SELECT
            case_id,
            0 AS is_case,
            CASE WHEN metric = 'first_response' THEN 1 ELSE 0 END AS is_first,
            CASE WHEN metric = 'resolution' AND cycle = 1 THEN 1 ELSE 0 END AS is_resolution
        FROM clocks
    ) AS parts
    GROUP BY case_id
) AS counts
WHERE n_cases <> 1 OR n_first <> 1 OR n_resolution <> 1
