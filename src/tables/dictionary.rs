//! The data dictionary, queries/README.md: made from the registry of facts and the headers of the queries, so
//! that it cannot differ from either. A test compares it with the file.

use std::fmt::Write as _;

use crate::diag::Diagnostic;
use crate::facts::{TABLES, Table};

use super::computed::COMPUTED;
use super::query::{CHECKS, QUERIES, Query};

const TOP: &str = "\
# Data dictionary

What every fact table and every compliance table holds. Made from the registry in `src/facts/` and from the
headers of the queries; `BLESS=1 cargo test --release --test tables` writes it anew.

## Writing a query

A query is one `.sql` file (`slaudit audit … --queries DIR` takes yours beside these) that selects from the
tables below. Its comment header says what it makes:

```sql
-- title: Attainment by metric
-- grain: one metric and kind of promise
-- column n_met: clocks that were met
-- column n_judged: met, missed and unanswered
-- rate attainment = n_met / n_judged: share that was met
-- needs: cases.customer
-- chart: bar x=metric y=attainment
```

`rate` adds three columns after the query's own: the share, made from two of its counts, and the ends of its
95 % Wilson interval, `_low` and `_high`; empty where the count below the line is 0. A query whose `needs` the
facts do not meet is skipped, and the report says so. `chart` draws the table as well, as `bar`s or as a `line`: `x`
names the column along the axis, `y` that of the values; a rate is drawn with its interval, a column that ends in
`_s` as a duration, one that starts with `n_` as a count. SQL counts facts; it never recomputes time. A query
names its order, so that the same facts give the same file.

With `--period` your queries see the period: the fact tables, and `clock_counts` and those like it, hold only the rows whose
`in_period` is true, and beside each stands the same table with all of history, `all_clocks` beside `clocks`. `cases` read
together with another table holds those too of which something in that table belongs to the period: a clock of March finds
its case, which was opened in January. A query that names `in_period` decides for itself, and gets whole tables under their
own names. Where a table reads an `all_` table under a period, the summary and the page say so. Without `--period` every
table is whole, under both names. The queries that ship say `in_period` themselves, and read the tables as they are.

Clocks are the most of all facts. A query that counts them is a sum over `clock_counts` in a moment; over `clocks` it
says the same, and takes as long as reading them.

";

/// The text of queries/README.md.
///
/// # Errors
/// The header of a query that ships is malformed.
pub fn dictionary() -> Result<String, Diagnostic> {
    let mut text = TOP.to_owned();
    text.push_str("# Fact tables\n\nInstants are UTC. An empty last column: never missing.\n");
    TABLES.iter().for_each(|table| write_table(&mut text, table));
    text.push_str(
        "\nAfter the columns above, `cases` has the attributes of the input, each the first value that is not \
         empty in order\nof the history, under its own name, or `attr_NAME` where the name is taken.\n",
    );
    text.push_str("\nTables for SQL only, computed and not written as facts:\n");
    COMPUTED.iter().for_each(|table| write_table(&mut text, table));
    text.push_str("\n# Compliance tables\n");
    for (name, sql) in QUERIES {
        write_query(&mut text, &Query::parse(name, sql, name)?);
    }
    text.push_str(
        "\n# Checks\n\nEach holds in every audit; any row is a failure. Those of single cases are held while the facts are \
         written, over\nsome thousand cases at a time: their SQL is run where a walk over the columns does not say that they \
         certainly pass.\n\n",
    );
    for (name, sql) in CHECKS {
        let query = Query::parse(name, sql, name)?;
        let _ = writeln!(text, "- `{name}`: {}", query.title);
    }
    Ok(text)
}

fn write_table(text: &mut String, table: &Table) {
    let _ = write!(text, "\n## {}\n\nOne row: {}.\n\n", table.name, table.grain);
    text.push_str("| column | type | unit | what it is | where missing |\n|---|---|---|---|---|\n");
    for c in table.columns {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            c.name,
            c.kind.type_name(),
            c.kind.unit(),
            c.doc,
            c.null
        );
    }
}

fn write_query(text: &mut String, query: &Query) {
    let _ = write!(text, "\n## {}.csv\n\n{}. One row: {}.\n", query.name, query.title, query.grain);
    for (table, column) in &query.needs {
        let _ = write!(text, "\nOnly where the facts have `{table}.{column}`.\n");
    }
    text.push_str("\n| column | what it is |\n|---|---|\n");
    for (name, doc) in &query.columns {
        let _ = writeln!(text, "| `{name}` | {doc} |");
    }
    for rate in &query.rates {
        let (name, n, d) = (&rate.name, &rate.numerator, &rate.denominator);
        let _ = writeln!(text, "| `{name}` | {}: `{n}` / `{d}` |", rate.doc);
        let _ = writeln!(text, "| `{name}_low`, `{name}_high` | ends of its 95 % Wilson interval |");
    }
}
