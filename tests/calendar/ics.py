#!/usr/bin/env python3
"""Random .ics files, and some made by hand, against icalendar and recurring_ical_events. By hand: it takes some minutes.

    python3 -m venv venv && venv/bin/pip install tzdata icalendar recurring_ical_events
    venv/bin/python tests/calendar/ics.py target/release/slaudit [FILES [SEED]]

What is closed is compared hour by hour over six years, to the second. A file may be refused instead, with code, line and
text; how many were, and why, is told. Exit code 1 where a figure differs, or a refusal has no line.
"""
import collections
import datetime as dt
import os
import random
import re
import subprocess
import sys
import tempfile
import zoneinfo
from concurrent.futures import ThreadPoolExecutor

import icalendar
import recurring_ical_events
from dateutil import rrule

UTC = dt.timezone.utc
ZONE = "America/Denver"
HERE = zoneinfo.ZoneInfo(ZONE)
FIRST, LAST = dt.date(2023, 1, 1), dt.date(2029, 1, 1)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
ZONES = [ZONE, ZONE, "America/New_York", "Europe/Berlin", "Asia/Kolkata"]


def closed(text):
    """The stretches that are closed, as instants, joined."""
    calendar = icalendar.Calendar.from_ical(text)
    found = []

    def local(day):
        return dt.datetime(day.year, day.month, day.day, tzinfo=HERE).astimezone(UTC)

    # Wider than what is compared: events may begin before it.
    events = recurring_ical_events.of(calendar).between(FIRST - dt.timedelta(400), LAST + dt.timedelta(3))
    for event in events:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if not isinstance(start, dt.datetime):
            end = max(end, start + dt.timedelta(1))
            found.append((local(start), local(end)))
            continue
        midnight = dt.time()
        is_utc = start.tzinfo is not None and start.tzinfo.utcoffset(start) == dt.timedelta() \
            and str(start.tzinfo) in ("UTC", "Etc/UTC")
        if is_utc and start.time() == midnight and end.time() == midnight and end > start:
            found.append((local(start.date()), local(end.date())))
            continue
        start, end = (at.replace(tzinfo=HERE) if at.tzinfo is None else at for at in (start, end))
        found.append((start.astimezone(UTC), end.astimezone(UTC)))
    joined = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        elif start < end:
            joined.append([start, end])
    return joined


def hours():
    at, end = dt.datetime(FIRST.year, 1, 1, tzinfo=UTC), dt.datetime(LAST.year, 1, 1, tzinfo=UTC)
    while at < end:
        yield at
        at += dt.timedelta(hours=1)


HOURS = list(hours())
QUESTIONS = "".join(f"{a:%Y-%m-%dT%H:%M:%SZ} {a + dt.timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}\n" for a in HOURS)


