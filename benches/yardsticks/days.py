"""The opening hours that all yardsticks share: Monday to Friday, 8 to 17, Mountain Time, no holidays."""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Denver")
OPENS, CLOSES = time(8), time(17)
SECOND = 1_000_000


def open_stretches(first: date, last: date):
    """(from, to, open time before) of every working day, in microseconds since 1970, UTC."""
    rows, before, day = [], 0, first
    while day <= last:
        if day.weekday() < 5:
            start, end = (int(datetime.combine(day, at, ZONE).timestamp()) * SECOND for at in (OPENS, CLOSES))
            rows.append((start, end, before))
            before += end - start
        day += timedelta(days=1)
    return rows


def span(first: int, last: int):
    """The stretches around two instants in microseconds since 1970."""
    day = lambda at, more: datetime.fromtimestamp(at // SECOND, timezone.utc).date() + timedelta(days=more)
    return open_stretches(day(first, -8), day(last, 8))


def write(path, answers):
    """One line a case: id and business seconds."""
    with open(path, "w", encoding="utf-8") as out:
        for case, seconds in answers:
            out.write(f"{case}\t{seconds}\n")
