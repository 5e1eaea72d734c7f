-- title: what is missing in a clock agrees with its verdict
-- grain: one failure
SELECT case_id, metric, cycle, verdict
FROM clocks
WHERE (verdict IN ('met', 'withdrawn', 'unanswered') AND stopped_at IS NULL)
    OR (verdict = 'pending' AND stopped_at IS NOT NULL)
    OR (verdict IN ('out_of_scope', 'exempt') AND reason IS NULL)
    OR (verdict NOT IN ('out_of_scope', 'exempt') AND reason IS NOT NULL)
    OR (verdict = 'met' AND margin_s < 0)
    OR (verdict = 'pending' AND margin_s < 0)
    OR (verdict = 'missed' AND margin_s >= 0)
    OR (verdict IN ('met', 'missed', 'pending') AND target IS NULL AND used_share IS NULL)
    OR (verdict IN ('met', 'missed', 'pending', 'unanswered', 'withdrawn') AND kind IS NULL)
    OR (target IS NULL AND target_kind IS NOT NULL)
    OR (target IS NOT NULL AND target_kind IS NULL)
    OR (target_kind = 'business_days' AND target_s IS NOT NULL)
    OR (masked AND exposed)
