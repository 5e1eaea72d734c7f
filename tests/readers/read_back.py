"""Reads every fact file back with three readers that share no code with slaudit, and holds them against each other and
against what was written.

    python3 tests/readers/read_back.py SLAUDIT [--runs N] [--seed N]

SLAUDIT is the binary. Runs: every sample of data-samples, and random histories (`slaudit generate`) with attributes of
our own, under the policies of the samples and under random books whose versions share words. Each fact file is read by
pyarrow, DuckDB and polars; all rows and names must be equal. Filters that a reader may answer from statistics or
dictionaries must give the rows that filtering in Python gives. What was written is known from elsewhere: of single cases
from `slaudit explain`, which never sees a fact file; of attributes from the input; of totals from the tables.

Needs the packages pyarrow, duckdb and polars.
"""

import argparse
import csv
import datetime
import json
import multiprocessing
import os
import pathlib
import random
import subprocess
import sys
import tempfile

os.environ["POLARS_MAX_THREADS"] = "1"

import duckdb
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data-samples"
TARGETS = SAMPLES / "policies/in8sync-targets.toml"
# What is read of each sample, and its profile.
EXPORTS = [
    ("tiny/events.csv", "canonical"),
    ("netsuite", "netsuite"),
    ("zendesk", "zendesk"),
    ("zendesk/json", "zendesk"),
    ("jira", "jira"),
    ("jira/json", "jira"),
    ("salesforce", "salesforce"),
    ("freshdesk", "freshdesk"),
    ("freshdesk/json", "freshdesk"),
    ("xes-csv", "xes-csv"),
    ("servicenow/list", "servicenow"),
    ("servicenow/incidents.csv", "servicenow"),
]
# Attributes of random histories: names that columns of ours have, that differ in case alone, that need quotes.
ATTRIBUTES = ["tier", "Tier", "scope", "case note", "größe", "account, main", "ticket"]
WORDS = ["gold", "Gold", "=1+1", "a\"b", "x, y", "naïve", "日本語", "0", "-", "null", "l" * 300]
CHANGES = ["retarget", "restart", "keep", "prorate"]


def slaudit(binary, *arguments):
    done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"slaudit {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}"
    return done.stdout


# ---- three readers, one form of a table


def plain(table):
    """Columns of the types that all readers can be brought to: text without dictionaries, instants in microseconds."""
    table = table.unify_dictionaries().combine_chunks()
    return [column(table.column(i).combine_chunks()) for i in range(table.num_columns)]


def column(values):
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_nested(values.type):
        # Lists of a few clocks: their texts are of another type in each reader.
        return pa.array([repr(value) for value in values.to_pylist()], pa.string())
    if pa.types.is_timestamp(values.type):
        return values.cast(pa.timestamp("us", "UTC"))
    if pa.types.is_large_string(values.type) or pa.types.is_string_view(values.type):
        return values.cast(pa.string())
    return values


# One for all files: making one takes ten times as long as reading a file.
DUCK = duckdb.connect()
DUCK.execute("SET TimeZone = 'UTC'")


def duck(path, where="", parameters=()):
    query = f"SELECT * FROM read_parquet(?) {where}"
    return DUCK.sql(query, params=[str(path), *parameters]).to_arrow_table()


def duck_names(names):
    """DuckDB's columns do not tell capitals apart: what was there already is numbered."""
    taken, own = set(), []
    for name in names:
        free, n = name, 0
        while free.lower() in taken:
            n += 1
            free = f"{name}_{n}"
        taken.add(free.lower())
        own.append(free)
    return own


def read_back(path):
    """Names and columns of a fact file, which all readers agree on."""
    first = pq.read_table(path)
    names, columns = first.column_names, plain(first)
    others = {"duckdb": duck(path), "polars": polars.read_parquet(path).to_arrow()}
    for reader, table in others.items():
        own = duck_names(names) if reader == "duckdb" else names
        assert table.column_names == own, f"{path}: {reader} has the columns {table.column_names}, pyarrow {names}"
        for name, ours, theirs in zip(names, columns, plain(table)):
            equal(f"{path}, {name}: pyarrow and {reader}", ours, theirs)
    return names, columns


