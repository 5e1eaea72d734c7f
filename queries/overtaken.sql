-- title: First responses that came before those of more severe cases
-- grain: one severity of the answered case
-- column severity: severity of the answered case at its first response
-- column n_responses: first responses in scope, not exempt
-- column n_overtaking: of them given while more severe cases had waited
-- column n_overtaken: more severe cases that waited, added up over the responses
-- column worst_waited_s: longest business time that the worst of them had waited
-- rate overtaking = n_overtaking / n_responses: share of the responses that overtook somebody
SELECT
    severity,
    COUNT(*) AS n_responses,
    SUM(CASE WHEN n_overtaken > 0 THEN 1 ELSE 0 END) AS n_overtaking,
    SUM(n_overtaken) AS n_overtaken,
    MAX(worst_waited_business_s) AS worst_waited_s
FROM overtaken
WHERE in_period
GROUP BY severity
ORDER BY severity
