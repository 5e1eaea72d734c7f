"""First response of every case in business time as it is usually scripted: pandas for the two instants of each case, the
package businesstimedelta with zone and holidays for the time between them. One thread, as pandas is. From CSV alone.

    pandas_businesstimedelta.py FILE.csv THREADS [ANSWER.parquet]

Prints JSON: cases, sum of their seconds, and the seconds of the work without start and imports.
"""

import datetime
import json
import sys
import time

import businesstimedelta
import pandas
import pytz

from opening_hours import CLOSES, OPENS, ZONE, days_off
from two_events import two_events


def hours():
    """The opening hours as that package has them."""
    zone = pytz.timezone(ZONE)
    opens, closes = datetime.time(OPENS // 3600), datetime.time(CLOSES // 3600)
    work = businesstimedelta.WorkDayRule(opens, closes, working_days=[0, 1, 2, 3, 4], tz=zone)
    return businesstimedelta.Rules([work, businesstimedelta.HolidayRule(days_off(), tz=zone)])


def main(path, _threads, answer=None):
    began = time.perf_counter()
    cases, rules = two_events(path), hours()

    def business(case):
        passed = rules.difference(case.opened.to_pydatetime(), case.answered.to_pydatetime())
        return int(passed.hours) * 3600 + int(passed.seconds)

    answers = [business(case) for case in cases.itertuples()]
    total = sum(answers)
    seconds = time.perf_counter() - began
    if answer:
        pandas.DataFrame({"case_id": cases.index, "business_s": answers}).to_parquet(answer)
    print(json.dumps({"cases": len(answers), "sum_s": total, "seconds": seconds}))


main(*sys.argv[1:])
