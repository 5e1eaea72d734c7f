//! The queries that ship, and the header that every query has: title, grain, columns, rates, needs, chart.
//! Reads SQL as text only; running it is `run`'s.

use crate::codes;
use crate::diag::{Diagnostic, Position};

/// Embeds queries and lists them; a test compares the list with the folder.
macro_rules! embed {
    ($folder:literal: $($name:ident)*) => {
        &[$((stringify!($name), include_str!(concat!("../../queries/", $folder, stringify!($name), ".sql"))),)*]
    };
}

/// The queries that ship, by name: one `tables/NAME.csv` each.
pub const QUERIES: &[(&str, &str)] = embed!["":
    attainment_by_agent
    attainment_by_customer
    attainment_by_metric
    attainment_by_metric_month
    attainment_by_metric_severity
    attainment_by_metric_severity_month
    attainment_by_product
    arrivals
    arrivals_by_hour
    cases_overview
    channels
    clauses
    close_after
    comparison
    durations
    findings
    gravest
    inactivity
    objectives
    open_cases
    overtaken
    priorities
    reclassification_cases
    reclassification_effect
    reclassification_matrix
    response_times
    verdicts
];

/// The checks that ship, by name: any row is a failure.
pub const CHECKS: &[(&str, &str)] = embed!["checks/":
    cases_null_rules
    cases_unique
    changes_null_rules
    changes_of_cases
    clocks_add_up
    clocks_null_rules
    clocks_of_cases
    clocks_time
    findings_of_clocks
    findings_of_facts
    inactivity_null_rules
    overtaken_adds_up
    overtaken_null_rules
];

/// Those that hold only of all cases together, and are run once all facts are written.
const CHECKS_OF_ALL: &[&str] = &["cases_unique", "clocks_add_up", "overtaken_adds_up"];

/// A share that is made after the query, from two of its counts, with its 95 % interval beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateColumn {
    /// Name of the share; the interval's ends are `NAME_low` and `NAME_high`.
    pub name: String,
    /// The count above the line.
    pub numerator: String,
    /// The count below the line.
    pub denominator: String,
    /// What it says.
    pub doc: String,
}

/// How a chart of a query is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartShape {
    /// A bar a row.
    Bar,
    /// A line over the rows.
    Line,
}

/// The chart that a query's header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartRequest {
    /// Bars or a line.
    pub shape: ChartShape,
    /// The column that names the rows.
    pub x: String,
    /// The column of their values.
    pub y: String,
}

/// One query with its header read.
#[derive(Clone, Debug)]
pub struct Query {
    /// The name: the file's stem.
    pub name: String,
    /// What it is.
    pub title: String,
    /// What one row is.
    pub grain: String,
    /// Column name and documentation, in order.
    pub columns: Vec<(String, String)>,
    /// Shares made from the counts.
    pub rates: Vec<RateColumn>,
    /// Columns of facts, as `(table, column)`, without which the query is skipped.
    pub needs: Vec<(String, String)>,
    /// The chart that is drawn of it, where one is asked for.
    pub chart: Option<ChartRequest>,
    /// The SQL, header included.
    pub sql: String,
}

impl Query {
    /// Reads a query's header: the comment lines that start with `-- title:`, `-- grain:`, `-- column NAME:`,
    /// `-- rate NAME = NUMERATOR / DENOMINATOR:`, `-- needs: TABLE.COLUMN` and `-- chart: bar x=COLUMN y=COLUMN` (or
    /// `line`). Other comments are free.
    ///
    /// # Errors
    /// A title or grain missing, or a rate, need or chart that cannot be read: code F104, with its line in `path`.
    pub fn parse(name: &str, sql: &str, path: &str) -> Result<Query, Diagnostic> {
        let mut query = Query {
            name: name.to_owned(),
            title: String::new(),
            grain: String::new(),
            columns: Vec::new(),
            rates: Vec::new(),
            needs: Vec::new(),
            chart: None,
            sql: sql.to_owned(),
        };
        for (i, line) in sql.lines().enumerate() {
            if let Some(comment) = line.strip_prefix("-- ") {
                query.read_line(comment).map_err(|expected| malformed(path, i, line, expected))?;
            }
        }
        if query.title.is_empty() || query.grain.is_empty() {
            return Err(malformed(
                path,
                0,
                sql.lines().next().unwrap_or(""),
                "`-- title: …` and `-- grain: …`",
            ));
        }
        Ok(query)
    }

