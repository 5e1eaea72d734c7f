"""The opening hours that the yardsticks share: Monday to Friday, 8 to 17, America/Denver, but for the federal holidays of
the United States as the package `holidays` has them. Nothing here comes from slaudit.
"""

import datetime

import holidays

ZONE = "America/Denver"
# Of the local day, in seconds.
OPENS, CLOSES = 8 * 3600, 17 * 3600
# In microseconds.
SECOND = 1_000_000
YEARS = range(2024, 2032)
FIRST, LAST = datetime.date(YEARS[0], 1, 1), datetime.date(YEARS[-1], 12, 31)


def days_off():
    """The holidays, with the days on which they are observed."""
    return holidays.UnitedStates(years=list(YEARS))


def days():
    """Each local date as (date, open microseconds before it, whether it is open)."""
    off, before, day = days_off(), 0, FIRST
    while day <= LAST:
        is_open = day.weekday() < 5 and day not in off
        yield day, before, int(is_open)
        before += (CLOSES - OPENS) * SECOND * is_open
        day += datetime.timedelta(days=1)