def equal(what, ours, theirs):
    if not ours.equals(theirs):
        assert ours.type == theirs.type, f"{what}: {ours.type} and {theirs.type}"
        assert len(ours) == len(theirs), f"{what}: {len(ours)} and {len(theirs)} rows"
        row = next(i for i, (a, b) in enumerate(zip(ours.to_pylist(), theirs.to_pylist())) if a != b)
        raise AssertionError(f"{what}: row {row}: {ours[row]!r} and {theirs[row]!r}")


# ---- filters


def conditions(values, rng):
    """Conditions on a column, each as (operator, value) with the test that Python makes."""
    there = [value for value in values if value is not None]
    yield "null", None, lambda value: value is None
    if not there:
        return
    chosen = rng.choice(there)
    yield "=", chosen, lambda value: value == chosen
    if isinstance(chosen, str):
        absent = chosen + "?"
        yield "=", absent, lambda value: value == absent
    if isinstance(chosen, (int, datetime.datetime)) and not isinstance(chosen, bool):
        yield ">=", chosen, lambda value: value is not None and value >= chosen
        beyond = max(there) + (datetime.timedelta(seconds=1) if isinstance(chosen, datetime.datetime) else 1)
        yield ">=", beyond, lambda value: value is not None and value >= beyond


def filtered(path, number, names, operator, value):
    """The rows of each reader."""
    arrow, lazy = pc.field(names[number]), polars.col(names[number])
    quoted = '"' + duck_names(names)[number].replace('"', '""') + '"'
    if operator == "null":
        asked = (arrow.is_null(), lazy.is_null(), f"WHERE {quoted} IS NULL", [])
    elif operator == "=":
        asked = (arrow == value, lazy == value, f"WHERE {quoted} = ?", [value])
    else:
        asked = (arrow >= value, lazy >= value, f"WHERE {quoted} >= ?", [value])
    yield "pyarrow", pq.read_table(path, filters=asked[0])
    yield "polars", polars.scan_parquet(path).filter(asked[1]).collect().to_arrow()
    yield "duckdb", duck(path, asked[2], asked[3])


def check_filters(path, names, columns, rng, most):
    """Of at most `most` columns; the number of filters."""
    schema = pq.read_schema(path)
    simple = [i for i in range(len(names)) if not pa.types.is_nested(schema.field(i).type)]
    n = 0
    for number in sorted(rng.sample(simple, min(most, len(simple)))):
        values = columns[number].to_pylist()
        for operator, value, holds in conditions(values, rng):
            rows = [i for i, cell in enumerate(values) if holds(cell)]
            wanted = [ours.take(rows) for ours in columns] if rows else [ours[:0] for ours in columns]
            for reader, table in filtered(path, number, names, operator, value):
                what = f"{path}, {names[number]} {operator} {value!r}: Python and {reader}"
                for ours, theirs in zip(wanted, plain(table)):
                    equal(what, ours, theirs)
            n += 1
    return n


# ---- what was written


def instant(text):
    """Of RFC 3339, UTC."""
    return text and datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def told(entry):
    """What `explain` says of a fact, under the names of the fact's columns."""
    said = {}
    for key, value in entry.items():
        if key in ("by", "stopped_by", "ended_by", "opened_by"):
            role = "role" if key == "by" else f"{key}_role"
            name = "actor" if key == "by" else key
            said[role], said[name] = (value or {}).get("role"), (value or {}).get("name")
        elif key in ("from_severity", "to_severity", "severity_first", "severity_last"):
            said[key] = None if value is None else int(value.split()[0])
        elif key.endswith("_at"):
            said[key] = instant(value)
        elif not isinstance(value, (list, dict)):
            said[key] = value
    return said


def rows_of(facts, table, case):
    names, columns = facts[table]
    return pc.indices_nonzero(pc.equal(columns[names.index("case_id")], case)).to_pylist()


def check_facts(facts, table, case, entries):
    """The rows of `case` in `table` are the entries, in their order."""
    names, columns = facts[table]
    rows = rows_of(facts, table, case)
    assert len(rows) == len(entries), f"{table} of {case}: {len(rows)} rows, explained {len(entries)}"
    n = 0
    for row, entry in zip(rows, entries):
        for key, value in told(entry).items():
            if key in names:
                found = columns[names.index(key)][row].as_py()
                assert found == value, f"{table}.{key} of {case}, row {row}: {found!r}, explained {value!r}"
                n += 1
    assert n >= 8 * len(rows), f"{table}: names of `explain` that are no columns"


