-- title: what is missing in a case agrees with what happened to it
-- grain: one failure
SELECT case_id
FROM cases
WHERE (scope = 'in' AND scope_reason IS NOT NULL)
    OR (scope = 'out' AND scope_reason IS NULL)
    OR (closed_at IS NULL AND closed_by_role IS NOT NULL)
    OR first_response_at < opened_at
    OR n_events < 1
    OR new_s < 0
    OR open_s < 0
    OR waiting_customer_s < 0
    OR waiting_other_s < 0
    OR resolved_s < 0
