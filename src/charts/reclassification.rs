//! Changes of severity: from × to, with those that masked a miss.

use std::collections::BTreeSet;

use crate::tables::Table;

use super::rows::rows;
use super::spec::{Matrix, MatrixCell, Spec};
use super::theme::Theme;
use super::words;
use super::{Chart, Context, NotDrawn, not};

/// The table that it is drawn from.
const TABLE: &str = "reclassification_matrix";
const NAME: &str = "reclassification";

/// One pair of levels.
struct Change {
    from: Option<i64>,
    to: Option<i64>,
    n: i64,
    n_masked: i64,
}

pub(super) fn chart(tables: &[Table], context: &Context<'_>) -> Result<Chart, NotDrawn> {
    let changes: Vec<Change> = rows(tables, TABLE)
        .iter()
        .map(|row| Change {
            from: row.whole("from_severity"),
            to: row.whole("to_severity"),
            n: row.count("n_changes"),
            n_masked: row.count("n_masked"),
        })
        .filter(|change| change.n > 0)
        .collect();
    if changes.is_empty() {
        return Err(not(NAME, "no severity was changed"));
    }
    let seen: BTreeSet<(bool, Option<i64>)> = changes
        .iter()
        .flat_map(|change| [change.from, change.to])
        .chain(context.severities.keys().map(|level| Some(*level)))
        .map(|level| (level.is_none(), level))
        .collect();
    let levels: Vec<Option<i64>> = seen.into_iter().map(|(_, level)| level).collect();
    let mut cells = vec![vec![MatrixCell::default(); levels.len()]; levels.len()];
    for change in &changes {
        let place = |level: Option<i64>| levels.iter().position(|l| *l == level);
        if let (Some(from), Some(to)) = (place(change.from), place(change.to)) {
            cells[from][to].n += change.n;
            cells[from][to].n_marked += change.n_masked;
        }
    }
    let title = title(&changes);
    let n: i64 = changes.iter().map(|change| change.n).sum();
    Ok(Chart {
        name: NAME.to_owned(),
        alt: alt(&title, &changes),
        title,
        subtitle: format!(
            "Changes of severity of cases in scope, from the row's to the column's; n\u{a0}=\u{a0}{}",
            words::grouped(n)
        ),
        note: "Below the diagonal: toward more severe; above it: toward less severe. Second line, masked: with the change some clock \
               was not missed that would have been without it."
            .to_owned(),
        table: TABLE.to_owned(),
        spec: Spec::Matrix(Matrix {
            levels: levels.iter().map(|level| context.severity(*level)).collect(),
            cells,
            from_name: "from severity".to_owned(),
            to_name: "to severity".to_owned(),
        }),
        theme: Theme::default(),
    })
}

fn title(changes: &[Change]) -> String {
    let sum = |is_counted: &dyn Fn(&Change) -> bool| -> i64 {
        changes.iter().filter(|change| is_counted(change)).map(|change| change.n).sum()
    };
    let more = |change: &Change| matches!((change.from, change.to), (Some(from), Some(to)) if to < from);
    let less = |change: &Change| matches!((change.from, change.to), (Some(from), Some(to)) if to > from);
    let (n, n_more, n_less) = (sum(&|_| true), sum(&more), sum(&less));
    let n_masked: i64 = changes.iter().map(|change| change.n_masked).sum();
    let masked = match n_masked {
        0 => "none masked a miss".to_owned(),
        n => format!("{} masked a miss", words::grouped(n)),
    };
    format!(
        "{} of severity: {} toward more severe, {} toward less; {masked}",
        words::counted(n, "change"),
        words::grouped(n_more),
        words::grouped(n_less)
    )
}

fn alt(title: &str, changes: &[Change]) -> String {
    let level = |level: Option<i64>| level.map_or_else(|| "none".to_owned(), |level| level.to_string());
    let of = |change: &Change| {
        let masked = if change.n_masked > 0 {
            format!(" ({} masked)", words::grouped(change.n_masked))
        } else {
            String::new()
        };
        format!("{} to {}: {}{masked}", level(change.from), level(change.to), words::grouped(change.n))
    };
    let parts: Vec<String> = changes.iter().map(of).collect();
    format!("{title}. Matrix of changes from severity to severity: {}.", parts.join("; "))
}
