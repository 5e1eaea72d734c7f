"""The comparisons: each part runs commands in turn and says, for every goal it is about, what was measured and whether
the goal holds. What the commands are made of stands in run.py; how they are measured in measure.py.

A finding is a dictionary: `goal`, `limit`, whether it is `most` or `least`, the `value`, and what is behind it. A
yardstick without a goal has no limit.
"""

import json
import re
import shutil
import statistics

from measure import interleaved, ratio, run, warm


def finding(work, goal, value, *, most=None, least=None, **behind):
    """What one goal came to."""
    holds = None
    if most is not None:
        holds = value <= most
    if least is not None:
        holds = value >= least
    limit = most if most is not None else least
    sense = "most" if most is not None else "least" if least is not None else None
    return {"work": work, "goal": goal, "value": value, "limit": limit, "sense": sense, "holds": holds, **behind}


def against(bench, work, goal, most, ours, theirs):
    """Our command beside a bare one, as whole processes."""
    samples = interleaved({"ours": lambda: run(ours), "theirs": lambda: run(theirs)}, bench.rounds)
    wall = ratio(samples["ours"], samples["theirs"])
    return finding(
        work, goal, wall["value"], most=most, spread=wall, processor=ratio(samples["ours"], samples["theirs"], "processor"),
        ours=samples["ours"].figures(), theirs=samples["theirs"].figures(), unit="x",
    )


def parquet(bench):
    path = bench.history(bench.events, "parquet")
    warm(path)
    goal = "at most 2 x the bare Arrow decode"
    return [against(bench, "summary of Parquet", goal, 2, bench.summary(path), bench.bare("decode", path))]


def csv(bench):
    path = bench.history(bench.events, "csv")
    warm(path)
    goal = "at most 2 x the bare simd-csv scan"
    return [against(bench, "summary of CSV", goal, 2, bench.summary(path), bench.bare("scan", path))]


def yardstick(bench, name, path, goal, least, rounds=None):
    """Our whole process beside the seconds that a script tells of its query alone, and whether the answers agree."""
    warm(path)
    answer = bench.data / f"answer-{name}.parquet"
    script = bench.script(f"{name}.py", path, bench.threads, answer)
    agree = bench.script("agree.py", bench.facts(path) / "clocks.parquet", answer)
    plain = script[:-1]
    samples = interleaved({"ours": lambda: run(bench.summary(path)), "theirs": lambda: run(plain)}, rounds or bench.rounds)
    told = [json.loads(one.out.strip().splitlines()[-1])["seconds"] for one in samples["theirs"].runs]
    run(script)
    agreed = json.loads(run(agree).out)
    pairs = [theirs / ours.wall for theirs, ours in zip(told, samples["ours"].runs, strict=True)]
    value = statistics.median(told) / samples["ours"].median()
    return finding(
        f"{name}, {path.suffix[1:]}", goal, round(value, 3), least=least, unit="x", told=statistics.median(told),
        spread={"value": value, "low": min(pairs), "high": max(pairs)}, agreed=agreed,
        ours=samples["ours"].figures(), theirs=samples["theirs"].figures(),
    )


def duckdb(bench):
    goal = "at least 2 x faster than DuckDB computes first response alone"
    paths = [bench.history(bench.events, kind) for kind in ("parquet", "csv")]
    return [yardstick(bench, "duckdb_first_response", path, goal, 2) for path in paths]


def polars(bench):
    paths = [bench.history(bench.events, kind) for kind in ("parquet", "csv")]
    return [yardstick(bench, "polars_first_response", path, "no goal", None) for path in paths]


def pandas(bench):
    path = bench.history(bench.script_events, "csv")
    goal = "at least 100 x faster than pandas with businesstimedelta"
    return [yardstick(bench, "pandas_businesstimedelta", path, goal, 100, rounds=min(bench.rounds, 2))]


def pm4py(bench):
    path = bench.history(bench.script_events, "csv")
    return [yardstick(bench, "pm4py_first_response", path, "no goal", None, rounds=min(bench.rounds, 2))]


