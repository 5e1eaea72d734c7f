-- title: a response names the worst overtaken case where it overtook one, and one more severe
-- grain: one failure
SELECT response_case_id
FROM overtaken
WHERE (n_overtaken = 0 AND worst_case_id IS NOT NULL)
    OR (n_overtaken > 0 AND (worst_case_id IS NULL OR worst_severity IS NULL))
    OR worst_severity >= severity
    OR worst_waited_business_s < 0