def check_case(facts, explained):
    case = explained["case_id"]
    names, columns = facts["cases"]
    head = {**explained["case"], "case_id": case, "policy_version": explained["policy"]["version"]}
    check_facts(facts, "cases", case, [head])
    (row,) = rows_of(facts, "cases", case)
    for name, value in explained["case"]["attributes"].items():
        found = columns[names.index(fact_name(name))][row].as_py()
        assert found == value, f"{name} of {case}: {found!r}, explained {value!r}"
    for table in ("clocks", "severity_changes", "inactivity"):
        check_facts(facts, table, case, explained[table])
    names, columns = facts["findings"]
    cells = [columns[names.index(name)] for name in ("code", "message", "at", "line")]
    found = [tuple(cell[row].as_py() for cell in cells) for row in rows_of(facts, "findings", case)]
    said = [(f["code"], f["message"], instant(f["at"]), f["line"]) for f in explained["findings"]]
    # Those of the data stand in the facts alone, or are counted over cases.
    ours, theirs = ([one for one in all if one[0][0] in "RSCP"] for all in (found, said))
    assert sorted(ours, key=repr) == sorted(theirs, key=repr), f"findings of {case}: {ours}, explained {theirs}"


def own_columns(binary):
    """The columns of each fact table that are ours, from the documented dictionary of the facts of nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        bare = folder / "bare.csv"
        bare.write_text("case_id,at\nA,2026-01-05T09:00:00Z\n", encoding="utf-8")
        slaudit(binary, "audit", bare, "--facts-only", "--quiet", "--out", folder / "report")
        files = (folder / "report/facts").glob("*.parquet")
        return {file.stem: set(pq.read_schema(file).names) for file in files}


OWN = {}


def fact_name(attribute):
    """Where a column of ours has the name already, the attribute's is another."""
    return f"attr_{attribute}" if attribute in OWN["cases"] else attribute



def check_tables(report, facts):
    """Totals of the tables, where the run made some."""
    def total(table, counted):
        with open(report / "tables" / f"{table}.csv", newline="", encoding="utf-8") as file:
            return sum(int(row[counted]) for row in csv.DictReader(file))

    def rows(table):
        return len(facts[table][1][0])

    assert total("verdicts", "n_clocks") == rows("clocks")
    assert total("cases_overview", "n_cases") == rows("cases")
    assert total("inactivity", "n_spells") == rows("inactivity")
    assert total("findings", "n_findings") == rows("findings")
    assert total("reclassification_cases", "n_changes") == rows("severity_changes")


# ---- runs


def check_run(binary, arguments, report, rng, most, cases, more=()):
    """Audits, reads all fact files, checks them and `cases` of the cases; the facts, and how much was checked."""
    slaudit(binary, "audit", *arguments, *more, "--quiet", "--out", report)
    paths = sorted((report / "facts").glob("*.parquet"))
    listed = json.loads((report / "manifest.json").read_text("utf-8"))["outputs"]
    assert {f"facts/{path.name}" for path in paths} <= {output["path"] for output in listed}
    facts = {path.stem: read_back(path) for path in paths}
    filters = sum(check_filters(path, *facts[path.stem], rng, most) for path in paths)
    ids = facts["cases"][1][0].to_pylist()
    for case in rng.sample(ids, min(cases, len(ids))):
        files, options = arguments[0], arguments[1:]
        check_case(facts, json.loads(slaudit(binary, "explain", files, case, *options, "--format", "json")))
    return facts, (len(paths), filters, min(cases, len(ids)))


