"""The usual script: pandas for the two instants of each case, businesstimedelta for the time between them.

usage: pandas_first_response.py FILE.csv THREADS OUT.tsv     prints the seconds from reading to the last case"""

import sys
import time
from datetime import time as clock_time

import businesstimedelta
import pandas as pd
import pytz

import days


def main(path, _threads, out):
    clock = time.perf_counter()
    events = pd.read_csv(path, usecols=["case_id", "at", "event", "role"])
    events["at"] = pd.to_datetime(events["at"], utc=True, format="ISO8601")
    opened = events[events["event"] == "opened"].groupby("case_id")["at"].min()
    by_agent = events[(events["event"] == "message") & (events["role"] == "agent")]
    cases = pd.DataFrame({"opened": opened, "answered": by_agent.groupby("case_id")["at"].min()}).dropna()
    cases = cases[cases["answered"] >= cases["opened"]]
    zone = pytz.timezone("America/Denver")
    rule = businesstimedelta.WorkDayRule(clock_time(8), clock_time(17), working_days=[0, 1, 2, 3, 4], tz=zone)
    rules = businesstimedelta.Rules([rule])
    answers = []
    for case, opened_at, answered_at in cases.itertuples():
        passed = rules.difference(opened_at.to_pydatetime(), answered_at.to_pydatetime())
        answers.append((case, passed.hours * 3600 + passed.seconds))
    print(f"{time.perf_counter() - clock:.6f}")
    days.write(out, answers)


main(*sys.argv[1:])
