-- title: What closing after so long would have done
-- grain: one category and one length asked about with `--close-after`
-- column basis: category that the spells are in
-- column close_after: the length, from the spell's start after its last restart
-- column n_spells: spells whose length can be measured
-- column n_would_close: spells that lasted longer than it
-- column n_false_closures: of them ended by the customer's return: closed too early
-- column n_cases_closed: cases that such a spell would have closed
-- column saved_s: wall time from due to the spell's end, false closures left out
-- rate false_closures = n_false_closures / n_would_close: share of the closures that would have come too early
SELECT basis, close_after, n_spells, n_would_close, n_false_closures, n_cases_closed, saved_s
FROM close_after
ORDER BY basis, position
