-- title: What the policy wants, and what was measured
-- grain: one objective of the policy's latest version
-- column objective: its key in the policy
-- column goal: the share that the policy wants
-- column n_judged: clocks met, missed and unanswered
-- column n_met: clocks met
-- column standing: `kept`: attainment is not below the goal; `missed`: were the goal kept exactly, so few or fewer would be met with a chance of at most 2.5 %; `in doubt`: below the goal otherwise; `none judged`
-- rate attainment = n_met / n_judged: share of the judged clocks that was met
SELECT objective, goal, n_judged, n_met, standing
FROM objectives
ORDER BY position
