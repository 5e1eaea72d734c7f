-- title: cases were overtaken as often as responses overtook
-- grain: one failure
SELECT by_responses.n AS n_by_responses, by_cases.n AS n_by_cases
FROM (SELECT COALESCE(SUM(n_overtaken), 0) AS n FROM overtaken) AS by_responses
CROSS JOIN (SELECT COALESCE(SUM(n_overtaken), 0) AS n FROM cases) AS by_cases
WHERE by_responses.n <> by_cases.n