def open_by(stretches):
    """Open seconds of every hour."""
    left = [3600.0] * len(HOURS)
    for start, end in stretches:
        i = max(0, int((start - HOURS[0]).total_seconds() // 3600))
        while i < len(HOURS) and HOURS[i] < end:
            a, b = max(start, HOURS[i]), min(end, HOURS[i] + dt.timedelta(hours=1))
            left[i] -= max(0.0, (b - a).total_seconds())
            i += 1
    return [int(x) for x in left]


def ours(binary, folder, name, text):
    """Open seconds of every hour, or why the file is refused."""
    with open(os.path.join(folder, f"{name}.ics"), "w", encoding="utf-8", newline="") as file:
        file.write(text)
    policy = os.path.join(folder, f"{name}.toml")
    with open(policy, "w", encoding="utf-8") as file:
        file.write(f'name = "p"\ntimezone = "{ZONE}"\n[calendars.c]\nhours = {{ mon-sun = "24h" }}\n'
                   f'holidays = [{{ ics = "{name}.ics" }}]\n[[severity]]\nlevel = 1\n')
    run = subprocess.run([binary, "calendar", "elapsed", "--policy", policy, "--stdin"], input=QUESTIONS, text=True,
                         capture_output=True, check=False)
    if run.returncode:
        return run.stderr
    return [int(line) for line in run.stdout.split()]


def part(r, all_of, most=3):
    return ",".join(str(x) for x in r.sample(all_of, r.randint(1, most)))


def rule(r):
    """A rule without its end, and the frequency."""
    freq = r.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "YEARLY"])
    parts = [f"FREQ={freq}"]
    if r.random() < 0.3:
        parts.append(f"INTERVAL={r.randint(1, 4)}")
    if freq == "DAILY":
        parts.append(f"BYMONTH={part(r, range(1, 13))}" if r.random() < 0.5 else f"BYDAY={part(r, DAYS)}")
    if freq == "WEEKLY":
        if r.random() < 0.7:
            parts.append(f"BYDAY={part(r, DAYS)}")
        if r.random() < 0.4:
            parts.append(f"WKST={r.choice(DAYS)}")
        if r.random() < 0.2:
            parts.append(f"BYMONTH={part(r, range(1, 13))}")
    if freq == "MONTHLY":
        kind = r.randint(0, 3)
        if kind == 1:
            parts.append(f"BYMONTHDAY={part(r, [*range(1, 32), -1, -2, -31])}")
        if kind == 2:
            parts.append("BYDAY=" + ",".join(r.choice(["", "1", "2", "-1", "4", "5"]) + day
                                             for day in r.sample(DAYS, r.randint(1, 2))))
        if kind == 3:
            parts.append("BYDAY=MO,TU,WE,TH,FR")
            parts.append(f"BYSETPOS={part(r, [1, 2, -1, -3, 10])}")
        if r.random() < 0.2:
            parts.append(f"BYMONTH={part(r, range(1, 13))}")
    if freq == "YEARLY":
        kind = r.randint(0, 5)
        if kind == 1:
            parts.append(f"BYMONTH={part(r, range(1, 13))}")
        if kind == 2:
            parts.append(f"BYMONTH={part(r, range(1, 13), 2)}")
            parts.append(f"BYDAY={r.choice([1, 2, 3, 4, -1, -2])}{r.choice(DAYS)}")
        if kind == 3:
            parts.append(f"BYMONTH={part(r, range(1, 13), 2)}")
            parts.append(f"BYMONTHDAY={part(r, [*range(1, 32), -1])}")
        if kind == 4:
            parts.append(f"BYDAY={r.choice([1, 20, -1, 52])}{r.choice(DAYS)}")
        if kind == 5:
            parts.append(f"BYMONTH={part(r, range(1, 13), 2)}")
            parts.append(f"BYMONTHDAY=13,14,15,16,17,18,19;BYDAY={r.choice(DAYS)}")
    r.shuffle(parts)
    return ";".join(parts)


def stamp(at, how):
    if how == "date":
        return f"{at:%Y%m%d}"
    return f"{at:%Y%m%dT%H%M%S}" + ("Z" if how == "utc" else "")


def line(name, how, values):
    parameter = {"date": ";VALUE=DATE", "utc": "", "floating": ""}.get(how, f";TZID={how}")
    return f"{name}{parameter}:" + ",".join(stamp(value, how) for value in values)


def fold(r, text):
    """Lines of at most some octets, folded anywhere."""
    out = []
    for one in text.split("\n"):
        data, pieces = one.encode(), []
        while len(data) > 40 and r.random() < 0.6:
            at = r.randint(20, 38)
            # Within a character only where the reader it is compared with takes that.
            while at < len(data) and data[at] & 0xC0 == 0x80:
                at += 1
            pieces.append(data[:at].decode())
            data = data[at:]
        pieces.append(data.decode())
        out.append("\r\n ".join(pieces))
    return "\r\n".join(out)


