"""Holds a yardstick's answer against ours, case by case and to the second.

    agree.py CLOCKS.parquet ANSWER.parquet

Ours are the first-response clocks that a message stopped: a case that support ended without a message has a clock that
ended unanswered then, and the yardsticks do not know of it. Prints JSON: how many of ours there are, how many of them
the yardstick has too, how many agree, the median and largest difference of the others in seconds, and how many more
cases the yardstick has.
"""

import json
import sys

import pandas


def main(clocks, answer):
    columns = ["case_id", "metric", "cycle", "source", "business_s"]
    ours = pandas.read_parquet(clocks, columns=columns, filters=[("metric", "=", "first_response")])
    ours = ours[(ours["cycle"] == 1) & (ours["source"] == "message")]
    theirs = pandas.read_parquet(answer)
    both = ours.merge(theirs, on="case_id", suffixes=("", "_theirs"))
    off = (both["business_s_theirs"] - both["business_s"]).abs()
    others = off[off > 0]
    said = {
        "ours": len(ours),
        "both": len(both),
        "agree": int((off == 0).sum()),
        "median_off_s": int(others.median()) if len(others) else 0,
        "largest_off_s": int(off.max()) if len(off) else 0,
        "more": len(theirs) - len(both),
    }
    print(json.dumps(said))


main(*sys.argv[1:])