    fn read_line(&mut self, comment: &str) -> Result<(), &'static str> {
        let Some((head, text)) = comment.split_once(':') else { return Ok(()) };
        let text = text.trim();
        match head.split_once(' ').unwrap_or((head, "")) {
            ("title", "") => text.clone_into(&mut self.title),
            ("grain", "") => text.clone_into(&mut self.grain),
            ("column", name) => self.columns.push((name.trim().to_owned(), text.to_owned())),
            ("rate", formula) => {
                self.rates.push(rate(formula, text).ok_or("`-- rate NAME = COUNT / COUNT: …`")?)
            }
            ("needs", "") => {
                let (table, column) = text.split_once('.').ok_or("`-- needs: TABLE.COLUMN`")?;
                self.needs.push((table.to_owned(), column.to_owned()));
            }
            ("chart", "") => {
                self.chart = Some(chart(text).ok_or("`-- chart: bar x=COLUMN y=COLUMN`, or `line`")?);
            }
            _ => {}
        }
        Ok(())
    }

    /// True where it is one of [`QUERIES`] or [`CHECKS`], word for word.
    pub fn ships(&self) -> bool {
        QUERIES.iter().chain(CHECKS).any(|(name, sql)| self.name == *name && self.sql == *sql)
    }

    /// True where the SQL, comments aside, has `word` as a word of its own.
    pub fn mentions(&self, word: &str) -> bool {
        self.code().any(|line| words(line).any(|w| w == word))
    }

    /// True where it is a check that is run batch by batch, while the facts are written: it has to hold of any cases with
    /// all of their facts.
    pub fn is_of_batches(&self) -> bool {
        let is_check = CHECKS.iter().any(|(name, sql)| self.name == *name && self.sql == *sql);
        is_check && !CHECKS_OF_ALL.contains(&&self.name[..])
    }

    /// True where the SQL selects `*`, other than in `COUNT(*)`.
    pub fn selects_all(&self) -> bool {
        self.code().any(|line| line.replace("(*)", "").contains('*'))
    }

    fn code(&self) -> impl Iterator<Item = &str> {
        self.sql.lines().map(|line| line.split("--").next().unwrap_or(""))
    }
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn rate(formula: &str, doc: &str) -> Option<RateColumn> {
    let (name, counts) = formula.split_once('=')?;
    let (numerator, denominator) = counts.split_once('/')?;
    Some(RateColumn {
        name: name.trim().to_owned(),
        numerator: numerator.trim().to_owned(),
        denominator: denominator.trim().to_owned(),
        doc: doc.to_owned(),
    })
}

fn chart(text: &str) -> Option<ChartRequest> {
    let mut words = text.split_whitespace();
    let shape = match words.next()? {
        "bar" => ChartShape::Bar,
        "line" => ChartShape::Line,
        _ => return None,
    };
    let x = words.next()?.strip_prefix("x=").filter(|name| !name.is_empty())?;
    let y = words.next()?.strip_prefix("y=").filter(|name| !name.is_empty())?;
    words.next().is_none().then(|| ChartRequest { shape, x: x.to_owned(), y: y.to_owned() })
}

fn malformed(path: &str, index: usize, line: &str, expected: &str) -> Diagnostic {
    Diagnostic::error(codes::F104, format!("header of a query not understood: expected {expected}"))
        .at(Position { path: path.to_owned(), line: index as u64 + 1, ..Position::default() })
        .excerpt(line, 1)
        .hint("queries/README.md shows the header of every query that ships")
}