def facts(bench):
    path = bench.history(bench.events, "parquet")
    warm(path)
    folder, encoded = bench.facts(path), bench.data / "encoded"
    things = {
        "facts": lambda: run(bench.audit(path, "--facts-only", "--out", bench.data / "facts-again")),
        "summary": lambda: run(bench.summary(path)),
        "encode": lambda: run(bench.bare("encode", folder, encoded)),
    }
    samples = interleaved(things, min(bench.rounds, 3))
    shutil.rmtree(encoded)
    shutil.rmtree(bench.data / "facts-again")
    told = statistics.median(float(one.out) for one in samples["encode"].runs)
    more = samples["facts"].median() - samples["summary"].median()
    goal = "at most the summary's time and 1.25 x the bare encode of the same tables"
    figures = {name: sample.figures() for name, sample in samples.items()}
    return [finding("facts alone", goal, round(more / told, 3), most=1.25, unit="x", told=told, **figures)]


def pages(bench):
    path = bench.history(bench.events, "parquet")
    warm(path)
    out = bench.data / "report"
    things = {
        "full": lambda: run(bench.audit(path, "--out", out)),
        "facts": lambda: run(bench.audit(path, "--facts-only", "--out", out)),
    }
    samples = interleaved(things, min(bench.rounds, 3))
    shutil.rmtree(out)
    more = samples["full"].median() - samples["facts"].median()
    figures = {name: sample.figures() for name, sample in samples.items()}
    goal = "at most 3 s on top of the facts (stated for 1.2 million cases)"
    return [finding("tables, charts, pages", goal, round(more, 3), most=3, unit="s", **figures)]


def order(bench):
    events = min(bench.events, 3_000_000)
    paths = {name: bench.history(events, "csv", name) for name in ("case", "time", "shuffled")}
    for path in paths.values():
        warm(path)
    samples = interleaved({name: lambda path=path: run(bench.summary(path)) for name, path in paths.items()}, bench.rounds)
    goal = "at most 1.5 x the same rows case by case"
    told = []
    for name in ("time", "shuffled"):
        wall = ratio(samples[name], samples["case"])
        figures = {"ours": samples[name].figures(), "theirs": samples["case"].figures()}
        told.append(finding(f"rows in order `{name}`", goal, wall["value"], most=1.5, spread=wall, unit="x", **figures))
    return told


def memory(bench):
    told = []
    for kind, mode in (("parquet", "decode"), ("csv", "scan")):
        path = bench.history(bench.events, kind)
        warm(path)
        ours, theirs = run(bench.summary(path)), run(bench.bare(mode, path))
        each = (ours.peak - theirs.peak) / bench.rows(path)
        goal = f"at most 32 bytes an event over the peak of the bare {mode}"
        told.append(finding(f"memory of the summary, {kind}", goal, round(each, 1), most=32, unit="B",
                            ours={"peak": ours.peak}, theirs={"peak": theirs.peak}))
    return told


def growth(bench):
    """Linear: no size from one million on takes more than a quarter longer an event than the quickest of them."""
    sizes = [n for n in (10_000, 100_000, 1_000_000, 3_000_000, 12_000_000) if n <= bench.events]
    sizes += [100_000_000] if bench.is_largest else []
    points, large = {}, []
    for kind in ("parquet", "csv"):
        points[kind] = []
        for events in sizes:
            path = bench.history(events, kind)
            warm(path)
            sample = interleaved({"ours": lambda: run(bench.summary(path))}, min(bench.rounds, 3))["ours"]
            points[kind].append([bench.rows(path), sample.median(), sample.median("peak")])
        each = [seconds / rows for rows, seconds, _ in points[kind] if rows > 900_000]
        large += [max(each) / min(each)] if len(each) > 1 else []
    goal = "linear: from one million events on, at most 1.25 x between the seconds an event of any two sizes"
    # Of fewer than two such sizes nothing can be said.
    told = finding("growth", goal, round(max(large), 3) if large else 0, most=1.25 if large else None, unit="x", points=points)
    if bench.is_largest:
        peak = points["parquet"][-1][2] / 2**30
        return [told, finding("memory of 100 million events", "within 4 GB", round(peak, 2), most=4, unit="GiB")]
    return [told]


