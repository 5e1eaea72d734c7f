"""What was measured, as RESULTS.md and two plots. Measures nothing."""

from math import log10
from pathlib import Path

GOALS = [
    # part, work, goal, measured, holds
    ("parquet", "`audit --summary`, Parquet, against the bare Arrow decode", "at most 2 ×", lambda m: m["ratio"], lambda m: m["ratio"] <= 2, "{:.1f} ×"),
    ("csv", "`audit --summary`, CSV, against the bare `simd-csv` scan", "at most 2 ×", lambda m: m["ratio"], lambda m: m["ratio"] <= 2, "{:.1f} ×"),
    ("duckdb", "DuckDB, Parquet, first response alone, against `audit --summary`", "at least 2 ×", lambda m: m["ratio"], lambda m: m["ratio"] >= 2, "{:.2f} ×"),
    ("duckdb_csv", "the same from CSV", "at least 2 ×", lambda m: m["ratio"], lambda m: m["ratio"] >= 2, "{:.2f} ×"),
    ("polars", "polars, Parquet, first response alone, against `audit --summary`", "", lambda m: m["ratio"], None, "{:.2f} ×"),
    ("pandas", "pandas and businesstimedelta, CSV, first response alone, against `audit --summary`", "at least 100 ×", lambda m: m["ratio"], lambda m: m["ratio"] >= 100, "{:.0f} ×"),
    ("pm4py", "pm4py, CSV, first response alone, against `audit --summary`", "", lambda m: m["ratio"], None, "{:.0f} ×"),
    ("facts", "`audit --facts-only` beyond the summary, against the bare Arrow encode", "at most 1.25 ×", lambda m: m["ratio"], lambda m: m["ratio"] <= 1.25, "{:.2f} ×"),
    ("report", "tables, charts, HTML and XLSX beyond the facts", "at most 3 s for 12 million events", lambda m: m["more"], lambda m: m["more"] <= 3, "{:.1f} s"),
    ("order", "rows by time against rows by case", "at most 1.5 ×", lambda m: m["time"], lambda m: m["time"] <= 1.5, "{:.2f} ×"),
    ("order", "rows in no order against rows by case", "at most 1.5 ×", lambda m: m["shuffled"], lambda m: m["shuffled"] <= 1.5, "{:.2f} ×"),
    ("memory_parquet", "memory of a summary beyond the decode, Parquet", "at most 32 bytes an event", lambda m: m["bytes_an_event"], lambda m: m["bytes_an_event"] <= 32, "{:.0f} bytes"),
    ("memory_csv", "memory of a summary beyond the scan, CSV", "at most 32 bytes an event", lambda m: m["bytes_an_event"], lambda m: m["bytes_an_event"] <= 32, "{:.0f} bytes"),
    ("growth", "growth in time from a tenth of the events to all", "at most linear: 10 ×", lambda m: tenth(m["points"]), lambda m: tenth(m["points"]) <= 10.5, "{:.1f} ×"),
    ("growth", "two threads against one", "at least 1.8 ×", lambda m: m["threads"], lambda m: m["threads"] >= 1.8, "{:.2f} ×"),
    ("start", "`slaudit --version`", "under 10 ms", lambda m: m["version_ms"], lambda m: m["version_ms"] < 10, "{:.1f} ms"),
    ("start", "an audit of 1,000 events", "under 100 ms", lambda m: m["audit_ms"], lambda m: m["audit_ms"] < 100, "{:.0f} ms"),
    ("kernel", "`elapsed`, the slowest distance", "under 10 ns", lambda m: elapsed(m), lambda m: elapsed(m) < 10, "{:.1f} ns"),
    ("compare", "`whatif`, another policy with one other target, against the first replay", "at most a quarter", lambda m: m["target"], lambda m: m["target"] <= 0.25, "{:.2f}"),
    ("compare", "`whatif`, another policy with other hours", "at most a quarter", lambda m: m["hours"], lambda m: m["hours"] <= 0.25, "{:.2f}"),
    ("compare", "`sweep`, another value, against the first replay", "at most a quarter", lambda m: m["sweep"], lambda m: m["sweep"] <= 0.25, "{:.4f}"),
    ("compare", "`sweep` of 200 values against one audit", "at most 5 ×", lambda m: m["sweep_200"], lambda m: m["sweep_200"] <= 5, "{:.2f} ×"),
]

NOTES = """\
## What is compared

- Ratios are of medians of whole processes run in turn, reading and start included. DuckDB, polars, pandas and pm4py tell
  their own seconds, from reading to the last case, without start and imports. Peak memory is that of the one process.
- `audit --summary` replays every clock, change of severity, spell and finding of every case and counts them; it writes
  nothing. The yardsticks of first response compute one number a case and nothing else: no pause, no severity, no verdict,
  no rejected row.
- The bare decode reads the seven columns that the summary reads, strings as dictionaries, and drops them. The bare scan
  splits every record and looks at the length of each field. The bare encode writes the same tables with the same settings
  from memory; reading them is not counted.
- pm4py tells durations without their cases, and drops the time zone: local times are handed to it.
- Reading alone, for `whatif` and `sweep`, is taken from `explain` of one case; the first replay is what a summary takes
  beyond it.
"""


