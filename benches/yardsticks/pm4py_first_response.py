"""First response of every case in business time as a user of pm4py would find it: a log of two events a case, and the
duration of its cases in business hours. Instants are turned into local times before, because the library drops the
zone; it is given no holidays, because the function takes none. So its answer is too long where a holiday lies between.
One thread; from CSV alone.

    pm4py_first_response.py FILE.csv THREADS [ANSWER.parquet]

Prints JSON: cases, sum of their seconds, and the seconds of the work without start and imports.
"""

import json
import sys
import time

import pandas
import pm4py

from opening_hours import CLOSES, OPENS, ZONE
from two_events import two_events

DAY = 24 * 3600
SLOTS = [(day * DAY + OPENS, day * DAY + CLOSES) for day in range(5)]


def main(path, _threads, answer=None):
    began = time.perf_counter()
    log = two_events(path).reset_index().melt(id_vars="case_id", var_name="activity", value_name="at")
    log["at"] = log["at"].dt.tz_convert(ZONE).dt.tz_localize(None)
    log = pm4py.format_dataframe(log, case_id="case_id", activity_key="activity", timestamp_key="at")
    # The function behind `get_all_case_durations`, which gives the same without saying whose they are.
    cases = pm4py.statistics.traces.generic.pandas.case_statistics.get_cases_description(
        log, parameters={"business_hours": True, "business_hour_slots": SLOTS}
    )
    answers = {case: int(told["caseDuration"]) for case, told in cases.items()}
    total = sum(answers.values())
    seconds = time.perf_counter() - began
    if answer:
        pandas.DataFrame({"case_id": list(answers), "business_s": list(answers.values())}).to_parquet(answer)
    print(json.dumps({"cases": len(answers), "sum_s": total, "seconds": seconds}))


main(*sys.argv[1:])
