-- title: a change of severity changes something, after the opening
-- grain: one failure
SELECT case_id, change
FROM severity_changes
WHERE from_severity = to_severity
    OR (direction = 'upgrade' AND to_severity > from_severity)
    OR (direction = 'downgrade' AND to_severity < from_severity)
    OR since_opening_s < 0
    OR since_opening_business_s < 0
    OR since_opening_business_s > since_opening_s