def tenth(points):
    """Time of the largest against the one a tenth as large, or as near as there is, in proportion."""
    (n, time, _), (m, small, _) = points[-1], min(points[:-1], key=lambda p: abs(p[0] * 10 - points[-1][0]))
    return time / small * 10 * m / n


def elapsed(kernel):
    return max(ns for name, ns in kernel["rows"] if name.startswith("elapsed"))


def write(folder, measured, machine):
    rows = [row(measured, *goal) for goal in GOALS if goal[0] in measured]
    lines = ["# Measured", "", "Written by `benches/run.py`; where a goal does not hold, it says so.", ""]
    lines += [f"- {name}: {value}" for name, value in machine.items()]
    packages = (Path(__file__).parent / "yardsticks/requirements.txt").read_text().split()
    lines += ["- Yardsticks: " + ", ".join(package.replace("==", " ") for package in packages), ""]
    lines += ["| work | events | goal | measured | holds |", "|---|---:|---|---:|---|"]
    lines += [f"| {work} | {events:,} | {goal} | {shown} | {holds} |" for work, events, goal, shown, holds, _ in rows]
    lines += ["", *figures(measured), NOTES]
    lines += ["![Time over events](plots/growth.svg)", ""] if "growth" in measured else []
    (folder / "RESULTS.md").write_text("\n".join(lines), encoding="utf-8")
    (folder / "plots").mkdir(exist_ok=True)
    if "growth" in measured:
        (folder / "plots/growth.svg").write_text(growth_plot(measured["growth"]["points"]), encoding="utf-8")


def row(measured, part, work, goal, value, holds, shown):
    figures = measured[part]
    verdict = "" if holds is None else "yes" if holds(figures) else "**no**"
    return work, figures["events"], goal, shown.format(value(figures)), verdict, part


def figures(measured):
    lines = ["## The figures behind", "", "| part | ours | theirs | answers |", "|---|---:|---:|---|"]
    for part, m in measured.items():
        if "theirs" in m:
            lines.append(f"| {part} | {m['ours']:.2f} s | {m['theirs']:.2f} s | {m.get('agrees', '')} |")
    if "facts" in measured:
        m = measured["facts"]
        lines += ["", f"Facts: {m['ours']:.2f} s in all, summary {m['summary']:.2f} s, bare encode {m['encode']:.2f} s, peak {m['mib']:,.0f} MiB."]
    if "report" in measured:
        m = measured["report"]
        lines += [f"Report: {m['ours']:.2f} s in all, facts alone {m['facts']:.2f} s, peak {m['mib']:,.0f} MiB."]
    if "growth" in measured:
        lines += ["", "| events | seconds | peak MiB | ns an event |", "|---:|---:|---:|---:|"]
        lines += [f"| {n:,} | {s:.3f} | {mib:,.0f} | {s / n * 1e9:,.0f} |" for n, s, mib in measured["growth"]["points"]]
    if "kernel" in measured:
        lines += ["", "| business time | ns |", "|---|---:|"]
        lines += [f"| {name} | {ns:.1f} |" for name, ns in measured["kernel"]["rows"]]
    return [*lines, ""]


def growth_plot(points):
    """Seconds over events, both logarithmic, with a line of exact proportion through the last point."""
    width, height, left, bottom = 640, 400, 70, 50
    low_x, high_x = log10(points[0][0]), log10(points[-1][0])
    times = [log10(s) for _, s, _ in points]
    low_y, high_y = min(times) - 0.3, max(times) + 0.3
    x = lambda n: left + (log10(n) - low_x) / max(high_x - low_x, 1e-9) * (width - left - 20)
    y = lambda s: 20 + (high_y - log10(s)) / (high_y - low_y) * (height - bottom - 20)
    text = lambda at_x, at_y, words, anchor: f'<text x="{at_x:.0f}" y="{at_y:.0f}" text-anchor="{anchor}">{words}</text>'
    n_last, s_last, _ = points[-1]
    first = max(points[0][0], n_last * 10 ** (low_y - log10(s_last)))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="13">',
             f'<rect width="{width}" height="{height}" fill="white"/>',
             f'<path d="M{x(first):.1f} {y(s_last * first / n_last):.1f}L{x(n_last):.1f} {y(s_last):.1f}" stroke="#999" stroke-dasharray="4 4"/>',
             f'<polyline fill="none" stroke="#1f4e79" stroke-width="2" points="{" ".join(f"{x(n):.1f},{y(s):.1f}" for n, s, _ in points)}"/>']
    for n, s, _ in points:
        parts.append(f'<circle cx="{x(n):.1f}" cy="{y(s):.1f}" r="4" fill="#1f4e79"/>')
        parts.append(text(x(n), height - bottom + 20, f"{n:,}", "middle" if n not in (points[0][0], n_last) else "start" if n == points[0][0] else "end"))
        parts.append(text(x(n) - 8, y(s) - 8, f"{s:.2f} s", "end" if n != points[0][0] else "start"))
    parts.append(text((left + width) / 2, height - 8, "events; dashed: exactly in proportion to the last", "middle"))
    return "\n".join([*parts, "</svg>", ""])
