-- title: What the policy wants, and what was measured
-- grain: one objective of the policy's latest version
-- column objective: its key in the policy
-- column goal: the share that the policy wants
-- column n_judged: clocks met, missed and unanswered
-- column n_met: clocks met
-- column standing: `kept`; `in_doubt`: below the goal, the interval reaches it; `missed`: the whole interval is below; `none_judged`
-- rate attainment = n_met / n_judged: share of the judged clocks that was met
SELECT objective, goal, n_judged, n_met, standing
FROM objectives
ORDER BY position
