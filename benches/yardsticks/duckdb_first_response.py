"""First response in business time by DuckDB: one aggregation over the events, and two joins to the table of opening
hours. It does nothing else: no other clock, no pause, no severity, no verdict, no row that is told of.

usage: duckdb_first_response.py FILE THREADS OUT.tsv     prints the seconds of the query alone"""

import sys
import time

import duckdb
import pyarrow as pa

import days

FIRST = """
CREATE TABLE first AS
SELECT case_id,
       min(epoch_us("at")) FILTER (WHERE event = 'opened') AS opened,
       min(epoch_us("at")) FILTER (WHERE event = 'message' AND role = 'agent') AS answered
FROM {source} GROUP BY case_id HAVING answered >= opened
"""

ANSWER = """
CREATE TABLE answer AS
SELECT case_id,
       ((b.before + least(answered, b."to") - b."from") - (a.before + least(opened, a."to") - a."from")) // 1000000 AS s
FROM first ASOF JOIN hours a ON first.opened >= a."from" ASOF JOIN hours b ON first.answered >= b."from"
"""


def main(path, threads, out):
    source = f"read_parquet('{path}')"
    if path.endswith(".csv"):
        source = f"read_csv('{path}', header=true, columns={{'case_id': 'VARCHAR', 'at': 'TIMESTAMPTZ', 'event': 'VARCHAR', " \
            "'role': 'VARCHAR', 'actor': 'VARCHAR', 'status': 'VARCHAR', 'severity': 'VARCHAR', 'customer': 'VARCHAR', " \
            "'product': 'VARCHAR', 'channel': 'VARCHAR'})"
    db = duckdb.connect(config={"threads": int(threads)})
    clock = time.perf_counter()
    db.execute(FIRST.format(source=source))
    low, high = db.execute("SELECT min(opened), max(answered) FROM first").fetchall()[0]
    rows = days.span(low, high)
    hours = pa.table({"from": [r[0] for r in rows], "to": [r[1] for r in rows], "before": [r[2] for r in rows]})
    db.register("hours", hours)
    db.execute(ANSWER)
    print(f"{time.perf_counter() - clock:.6f}")
    days.write(out, db.execute("SELECT case_id, s FROM answer").fetchall())


main(*sys.argv[1:])
