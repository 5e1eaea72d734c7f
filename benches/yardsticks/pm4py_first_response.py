"""What a user of pm4py would do: a log of two events a case, its duration in business hours. The library drops the time
zone of the instants: they are turned into local times before, so that only days on which the clock changes are off.

usage: pm4py_first_response.py FILE.csv THREADS OUT.tsv     prints the seconds from reading to the last case"""

import sys
import time

import pandas as pd
import pm4py

import days

HOUR = 3600


def main(path, _threads, out):
    clock = time.perf_counter()
    events = pd.read_csv(path, usecols=["case_id", "at", "event", "role"])
    events["at"] = pd.to_datetime(events["at"], utc=True, format="ISO8601").dt.tz_convert("America/Denver").dt.tz_localize(None)
    opened = events[events["event"] == "opened"].groupby("case_id")["at"].min()
    by_agent = events[(events["event"] == "message") & (events["role"] == "agent")]
    cases = pd.DataFrame({"opened": opened, "answered": by_agent.groupby("case_id")["at"].min()}).dropna()
    cases = cases[cases["answered"] >= cases["opened"]]
    log = cases.reset_index().melt(id_vars="case_id", var_name="activity", value_name="at")
    log = log.sort_values(["case_id", "at", "activity"], ascending=[True, True, False])
    log = pm4py.format_dataframe(log, case_id="case_id", activity_key="activity", timestamp_key="at")
    slots = [((day * 24 + 8) * HOUR, (day * 24 + 17) * HOUR) for day in range(5)]
    durations = pm4py.get_all_case_durations(log, business_hours=True, business_hour_slots=slots)
    print(f"{time.perf_counter() - clock:.6f}")
    # The function tells durations without their cases, in ascending order: they can be compared as a whole only.
    days.write(out, ((f"#{i}", int(seconds)) for i, seconds in enumerate(durations)))


main(*sys.argv[1:])
