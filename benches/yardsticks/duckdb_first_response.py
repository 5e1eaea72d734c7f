"""First response of every case in business time by DuckDB: one aggregation over the events, and two joins with a table
of days in which the open time before each day stands. It computes nothing else: no severity, no target, no verdict,
no pause, no other clock, and it tells of no bad row. Only the columns that it needs are read.

    duckdb_first_response.py FILE THREADS [ANSWER.parquet]

Prints JSON: cases, sum of their seconds, and the seconds of the query without start and imports.
"""

import json
import sys
import time

import duckdb
import pyarrow

from opening_hours import CLOSES, OPENS, SECOND, ZONE, days

# Without a guess at the types; texts that are not asked for are not kept.
CSV = """read_csv('{path}', header = true, auto_detect = false, delim = ',', quote = '"', columns = {{'case_id': 'VARCHAR',
    'at': 'TIMESTAMP', 'event': 'VARCHAR', 'role': 'VARCHAR', 'actor': 'VARCHAR', 'status': 'VARCHAR',
    'severity': 'VARCHAR', 'customer': 'VARCHAR', 'product': 'VARCHAR', 'channel': 'VARCHAR'}})"""
UTC = {"csv": "timezone('UTC', {instant})", "parquet": "{instant}"}
# Open microseconds from the beginning of the table to an instant.
OPEN = "{day}.before + {day}.open * (greatest(least(epoch_us({at}::TIME), {closes}), {opens}) - {opens})"
QUERY = """
WITH cases AS (
    SELECT case_id,
        min("at") FILTER (event = 'opened') AS opened_at,
        min("at") FILTER (event = 'message' AND role = 'agent') AS answered_at
    FROM {source} WHERE event IN ('opened', 'message') GROUP BY case_id
), local AS (
    SELECT case_id, timezone('{zone}', {opened_at}) AS opened, timezone('{zone}', {answered_at}) AS answered
    FROM cases WHERE answered_at >= opened_at
)
SELECT case_id, (({until}) - ({since})) // 1000000 AS business_s
FROM local JOIN days AS a ON a.day = opened::DATE JOIN days AS b ON b.day = answered::DATE
"""


def query(path):
    """The text of the query over a CSV or Parquet file."""
    kind = "csv" if path.endswith(".csv") else "parquet"
    part = {"opens": OPENS * SECOND, "closes": CLOSES * SECOND}
    return QUERY.format(
        source=CSV.format(path=path) if kind == "csv" else f"read_parquet('{path}')",
        zone=ZONE,
        opened_at=UTC[kind].format(instant="opened_at"),
        answered_at=UTC[kind].format(instant="answered_at"),
        since=OPEN.format(day="a", at="opened", **part),
        until=OPEN.format(day="b", at="answered", **part),
    )


def main(path, threads, answer=None):
    database = duckdb.connect(config={"threads": int(threads)})
    database.execute("SET preserve_insertion_order = false")
    began = time.perf_counter()
    columns = list(zip(*days()))
    database.register("days_given", pyarrow.table(dict(zip(["day", "before", "open"], columns))))
    database.execute("CREATE TABLE days AS SELECT * FROM days_given")
    database.execute(f"CREATE TABLE answer AS {query(path)}")
    n, total = database.execute("SELECT count(*), sum(business_s) FROM answer").fetchone()
    seconds = time.perf_counter() - began
    if answer:
        database.execute(f"COPY answer TO '{answer}' (FORMAT parquet)")
    print(json.dumps({"cases": n, "sum_s": int(total), "seconds": seconds}))


main(*sys.argv[1:])
