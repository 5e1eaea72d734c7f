"""First response of every case in business time by polars, lazily: the way of duckdb_first_response.py, and nothing more
than it computes.

    polars_first_response.py FILE THREADS [ANSWER.parquet]

Prints JSON: cases, sum of their seconds, and the seconds of the query without start and imports.
"""

import json
import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = sys.argv[2]

import polars as pl

from opening_hours import CLOSES, OPENS, SECOND, ZONE, days


def events(path):
    """The four columns of the file, instants in UTC."""
    wanted = ["case_id", "at", "event", "role"]
    if not path.endswith(".csv"):
        return pl.scan_parquet(path).select(wanted)
    at = pl.col("at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us").dt.replace_time_zone("UTC")
    return pl.scan_csv(path, infer_schema=False).select(wanted).with_columns(at)


def with_open_time(frame, name, table):
    """Adds the open microseconds from the beginning of the table of days to the instant called `name`."""
    local = pl.col(name).dt.convert_time_zone(ZONE)
    of_day = (local.dt.time().cast(pl.Int64) // 1000).clip(OPENS * SECOND, CLOSES * SECOND)
    frame = frame.with_columns(local.dt.date().alias("day"), of_day.alias("of_day"))
    frame = frame.join(table, on="day", how="left")
    passed = pl.col("before") + pl.col("open") * (pl.col("of_day") - OPENS * SECOND)
    return frame.with_columns(passed.alias(f"{name}_us")).drop("day", "of_day", "before", "open")


def main(path, _threads, answer=None):
    began = time.perf_counter()
    table = pl.DataFrame(list(days()), schema={"day": pl.Date, "before": pl.Int64, "open": pl.Int64}, orient="row")
    is_answer = (pl.col("event") == "message") & (pl.col("role") == "agent")
    cases = events(path).filter(pl.col("event").is_in(["opened", "message"])).group_by("case_id").agg(
        pl.col("at").filter(pl.col("event") == "opened").min().alias("opened"),
        pl.col("at").filter(is_answer).min().alias("answered"),
    )
    cases = cases.filter(pl.col("answered") >= pl.col("opened"))
    for name in ("opened", "answered"):
        cases = with_open_time(cases, name, table.lazy())
    business = ((pl.col("answered_us") - pl.col("opened_us")) // SECOND).alias("business_s")
    frame = cases.select("case_id", business).collect(engine="streaming")
    n, total = len(frame), frame["business_s"].sum()
    seconds = time.perf_counter() - began
    if answer:
        frame.write_parquet(answer)
    print(json.dumps({"cases": n, "sum_s": int(total), "seconds": seconds}))


main(*sys.argv[1:])
