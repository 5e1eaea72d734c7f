"""The same as duckdb_first_response.py by polars, lazily.

usage: polars_first_response.py FILE THREADS OUT.tsv     prints the seconds of the query alone"""

import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = sys.argv[2]

import polars as pl

import days


def main(path, _threads, out):
    clock = time.perf_counter()
    if path.endswith(".csv"):
        at = pl.col("at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_zone="UTC")
        events = pl.scan_csv(path).with_columns(at)
    else:
        events = pl.scan_parquet(path)
    at = pl.col("at").dt.epoch("us")
    first = (
        events.group_by("case_id")
        .agg(
            at.filter(pl.col("event") == "opened").min().alias("opened"),
            at.filter((pl.col("event") == "message") & (pl.col("role") == "agent")).min().alias("answered"),
        )
        .filter(pl.col("answered") >= pl.col("opened"))
        .collect()
    )
    rows = days.span(first["opened"].min(), first["answered"].max())
    hours = pl.DataFrame(rows, schema=["from", "to", "before"], orient="row").lazy()

    def until(frame, column):
        joined = frame.sort(column).join_asof(hours, left_on=column, right_on="from", strategy="backward", coalesce=False)
        open_until = pl.col("before") + pl.min_horizontal(column, "to") - pl.col("from")
        return joined.with_columns(open_until.alias("w_" + column)).drop("from", "to", "before")

    answer = until(until(first.lazy(), "opened"), "answered")
    answer = answer.select("case_id", ((pl.col("w_answered") - pl.col("w_opened")) // 1_000_000).alias("s")).collect()
    print(f"{time.perf_counter() - clock:.6f}")
    days.write(out, answer.iter_rows())


main(*sys.argv[1:])
