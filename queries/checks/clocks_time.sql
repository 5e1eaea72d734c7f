-- title: times of a clock are not negative, and open and paused time fit into the elapsed
-- grain: one failure
-- Each is rounded down to whole seconds on its own, so that the parts may sum to less, never to more.
SELECT case_id, metric, cycle, elapsed_s, paused_s, business_s, stale_pause_s
FROM clocks
WHERE elapsed_s < 0
    OR paused_s < 0
    OR stale_pause_s < 0
    OR business_s < 0
    OR paused_s > elapsed_s
    OR business_s + paused_s > elapsed_s
    OR stopped_at < started_at
    OR cycle < 1