def threads(bench):
    path = bench.history(bench.events, "csv")
    warm(path)
    things = {str(n): lambda n=n: run(bench.summary(path, n)) for n in (1, 2)}
    samples = interleaved(things, min(bench.rounds, 3))
    wall = ratio(samples["1"], samples["2"])
    return [finding("two threads", "at least 1.8 x as fast as one", wall["value"], least=1.8, spread=wall, unit="x",
                    ours=samples["2"].figures(), theirs=samples["1"].figures())]


def start(bench):
    path = bench.history(1_000, "csv")
    things = {"version": lambda: run([bench.slaudit, "--version"]), "audit": lambda: run(bench.summary(path))}
    samples = interleaved(things, 20)
    version, audit = (samples[name].median() * 1000 for name in ("version", "audit"))
    return [
        finding("`--version`", "under 10 ms", round(version, 2), most=10, unit="ms"),
        finding("summary of 1,000 events", "under 100 ms", round(audit, 2), most=100, unit="ms"),
    ]


UNITS = {"ps": 1e-3, "ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9}


# How deep it stands, its name, and fastest, slowest, median, mean, samples, runs.
BRANCH = re.compile(r"([│├╰─ ]*)(.*?)\s{2,}(.*)")


def medians(table):
    """The medians of divan's table, a tree of names, in ns by the whole name."""
    told, names = {}, []
    for match in filter(None, map(BRANCH.fullmatch, table.splitlines())):
        depth, columns = len(match[1]) // 3, match[3].split("│")
        names[max(depth - 1, 0):] = [match[2].replace("_", " ")]
        if depth and columns[2].strip():
            number, unit = columns[2].split()
            told[" ".join(names)] = round(float(number) * UNITS[unit], 3)
    return told


def kernel(bench):
    told = medians(run([bench.kernel, "--bench"]).out)
    slowest = max(ns for name, ns in told.items() if name.startswith("elapsed"))
    return [finding("`elapsed`, its slowest distance", "under 10 ns", slowest, most=10, unit="ns", rows=told)]


def policies(bench):
    """What one more policy and one more value cost, as a share of the first replay: a summary less its reading."""
    path = bench.history(min(bench.events, 3_000_000), "parquet")
    warm(path)
    proposed = ["--proposed", bench.samples / "in8sync-proposed.toml"]
    more = ["--proposed", bench.samples / "in8sync-targets.toml"]
    vary = "severity.2.first_response="
    things = {
        "read": bench.bare("read", path),
        "summary": bench.summary(path),
        "one": bench.command("whatif", path, "--summary", *proposed),
        "two": bench.command("whatif", path, "--summary", *proposed, *more),
        "sweep_1": bench.command("sweep", path, "--summary", "--vary", f"{vary}60bm..60bm/1bm"),
        "sweep_200": bench.command("sweep", path, "--summary", "--vary", f"{vary}60bm..259bm/1bm"),
    }
    samples = interleaved({name: lambda words=words: run(words) for name, words in things.items()}, min(bench.rounds, 3))
    wall = {name: sample.median() for name, sample in samples.items()}
    first = wall["summary"] - wall["read"]
    goal = "at most a quarter of the first replay beyond reading"
    figures = {"first_replay": first, **{name: sample.figures() for name, sample in samples.items()}}
    policy, value = (wall["two"] - wall["one"]) / first, (wall["sweep_200"] - wall["sweep_1"]) / 199 / first
    return [
        finding("one more policy, `whatif`", goal, round(policy, 3), most=0.25, unit="x", **figures),
        finding("one more value, `sweep`", goal, round(value, 4), most=0.25, unit="x"),
    ]


PARTS = [parquet, csv, duckdb, polars, pandas, pm4py, facts, pages, order, memory, growth, threads, start, kernel, policies]
