"""Writes RESULTS.md and the plots from what the parts found. Measures nothing."""

import math
from xml.sax.saxutils import escape

NOT_DONE = """## What each yardstick does, and what not

- *Bare decode*: the `parquet` crate's Arrow reader, row groups over the same threads, the seven columns that the summary
  reads (`case_id`, `at`, `event`, `role`, `actor`, `status`, `severity`), texts kept as dictionaries; every batch is
  dropped. It knows nothing of cases.
- *Bare scan*: `simd-csv` over all records, the file cut into as many segments as there are threads by its own seeker;
  each field's length is added up, nothing is parsed.
- *Bare encode*: the fact tables of an audit, in memory already, through Arrow's writer with the same properties and
  dictionaries, on the same threads, to files. Its seconds are those of the encoding alone. slaudit makes the pages of words
  itself, for which Arrow's writer looks each row's word up again.
- *DuckDB, polars*: first response in business time alone, in one aggregation and two joins with a table of days. No
  severity, no target, no verdict, no pause, no other clock, no account of bad rows. Their seconds leave out the start of
  Python and the imports; ours are those of the whole process, which replays every clock of every case.
- *pandas with businesstimedelta*: the usual script for the same figure, on one thread, from CSV.
- *pm4py*: its case durations in business hours over a log of two events a case. It drops the time zone, so the script
  gives it local times; the function takes no holidays, so it counts them as working days and cannot agree there.

The answers are held against `business_s` of our first-response clocks that a message stopped, case by case and to the
second, under `benches/policy.toml`: Monday to Friday, 8 to 17, America/Denver, federal holidays of the United States.
"""


def write(folder, results):
    """RESULTS.md and plots/*.svg in `folder`; `results`: part to what was found and where."""
    plots = folder / "plots"
    plots.mkdir(exist_ok=True)
    findings = [one for part in results.values() for one in part["findings"]]
    lines = ["# What was measured", "", "Written by `benches/run.py`; medians of runs in turn.", "", *wheres(results)]
    lines += ["## Goals", "", *goals(findings), "", "![Measured against each goal](plots/goals.svg)", ""]
    lines += [*costs(findings), *agreements(findings), *kernel(findings)]
    points = [one["points"] for one in findings if "points" in one]
    if points:
        lines += ["## Growth", "", "![Seconds over events](plots/growth.svg)", "", *growth(points[0]), ""]
        (plots / "growth.svg").write_text(growth_plot(points[0]))
    (plots / "goals.svg").write_text(goals_plot([one for one in findings if one["limit"]]))
    (folder / "RESULTS.md").write_text("\n".join([*lines, NOT_DONE]))


def wheres(results):
    """The machine, and which parts were measured at which state of the code."""
    states = {}
    for name, part in results.items():
        states.setdefault(tuple(part["where"].items()), []).append(name)
    lines = []
    for state, names in states.items():
        where = dict(state)
        date = f", {where['date']}" if where["date"] else ""
        lines += [
            f"- {', '.join(names)}: commit `{where['commit']}`{date}; about {where['events']:,} events where nothing else is "
            f"said, {where['threads']} threads; {where['processor']}, {where['cores']} cores, {where['memory']}, "
            f"{where['kernel']}; {where['rustc']}, Python {where['python']}",
        ]
    return [*lines, "- packages of the yardsticks: `benches/yardsticks/requirements.txt`", ""]


def goals(findings):
    """The table of goals; yardsticks without one stand at its end."""
    lines = ["| work | goal | measured | side by side | holds |", "|---|---|---|---|---|"]
    for one in sorted(findings, key=lambda one: one["limit"] is None):
        spread = one.get("spread")
        side = f"{spread['low']:.2f} to {spread['high']:.2f}" if spread else ""
        holds = {True: "holds", False: "**does not hold**", None: ""}[one["holds"]]
        lines.append(f"| {one['work']} | {one['goal']} | {one['value']:g} {one['unit']} | {side} | {holds} |")
    return lines


def costs(findings):
    """Seconds and memory behind the ratios."""
    lines = ["## Behind them", "", "| work | of | wall, s | processor, s | peak, MiB |", "|---|---|---|---|---|"]
    for one in findings:
        for name, figures in one.items():
            if isinstance(figures, dict) and "wall" in figures:
                processor = figures["user"] + figures["system"]
                peak = figures["peak"] / 2**20
                lines.append(f"| {one['work']} | {name} | {figures['wall']:.3f} | {processor:.3f} | {peak:.0f} |")
        if "told" in one:
            lines.append(f"| {one['work']} | its own seconds | {one['told']:.3f} | | |")
    return [*lines, ""]