def random_book(folder, rng):
    """Versions that share reasons, targets and words, each with its own rules."""
    folder.mkdir()
    zone = rng.choice(["UTC", "America/Denver", "Australia/Lord_Howe"])
    for number in range(rng.randint(1, 5)):
        version = [
            f"effective_from = 2026-0{number + 1}-01",
            f'timezone = "{zone}"',
            "[calendars.support]",
            'hours = { mon-fri = "08:00-17:00" }',
            f'[clock]\non_reclassify = "{rng.choice(CHANGES)}"',
        ]
        for level in range(1, rng.randint(2, 6)):
            hours = rng.choice(["4 hours", "1bh", "2 business days", "30m"])
            version.append(f'[[severity]]\nlevel = {level}\nname = "Level {level}"')
            version.append(f'first_response = "{hours}"\nnext_response = "8 business hours"\nresolution = "5bd"')
        version.append('[[inactivity]]\nbasis = "waiting_customer"\nclose_after = "3 business days"')
        if rng.random() < 0.8:
            version.append('[scope]\ninclude = { tier = ["gold", "Gold", "=1+1"], channel = ["portal", "email", "phone"] }')
        (folder / f"v{number}.toml").write_text("\n".join(version) + "\n", encoding="utf-8")
    return folder


def with_attributes(source, target, rng):
    """The history with attributes of ours: one value a case, on some of its rows. What each case then has."""
    with open(source, newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    names = rng.sample(ATTRIBUTES, rng.randint(0, len(ATTRIBUTES)))
    given = {}
    for row in rows:
        if row[0] not in given:
            case = {name: rng.choice(WORDS) if name != "ticket" else f"#{row[0]}" for name in names}
            given[row[0]] = {name: value for name, value in case.items() if rng.random() < 0.9}
            row += [given[row[0]].get(name, "") for name in names]
        else:
            row += [given[row[0]].get(name, "") if rng.random() < 0.3 else "" for name in names]
    with open(target, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header + names, *rows])
    return names, given


def check_random(binary, folder, seed):
    rng = random.Random(seed)
    plain_rows, rows = folder / "plain.csv", folder / "events.csv"
    cases = 40_000 if seed == 1 else rng.choice([1, 7, 40, 120, 300])
    order = rng.choice(["case", "time", "shuffled"])
    slaudit(binary, "generate", "--cases", cases, "--seed", seed, "--months", rng.randint(1, 9), "--order", order,
            "--out", plain_rows)
    names, given = with_attributes(plain_rows, rows, rng)
    policy = random_book(folder / "book", rng) if rng.random() < 0.7 else TARGETS
    facts, done = check_run(binary, [rows, "--policy", policy], folder / "report", rng, 2, 2, ["--facts-only"])
    columns, values = facts["cases"]
    ids = values[0].to_pylist()
    assert set(ids) == set(given), f"seed {seed}: cases"
    for name in names:
        wanted = [given[case].get(name) for case in ids]
        equal(f"seed {seed}: attribute {name}", values[columns.index(fact_name(name))], pa.array(wanted, pa.string()))
    return done


def check_sample(binary, folder, place, profile):
    rng = random.Random(place)
    # Most columns of the small ones; the real log has 46,000 clocks.
    most = 4 if place.endswith("incidents.csv") else 12
    arguments = [SAMPLES / place, "--profile", profile, "--policy", TARGETS]
    facts, done = check_run(binary, arguments, folder / "report", rng, most, 4)
    check_tables(folder / "report", facts)
    return done


def check_one(task):
    binary, run = task
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(run, int):
            return check_random(binary, pathlib.Path(folder), run)
        return check_sample(binary, pathlib.Path(folder), *run)


def start(binary):
    pa.set_cpu_count(1)
    DUCK.execute("SET threads = 1")
    OWN.update(own_columns(binary))


def main():
    parser = argparse.ArgumentParser(description="Reads fact files back with three readers.")
    parser.add_argument("slaudit")
    parser.add_argument("--runs", type=int, default=100, help="random runs")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first")
    options = parser.parse_args()
    runs = [*EXPORTS, *range(options.seed, options.seed + options.runs)]
    # One process a core, and each reader one thread: the files are small.
    # Not forked: the readers have threads by then.
    with multiprocessing.get_context("spawn").Pool(initializer=start, initargs=(options.slaudit,)) as pool:
        done = list(pool.imap_unordered(check_one, [(options.slaudit, run) for run in runs]))
    files, filters, cases = (sum(counts) for counts in zip(*done))
    print(f"{len(done)} runs: {files} fact files, {filters} filters, {cases} cases, the same by three readers")


if __name__ == "__main__":
    sys.exit(main())
