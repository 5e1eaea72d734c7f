#!/usr/bin/env python3
"""Measures slaudit on the machine at hand and writes benches/RESULTS.md and its plots.

    benches/run.py                            a quick try, a million events
    benches/run.py --events 12000000          the table of the goals
    benches/run.py --only parquet,duckdb      some parts; the others keep what was measured before

Needs cargo and Python 3.11, and PyPI for the yardsticks. It builds what it measures, makes its data by `slaudit
generate`, runs what it compares in turn and quotes medians. What a part came to is kept as JSON beside the data, so
that RESULTS.md can be written from parts made at different moments.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import parts
import results
from measure import run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


class Bench:
    """What is measured, with what, and where it stands."""

    def __init__(self, options):
        self.events, self.rounds, self.threads = options.events, options.rounds, options.threads
        self.script_events, self.is_largest = options.script_events, options.largest
        self.data = Path(options.data).resolve()
        self.venv = Path(options.venv).resolve() if options.venv else self.data / "venv"
        self.samples = ROOT / "data-samples/policies"
        self.data.mkdir(parents=True, exist_ok=True)
        self.slaudit, self.bare_program, self.kernel = build()
        self.counts_file = self.data / "counts.json"
        self.counts = json.loads(self.counts_file.read_text()) if self.counts_file.exists() else {}

    def history(self, events, kind, order="time"):
        """The file with about so many events; made where it is not there yet."""
        path = self.data / f"{order}-{events}.{kind}"
        if path.name not in self.counts or not path.exists():
            words = [self.slaudit, "generate", "--events", events, "--order", order, "--out", path]
            self.counts[path.name] = int(re.search(r"(\d+) events", run(words).out)[1])
            self.counts_file.write_text(json.dumps(self.counts, indent=1, sort_keys=True))
        return path

    def rows(self, path):
        """How many events the file really has."""
        return self.counts[path.name]

    def command(self, name, path, *more, threads=None):
        """A command of slaudit over a file, under the policy of the benches."""
        common = ["--policy", HERE / "policy.toml", "--quiet", "--threads", threads or self.threads]
        return [self.slaudit, name, path, *common, *more]

    def audit(self, path, *more):
        return self.command("audit", path, *more)

    def summary(self, path, threads=None):
        return self.command("audit", path, "--summary", threads=threads)

    def bare(self, mode, *paths):
        return [self.bare_program, mode, *paths, self.threads]

    def facts(self, path):
        """The folder of our fact tables of that file, made anew: the program may have changed."""
        out = self.data / f"facts-{path.stem}-{path.suffix[1:]}"
        run(self.audit(path, "--facts-only", "--out", out))
        return out / "facts"

    def script(self, name, *arguments):
        """A script of the yardsticks, in the environment in which their packages are."""
        python = self.venv / "bin/python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", self.venv], check=True)
            wanted = HERE / "yardsticks/requirements.txt"
            quiet = ["--quiet", "--disable-pip-version-check"]
            subprocess.run([python, "-m", "pip", "install", *quiet, "-r", wanted], check=True)
        return [python, HERE / "yardsticks" / name, *arguments]


def build():
    """Builds the program, the bare yardsticks and the kernel's bench; gives their executables."""
    words = ["cargo", "build", "--release", "--locked", "--bin", "slaudit", "--bench", "bare", "--bench", "kernel"]
    told = subprocess.run([*words, "--message-format", "json"], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    made = {line["target"]["name"]: line["executable"] for line in lines if line.get("executable")}
    return made["slaudit"], made["bare"], made["kernel"]


def machine():
    """Where it was measured."""
    cpu = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {
        "processor": cpu[1] if cpu else "unknown",
        "cores": os.cpu_count(),
        "memory": f"{int(memory[1]) / 2**20:.1f} GiB" if memory else "unknown",
        "kernel": f"{os.uname().sysname} {os.uname().release}",
        "python": sys.version.split()[0],
        "rustc": run(["rustc", "--version"]).out.strip(),
        "commit": run(["git", "-C", ROOT, "describe", "--always", "--dirty"]).out.strip(),
    }


def arguments():
    names = [part.__name__ for part in parts.PARTS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000, help="about how many events")
    parser.add_argument("--script-events", type=int, default=600_000, help="events for the scripts with pandas")
    parser.add_argument("--largest", action="store_true", help="growth up to 100 million events: 12 GB of data")
    parser.add_argument("--rounds", type=int, default=5, help="measured runs of each command, after one that is not")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--data", default=ROOT / "target/bench", help="folder of data and results, kept and used again")
    parser.add_argument("--venv", help="folder of the yardsticks' packages [default: in the data's]")
    parser.add_argument("--only", default=",".join(names), help="parts: " + ", ".join(names))
    parser.add_argument("--date", help="told in RESULTS.md; left out by default")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(names)
    if unknown:
        parser.error(f"no part `{', '.join(sorted(unknown))}`; there are {', '.join(names)}")
    return options


def main():
    options = arguments()
    bench, kept = Bench(options), Path(options.data) / "results"
    kept.mkdir(exist_ok=True)
    wanted = options.only.split(",")
    where = {**machine(), "events": options.events, "threads": options.threads, "date": options.date}
    for part in parts.PARTS:
        if part.__name__ in wanted:
            told = {"where": where, "findings": part(bench)}
            (kept / f"{part.__name__}.json").write_text(json.dumps(told, indent=1))
            for one in told["findings"]:
                print(f"{part.__name__}: {one['work']}: {one['value']} {one['unit']} ({one['goal']})", flush=True)
    stand = [(part.__name__, kept / f"{part.__name__}.json") for part in parts.PARTS]
    results.write(HERE, {name: json.loads(path.read_text()) for name, path in stand if path.exists()})


if __name__ == "__main__":
    main()
