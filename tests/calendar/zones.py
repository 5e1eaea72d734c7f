#!/usr/bin/env python3
"""Every zone, half-hourly over two years to come, against Python's zoneinfo. By hand: it takes some minutes.

    python3 -m venv venv && venv/bin/pip install tzdata==2026.6
    venv/bin/python tests/calendar/zones.py target/release/slaudit [FIRST_YEAR [YEARS]]

The package `tzdata` must be of the release that slaudit has (its 2026.6 is 2026f). Python's own `TZPATH` is left out, so
that no data of this machine is read. Exit code 1 where an offset differs; the first of each zone is shown.
"""
import datetime
import os
import subprocess
import sys
import tempfile
import zoneinfo
from concurrent.futures import ThreadPoolExecutor
from importlib import resources

import tzdata

HALF_HOUR = datetime.timedelta(minutes=30)
UTC = datetime.timezone.utc


def instants(first, years):
    at, end = datetime.datetime(first, 1, 1, tzinfo=UTC), datetime.datetime(first + years, 1, 1, tzinfo=UTC)
    while at < end:
        yield at
        at += HALF_HOUR


def offset(text):
    """The offset at the end of an instant as RFC 3339 has it, in seconds."""
    sign, hours, minutes = text[-6], int(text[-5:-3]), int(text[-2:])
    return (hours * 3600 + minutes * 60) * (-1 if sign == "-" else 1)


def differences(binary, folder, name, asked, lines):
    zone = zoneinfo.ZoneInfo(name)
    policy = os.path.join(folder, name.replace("/", "_") + ".toml")
    with open(policy, "w", encoding="utf-8") as file:
        file.write(f'name = "zone"\ntimezone = "{name}"\n[[severity]]\nlevel = 1\n')
    run = subprocess.run([binary, "calendar", "add", "--policy", policy, "--stdin"], input=lines, text=True,
                         capture_output=True, check=True)
    answers = run.stdout.splitlines()
    assert len(answers) == len(asked), f"{name}: {len(answers)} answers of {len(asked)}: {run.stderr}"
    found = []
    for at, answer in zip(asked, answers):
        want = at.astimezone(zone).utcoffset().total_seconds()
        if offset(answer) != want:
            found.append(f"{name} {at.isoformat()}: {answer}, expected an offset of {want} s")
    return found


def main():
    binary = os.path.abspath(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else datetime.datetime.now(UTC).year
    years = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    zoneinfo.reset_tzpath(to=[])
    names = resources.files(tzdata).joinpath("zones").read_text("utf-8").split()
    # No place: what a machine has before anybody says where it stands. chrono-tz does not name it.
    names.remove("Factory")
    asked = list(instants(first, years))
    lines = "".join(f"{at.strftime('%Y-%m-%dT%H:%M:%SZ')} 0s\n" for at in asked)
    print(f"{len(names)} zones of {tzdata.IANA_VERSION}, {len(asked)} instants each")
    n = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        work = [pool.submit(differences, binary, folder, name, asked, lines) for name in names]
        for name, done in zip(names, work):
            try:
                found = done.result()
            except subprocess.CalledProcessError as error:
                found = [f"{name}: {error.stderr.strip()}"]
            if found:
                print(f"{found[0]} ({len(found)} in all)")
            n += len(found)
    print(f"{n} differences")
    return n > 0


if __name__ == "__main__":
    sys.exit(main())
