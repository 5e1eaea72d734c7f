"""Runs processes and measures them: seconds of the wall, of the processor, and the peak of memory, as the kernel
accounts for a finished child. Knows nothing of what is run.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finished:
    """A finished process. Seconds; `peak` in bytes, the largest single process of it. The kernel counts what a child
    shares with its parent before `exec`, which is the launcher: its 9 MB or so are the least that a peak can be."""

    wall: float
    user: float
    system: float
    peak: int
    out: str

    @property
    def processor(self) -> float:
        """Seconds of all processors together."""
        return self.user + self.system


# A small process between, so that this one's own memory is not taken for that of what is measured.
LAUNCHER = """
import os, sys, time
began = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
told = [status, time.perf_counter() - began, used.ru_utime, used.ru_stime, used.ru_maxrss]
os.write(int(sys.argv[1]), str(told).encode())
"""


def run(command: list) -> Finished:
    """Runs `command` to its end; raises where it fails, with what it wrote to stderr."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as told:
        launched = [sys.executable, "-I", "-S", "-c", LAUNCHER, str(told.fileno()), *words]
        subprocess.run(launched, stdout=out, stderr=errors, pass_fds=[told.fileno()], check=False)
        for file in (out, errors, told):
            file.seek(0)
        text = out.read().decode()
        status, wall, user, system, peak = json.loads(told.read() or b"[256, 0, 0, 0, 0]")
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            raise RuntimeError(f"`{' '.join(words)}` ended with {code}:\n{errors.read().decode()}")
    return Finished(wall, user, system, peak * 1024, text)


def warm(path: Path) -> None:
    """Reads a file once, so that none of those who are compared pays for the disk."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


@dataclass(frozen=True)
class Sample:
    """Several runs of one thing."""

    runs: list

    def median(self, what: str = "wall") -> float:
        """The median of that attribute of the runs."""
        return statistics.median(getattr(run, what) for run in self.runs)

    def figures(self) -> dict:
        """What is kept of it."""
        figures = {what: round(self.median(what), 6) for what in ("wall", "user", "system")}
        return {**figures, "peak": int(self.median("peak")), "runs": len(self.runs)}


def interleaved(things: dict, rounds: int) -> dict:
    """Runs each of `things`, a name and what to call, once to warm up and then `rounds` times, A B A B, so that a
    noisy minute of the machine falls on all of them. Gives a [`Sample`] for each name."""
    for call in things.values():
        call()
    runs = {name: [] for name in things}
    for _ in range(rounds):
        for name, call in things.items():
            runs[name].append(call())
    return {name: Sample(kept) for name, kept in runs.items()}


def ratio(over: Sample, under: Sample, what: str = "wall") -> dict:
    """The ratio of the medians, and the least and greatest ratio of runs that stood side by side."""
    pairs = [getattr(a, what) / max(getattr(b, what), 1e-9) for a, b in zip(over.runs, under.runs, strict=True)]
    value = over.median(what) / max(under.median(what), 1e-9)
    return {"value": round(value, 4), "low": round(min(pairs), 4), "high": round(max(pairs), 4)}
