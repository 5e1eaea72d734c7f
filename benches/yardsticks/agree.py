"""Whether a yardstick's answers are ours, to the second: its case ids and business seconds against the first-response
clocks that a message stopped.

usage: agree.py clocks.parquet ANSWER.tsv"""

import sys

import pyarrow.parquet as pq


def main(clocks, answer):
    columns = ["case_id", "metric", "source", "business_s"]
    table = pq.read_table(clocks, columns=columns, filters=[("metric", "=", "first_response")])
    rows = zip(*(table[name].to_pylist() for name in columns))
    ours = {case: seconds for case, _, source, seconds in rows if source == "message"}
    with open(answer, encoding="utf-8") as lines:
        theirs = [line.rstrip("\n").split("\t") for line in lines]
    if theirs and theirs[0][0].startswith("#"):
        # Durations without their cases: as many of each length.
        seconds = sorted(int(s) for _, s in theirs)
        both = sum(a == b for a, b in zip(sorted(ours.values()), seconds))
        print(f"{both:,} of {len(ours):,} lengths in ascending order the same; {len(seconds):,} cases there")
        return
    both = {case: int(s) for case, s in theirs if case in ours}
    same = sum(ours[case] == s for case, s in both.items())
    print(f"{same:,} of {len(both):,} cases to the second; {len(theirs) - len(both):,} more that had ended unanswered before")


main(*sys.argv[1:])