def event(r, n):
    uid, how = f"{n}@example", r.choice(["date", "date", "date", "utc", "floating", *ZONES])
    start = dt.datetime(r.randint(2019, 2026), r.randint(1, 12), r.randint(1, 28))
    if how != "date":
        start += dt.timedelta(hours=r.randint(0, 23), minutes=r.choice([0, 15, 30]))
        if r.random() < 0.2:
            start = start.replace(hour=0, minute=0)
    recurs, starts = None, [start]
    if r.random() < 0.75:
        recurs = rule(r)
        starts = list(rrule.rrulestr(recurs, dtstart=start).between(start, dt.datetime(2031, 1, 1), inc=True))[:400]
        if not starts:
            return ""
        start = starts[0]
        end = r.random()
        if end < 0.3:
            recurs += f";COUNT={r.randint(1, 30)}"
        elif end < 0.6:
            until = r.choice(starts) + dt.timedelta(hours=r.choice([0, 0, 26]))
            kind = "date" if how == "date" else "floating" if how == "floating" else "utc"
            if kind == "utc" and how != "utc":
                until = until.replace(tzinfo=zoneinfo.ZoneInfo(how)).astimezone(UTC)
            recurs += f";UNTIL={stamp(until, kind)}"
    lines = ["BEGIN:VEVENT", f"UID:{uid}", line("DTSTART", how, [start])]
    length = dt.timedelta(r.randint(1, 4)) if how == "date" else dt.timedelta(minutes=15 * r.randint(1, 60))
    if how == "utc" and r.random() < 0.3:
        length = dt.timedelta(r.randint(1, 3))
    kind = r.random()
    if kind < 0.5:
        lines.append(line("DTEND", how, [start + length]))
    elif kind < 0.8:
        lines.append(f"DURATION:P{length.days}D" if how == "date" else f"DURATION:PT{int(length.total_seconds() // 60)}M")
    elif how != "date":
        lines.append(line("DTEND", how, [start + length]))
    if recurs:
        lines.append(f"RRULE:{recurs}")
    if recurs and r.random() < 0.5:
        lines.append(line("EXDATE", how, r.sample(starts, min(len(starts), r.randint(1, 3)))))
    if r.random() < 0.25:
        lines.append(line("RDATE", how, [start + dt.timedelta(r.randint(1, 900)) for _ in range(r.randint(1, 3))]))
    if r.random() < 0.1:
        lines.append("STATUS:CANCELLED")
    if r.random() < 0.3:
        lines.append(f"SEQUENCE:{r.randint(0, 3)}")
    if r.random() < 0.3:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "DURATION:PT5M", "REPEAT:2",
                  "DESCRIPTION:Reminder", "END:VALARM"]
    lines.append(f"SUMMARY;LANGUAGE=fr;X-WHAT=\"a:b;c,d\":Fête n° {n}\\, à Zürich et à Besançon et ailleurs")
    lines.append("END:VEVENT")
    if recurs and r.random() < 0.35:
        for at in r.sample(starts, min(len(starts), 2)):
            moved = at + dt.timedelta(r.randint(-5, 5))
            lines += ["BEGIN:VEVENT", f"UID:{uid}", line("RECURRENCE-ID", how, [at]), line("DTSTART", how, [moved]),
                      line("DTEND", how, [moved + length]), "SEQUENCE:4", "SUMMARY:Moved"]
            lines += ["STATUS:CANCELLED"] if r.random() < 0.3 else []
            lines.append("END:VEVENT")
    if r.random() < 0.1:
        newer = start + dt.timedelta(7)
        lines += ["BEGIN:VEVENT", f"UID:{uid}", "SEQUENCE:9", line("DTSTART", how, [newer]),
                  line("DTEND", how, [newer + length]), "SUMMARY:Newer", "END:VEVENT"]
    return "\n".join(lines) + "\n"


def random_file(seed):
    r = random.Random(seed)
    body = "".join(event(r, n) for n in range(r.randint(1, 4)))
    return fold(r, f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//calendar//EN\n{body}END:VCALENDAR\n")


def main():
    binary = os.path.abspath(sys.argv[1])
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 250
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    refused, bad, n_closed = collections.Counter(), 0, 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        texts = [random_file(seed + i) for i in range(n)]
        answers = pool.map(lambda i: ours(binary, folder, f"f{i}", texts[i]), range(n))
        for i, (text, answer) in enumerate(zip(texts, answers)):
            if isinstance(answer, str):
                refused[re.sub(r"found .*|\d+", "", answer.splitlines()[0])] += 1
                if not re.search(r"F109.*\n --> .*f\d+\.ics:\d+", answer):
                    bad += 1
                    print(f"--- {seed + i}: refused without code and line\n{answer}")
                continue
            want = open_by(closed(text))
            n_closed += sum(x < 3600 for x in want)
            differ = [j for j, (a, b) in enumerate(zip(answer, want)) if a != b]
            if differ or len(answer) != len(want):
                bad += 1
                j = differ[0] if differ else 0
                print(f"--- {seed + i}: {len(differ)} hours differ, first {HOURS[j]}: {answer[j]} s open, expected {want[j]}")
                print(text.replace("\r", ""))
    print(f"{n} files, {n_closed} hours closed; {sum(refused.values())} refused; {bad} bad")
    for why, count in refused.most_common():
        print(f"{count:5} {why}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
