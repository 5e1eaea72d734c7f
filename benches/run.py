#!/usr/bin/env python3
"""Measures slaudit against bare yardsticks and the usual tools, in one run on the machine at hand, and writes
RESULTS.md and its plots. Needs cargo, Python 3.11 and the registries of crates and PyPI.

    benches/run.py                          a quick try: one million events
    benches/run.py --events 12000000        the table of the goals
    benches/run.py --only parquet,csv       some parts; the others keep what was measured before

Every comparison runs its commands in turn, A B A B, after a round that is not counted, and quotes medians: machines are
noisy, ratios of one run are less so. What was measured is kept as JSON beside the data."""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
import results

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
POLICY = ROOT / "data-samples/policies/in8sync-targets.toml"


class Bench:
    def __init__(self, options):
        self.data = Path(options.data).resolve()
        self.events, self.runs, self.threads = options.events, options.runs, options.threads
        self.kept = self.data / "measured.json"
        self.measured = json.loads(self.kept.read_text()) if self.kept.exists() else {}
        self.data.mkdir(parents=True, exist_ok=True)
        self.slaudit, self.bare = build()
        self.python = None

    # Data and tools.

    def file(self, events, ending="parquet", order="time"):
        path = self.data / f"{order}-{events}.{ending}"
        if not path.exists():
            run([self.slaudit, "generate", "--events", str(events), "--order", order, "--out", str(path)])
        return path

    def venv(self):
        if self.python is None:
            folder = self.data / "venv"
            self.python = folder / "bin/python"
            if not self.python.exists():
                run([sys.executable, "-m", "venv", str(folder)])
                wanted = ["-r", str(HERE / "yardsticks/requirements.txt")]
                run([str(self.python), "-m", "pip", "install", "--quiet", *wanted])
        return str(self.python)

    def audit(self, path, *more):
        policy = ["--policy", str(POLICY), "--quiet", "--threads", str(self.threads)]
        return [self.slaudit, "audit", str(path), *policy, *more]

    def summary(self, path):
        return self.audit(path, "--summary")

    # Measuring.

    def turns(self, *commands, runs=None):
        """Each command's runs, in turn; the first round is not counted."""
        rounds = [[measure(command) for command in commands] for _ in range((runs or self.runs) + 1)][1:]
        return [[one[i] for one in rounds] for i in range(len(commands))]

    def keep(self, part, **figures):
        figures["events"] = figures.get("events", self.events)
        self.measured[part] = figures
        self.kept.write_text(json.dumps(self.measured, indent=1, sort_keys=True))
        print(f"{part}: {figures}", file=sys.stderr)

    def pair(self, part, ours, theirs, **more):
        a, b = self.turns(ours, theirs)
        self.keep(part, ours=mid(a), theirs=mid(b), ratio=mid(a) / mid(b), cpu=mid(a, "cpu") / mid(b, "cpu"), **more)


def run(command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT, **more).stdout


def measure(command):
    """One run: wall, processor time and peak memory of the process, and what it printed."""
    with tempfile.TemporaryFile("w+") as out:
        clock = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, cwd=HERE / "yardsticks")
        said = child.stderr.read().decode()
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - clock
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{' '.join(map(str, command))}: exit {child.returncode}\n{said}")
        out.seek(0)
        return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "kib": used.ru_maxrss, "said": out.read()}


def mid(runs, key="wall"):
    return median(one[key] for one in runs)


def build():
    """The program and the bare yardsticks, built for release."""
    text = run(["cargo", "build", "--release", "--locked", "--bin", "slaudit", "--bench", "bare", "--bench", "kernel",
                "--message-format", "json"])
    made = {}
    for line in text.splitlines():
        message = json.loads(line)
        if message.get("executable"):
            made[message["target"]["name"]] = message["executable"]
    Bench.kernel = made["kernel"]
    return made["slaudit"], made["bare"]


# The parts, in the order of the table of goals.

