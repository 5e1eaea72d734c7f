-- title: every finding about a clock names a clock that exists
-- grain: one failure
SELECT findings.code, findings.case_id, findings.metric, findings.cycle
FROM findings
LEFT JOIN clocks
    ON findings.case_id = clocks.case_id
    AND findings.metric = clocks.metric
    AND findings.cycle = clocks.cycle
WHERE findings.metric IS NOT NULL AND clocks.verdict IS NULL
