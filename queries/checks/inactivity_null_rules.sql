-- title: what is missing in a spell, and where it was closed, agrees with its verdict
-- grain: one failure
SELECT case_id, rule, spell, verdict
FROM inactivity
WHERE (ended_how = 'open' AND ended_at IS NOT NULL)
    OR (ended_how <> 'open' AND ended_at IS NULL)
    OR (ended_how <> 'closed' AND support_owed IS NOT NULL)
    OR (ended_how <> 'closed' AND reopened_at IS NOT NULL)
    OR reopened_at < ended_at
    OR started_at < entered_at
    OR ended_at < started_at
    OR (n_restarts = 0 AND started_at <> entered_at)
    OR grace_until_at < due_at
    OR (verdict NOT IN ('no_target', 'out_of_scope') AND due_at IS NULL)
    OR (verdict = 'no_target' AND grace_until_at IS NOT NULL)
    OR (verdict = 'early' AND ended_at >= due_at)
    OR (verdict = 'on_time' AND (ended_at < due_at OR ended_at > grace_until_at))
    OR (verdict IN ('late', 'returned_overdue') AND ended_at <= grace_until_at)
    OR (verdict = 'returned' AND ended_at > grace_until_at)
    OR (verdict IN ('pending', 'overdue') AND ended_how <> 'open')
    OR idle_s < 0
    OR idle_business_s > idle_s
    OR waited_s < idle_s