def parquet(bench):
    path = bench.file(bench.events)
    bench.pair("parquet", bench.summary(path), [bench.bare, "decode", str(path), str(bench.threads)])


def csv(bench):
    path = bench.file(bench.events, "csv")
    bench.pair("csv", bench.summary(path), [bench.bare, "scan", str(path), str(bench.threads)])


def yardstick(bench, name, path, runs=None):
    """Ours as a whole process, theirs the seconds that they tell of themselves; and whether the answers agree."""
    answer = bench.data / f"{name}.tsv"
    script = str(HERE / f"yardsticks/{name}_first_response.py")
    theirs = [bench.venv(), script, str(path), str(bench.threads), str(answer)]
    a, b = bench.turns(bench.summary(path), theirs, runs=runs)
    b_wall = median(float(one["said"].split()[-1]) for one in b)
    out = bench.data / "agree"
    run([str(part) for part in bench.audit(path, "--facts-only", "--out", str(out))])
    agrees = run([bench.venv(), str(HERE / "yardsticks/agree.py"), str(out / "facts/clocks.parquet"), str(answer)])
    return {"ours": mid(a), "theirs": b_wall, "ratio": b_wall / mid(a), "agrees": agrees.strip()}


def duckdb(bench):
    bench.keep("duckdb", **yardstick(bench, "duckdb", bench.file(bench.events)))
    bench.keep("duckdb_csv", **yardstick(bench, "duckdb", bench.file(bench.events, "csv")))
    bench.keep("polars", **yardstick(bench, "polars", bench.file(bench.events)))


def pandas(bench):
    events = min(bench.events, 3_000_000)
    path = bench.file(events, "csv")
    bench.keep("pandas", events=events, **yardstick(bench, "pandas", path, runs=1))
    bench.keep("pm4py", events=events, **yardstick(bench, "pm4py", path, runs=1))


def facts(bench):
    path = bench.file(bench.events)
    out = bench.data / "facts"
    whole = bench.audit(path, "--facts-only", "--out", str(out))
    measure(whole)
    encode = [bench.bare, "encode", str(out / "facts"), str(bench.data / "encoded"), str(bench.threads)]
    a, s, e = bench.turns(whole, bench.summary(path), encode, runs=min(bench.runs, 3))
    bare = median(float(one["said"].split()[-1]) for one in e)
    bench.keep("facts", ours=mid(a), summary=mid(s), encode=bare, ratio=(mid(a) - mid(s)) / bare, mib=mid(a, "kib") / 1024)
    shutil.rmtree(bench.data / "encoded", ignore_errors=True)


def report(bench):
    path = bench.file(bench.events)
    out = ["--out", str(bench.data / "report")]
    a, b = bench.turns(bench.audit(path, *out), bench.audit(path, "--facts-only", *out), runs=min(bench.runs, 3))
    bench.keep("report", ours=mid(a), facts=mid(b), more=mid(a) - mid(b), mib=mid(a, "kib") / 1024)


def order(bench):
    events = min(bench.events, 3_000_000)
    paths = [bench.file(events, "csv", name) for name in ("case", "time", "shuffled")]
    case, by_time, shuffled = (mid(runs) for runs in bench.turns(*(bench.summary(path) for path in paths)))
    bench.keep("order", events=events, case=case, time=by_time / case, shuffled=shuffled / case)


def memory(bench):
    for ending, bare in (("parquet", "decode"), ("csv", "scan")):
        path = bench.file(bench.events, ending)
        ours, theirs = measure(bench.summary(path)), measure([bench.bare, bare, str(path), str(bench.threads)])
        each = (ours["kib"] - theirs["kib"]) * 1024 / bench.events
        bench.keep(f"memory_{ending}", mib=ours["kib"] / 1024, bare_mib=theirs["kib"] / 1024, bytes_an_event=each)