def agreements(findings):
    """How many answers are ours."""
    lines = ["## Whether the answers agree", "", "| yardstick | cases | agree to the second | the others are off by |", "|---|---|---|---|"]
    for one in (one for one in findings if "agreed" in one):
        agreed = one["agreed"]
        off = "" if agreed["agree"] == agreed["both"] else f"{agreed['median_off_s']:,} s (median), {agreed['largest_off_s']:,} s (most)"
        missing = agreed["ours"] - agreed["both"]
        extra = f"; {missing:,} of ours missing there" if missing else ""
        extra += f"; {agreed['more']:,} there that are not ours" if agreed["more"] else ""
        lines.append(f"| {one['work']} | {agreed['both']:,}{extra} | {agreed['agree']:,} | {off} |")
    return [*lines, ""] if len(lines) > 4 else []


def kernel(findings):
    """Nanoseconds of the kernel's parts, one question each."""
    rows = [one["rows"] for one in findings if "rows" in one]
    if not rows:
        return []
    told = [f"| {name} | {ns:,.1f} |" for name, ns in rows[0].items()]
    return ["## The kernel, one question at a time", "", "| question | ns, median |", "|---|---|", *told, ""]


def growth(points):
    """Seconds and memory by size."""
    lines = ["| from | events | s | ns an event | peak, MiB |", "|---|---|---|---|---|"]
    for kind, rows in points.items():
        for events, seconds, peak in rows:
            lines.append(f"| {kind} | {events:,} | {seconds:.3f} | {seconds / events * 1e9:.0f} | {peak / 2**20:.0f} |")
    return lines


HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" font-family="sans-serif" font-size="12">'
COLOURS = {"parquet": "#1f5f99", "csv": "#c05621"}


def text(x, y, words, anchor="start", colour="#222"):
    """A line of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def line(x1, y1, x2, y2, colour="#ddd", more=""):
    """A stroke."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {more}/>'


def growth_plot(points):
    """Seconds over events, both axes by powers of ten."""
    width, height, left, top, right, bottom = 720, 420, 70, 40, 100, 50
    rows = [row for one in points.values() for row in one]
    low_x, high_x = (math.floor(math.log10(min(r[0] for r in rows))), math.ceil(math.log10(max(r[0] for r in rows))))
    low_y, high_y = (math.floor(math.log10(min(r[1] for r in rows))), math.ceil(math.log10(max(r[1] for r in rows))))

    def x(events):
        return left + (math.log10(events) - low_x) / max(high_x - low_x, 1) * (width - left - right)

    def y(seconds):
        return height - bottom - (math.log10(seconds) - low_y) / max(high_y - low_y, 1) * (height - top - bottom)

    parts = [HEAD.format(w=width, h=height), text(left, 22, "Seconds of a summary over events, both by powers of ten")]
    for power in range(low_x, high_x + 1):
        parts += [line(x(10**power), top, x(10**power), height - bottom), text(x(10**power), height - 30, f"{10**power:,}", "middle")]
    for power in range(low_y, high_y + 1):
        parts += [line(left, y(10.0**power), width - right, y(10.0**power)), text(left - 8, y(10.0**power) + 4, f"{10.0**power:g} s", "end")]
    for shift, (kind, rows) in enumerate(points.items()):
        path = " ".join(f"{x(events):.1f},{y(seconds):.1f}" for events, seconds, _ in rows)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[kind]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(e):.1f}" cy="{y(s):.1f}" r="3" fill="{COLOURS[kind]}"/>' for e, s, _ in rows]
        parts.append(text(width - right + 10, top + 14 + 18 * shift, kind, colour=COLOURS[kind]))
    return "\n".join([*parts, "</svg>", ""])


def goals_plot(findings):
    """Each goal's use, by powers of ten: left of the line it holds, right of it it does not."""
    width, left, top, step = 860, 320, 50, 24
    height = top + step * len(findings) + 30

    def used(one):
        share = one["value"] / one["limit"] if one["sense"] == "most" else one["limit"] / max(one["value"], 1e-9)
        return min(max(share, 0.001), 100)

    def x(share):
        return left + (math.log10(share) + 3) / 5 * (width - left - 90)

    parts = [HEAD.format(w=width, h=height), text(10, 22, "How much of each goal is used up: 1 is the goal, less is better")]
    for power in range(-3, 3):
        strong = ("#444", 'stroke-dasharray="4 3"') if power == 0 else ("#ddd", "")
        parts += [line(x(10.0**power), top - 8, x(10.0**power), height - 24, *strong), text(x(10.0**power), height - 8, f"{10.0**power:g}", "middle")]
    for i, one in enumerate(findings):
        y, share = top + step * i, used(one)
        colour = "#2f7d4f" if one["holds"] else "#b3392f"
        parts.append(text(left - 8, y + 13, one["work"], "end"))
        parts.append(f'<rect x="{x(0.001):.1f}" y="{y:.1f}" width="{max(x(share) - x(0.001), 1):.1f}" height="16" fill="{colour}"/>')
        parts.append(text(x(share) + 5, y + 13, f"{one['value']:g} {one['unit']}"))
    return "\n".join([*parts, "</svg>", ""])