def growth(bench):
    sizes = [n for n in (10_000, 100_000, 1_000_000, 3_000_000, 12_000_000, 100_000_000) if n <= bench.events]
    points = []
    for events in sizes:
        path = bench.file(events)
        (runs,) = bench.turns(bench.summary(path), runs=3 if events > 1_000_000 else bench.runs)
        points.append([events, mid(runs), mid(runs, "kib") / 1024])
    path = bench.file(min(bench.events, 3_000_000))
    one = [*bench.summary(path)[:-3], "--threads", "1", "--summary"]
    two = [*bench.summary(path)[:-3], "--threads", "2", "--summary"]
    a, b = bench.turns(one, two)
    bench.keep("growth", points=points, threads=mid(a) / mid(b))


def start(bench):
    small = bench.file(1_000, "csv")
    version, audit = bench.turns([bench.slaudit, "--version"], bench.summary(small), runs=20)
    bench.keep("start", version_ms=mid(version) * 1e3, audit_ms=mid(audit) * 1e3)


def kernel(bench):
    rows = re.findall(r"^(\S.*\S)\s+([\d.]+)$", run([bench.kernel, "--bench"]), re.M)
    bench.keep("kernel", rows=[[name, float(ns)] for name, ns in rows])


def compare(bench):
    """Reading alone is taken from `explain` of one case; the first replay is what a summary takes beyond it."""
    path = bench.file(min(bench.events, 3_000_000), "csv")
    case = path.open(encoding="utf-8").readlines(4096)[1].split(",")[0]
    common = ["--policy", str(POLICY), "--quiet", "--threads", str(bench.threads), "--summary"]
    proposed = ["--proposed", str(ROOT / "data-samples/policies/in8sync-proposed.toml")]
    target = bench.data / "target.toml"
    target.write_text(f'inherit = "{POLICY}"\n[[severity]]\nlevel = 2\nfirst_response = "1 business hour"\n')
    commands = [bench.summary(path)]
    read = [bench.slaudit, "explain", str(path), case, "--policy", str(POLICY), "--threads", str(bench.threads)]
    commands.append(read)
    for more in ([], ["--proposed", str(target)], proposed):
        commands.append([bench.slaudit, "whatif", str(path), *common, "--proposed", str(POLICY), *more])
    for values in ("60bm..60bm/1bm", "60bm..259bm/1bm"):
        commands.append([bench.slaudit, "sweep", str(path), *common, "--vary", f"severity.2.first_response={values}"])
    summary, read, alike, one_target, hours, one, many = (mid(r) for r in bench.turns(*commands, runs=3))
    replay = summary - read
    bench.keep("compare", events=min(bench.events, 3_000_000), summary=summary, read=read,
               target=(one_target - alike) / replay, hours=(hours - alike) / replay,
               sweep=(many - one) / 199 / replay, sweep_200=many / summary)


PARTS = [parquet, csv, duckdb, pandas, facts, report, order, memory, growth, start, kernel, compare]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--data", default=str(ROOT / "target/bench"), help="folder for generated data, several GiB")
    parser.add_argument("--only", help="parts, with commas: " + ",".join(part.__name__ for part in PARTS))
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else [part.__name__ for part in PARTS]
    unknown = set(wanted) - {part.__name__ for part in PARTS}
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}")
    bench = Bench(options)
    for part in PARTS:
        if part.__name__ in wanted:
            part(bench)
    results.write(HERE, bench.measured, machine(bench))


def machine(bench):
    cpu = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    kib = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {
        "Processor": cpu[1] if cpu else platform.processor(),
        "Cores": str(os.cpu_count()),
        "Threads": str(bench.threads),
        "Memory": f"{int(kib[1]) / 2**20:.0f} GiB" if kib else "unknown",
        "System": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "slaudit": run([bench.slaudit, "--version"]).split()[-1],
        "rustc": run(["rustc", "--version"]).split()[1],
    }


if __name__ == "__main__":
    main()
