//! What became of cases that waited to be closed: one bar a category.

use crate::tables::Table;

use super::rows::rows;
use super::spec::{Spec, Stack, StackPart, Stacks};
use super::theme::{Theme, Tone};
use super::words;
use super::{Chart, NotDrawn, not};

/// The table that it is drawn from.
const TABLE: &str = "inactivity";
const NAME: &str = "inactivity";

/// Columns of the table, in the order of the bar: what was judged first.
const PARTS: [(&str, &str, Tone); 10] = [
    ("n_on_time", "closed on time", Tone::Good),
    ("n_early", "closed early", Tone::Doubtful),
    ("n_late", "closed late", Tone::Bad),
    ("n_overdue", "overdue, still open", Tone::Worst),
    ("n_returned_overdue", "customer came back, overdue", Tone::Aside),
    ("n_returned", "customer came back", Tone::Other),
    ("n_closed_by_customer", "closed by the customer", Tone::Accent),
    ("n_resumed", "support went on", Tone::Neutral),
    ("n_pending", "still waiting", Tone::Quiet),
    ("n_no_target", "no length given", Tone::Faint),
];

/// One category's sums, in order of [`PARTS`].
struct Basis {
    word: String,
    sums: [i64; PARTS.len()],
}

impl Basis {
    fn of(&self, column: &str) -> i64 {
        PARTS.iter().zip(self.sums).find(|(part, _)| part.0 == column).map_or(0, |(_, n)| n)
    }

    fn n(&self) -> i64 {
        self.sums.iter().sum()
    }
}

pub(super) fn chart(tables: &[Table]) -> Result<Chart, NotDrawn> {
    let mut bases: Vec<Basis> = Vec::new();
    for row in rows(tables, TABLE) {
        let Some(word) = row.text("basis") else { continue };
        let sums = PARTS.map(|(column, ..)| row.count(column));
        match bases.iter_mut().find(|basis| basis.word == word) {
            Some(basis) => basis.sums.iter_mut().zip(sums).for_each(|(sum, n)| *sum += n),
            None => bases.push(Basis { word: word.to_owned(), sums }),
        }
    }
    bases.retain(|basis| basis.n() > 0);
    if bases.is_empty() {
        return Err(not(NAME, "no case waited to be closed"));
    }
    // The customer's silence first: it is what most policies are about.
    bases.sort_by_key(|basis| (basis.word != "waiting_customer", basis.word.clone()));
    let title = title(&bases);
    let n: i64 = bases.iter().map(Basis::n).sum();
    Ok(Chart {
        name: NAME.to_owned(),
        alt: alt(&title, &bases),
        title,
        subtitle: format!(
            "Spells in which a case waited to be closed, by what became of them, cases in scope; n\u{a0}=\u{a0}{}",
            words::grouped(n)
        ),
        note: String::new(),
        table: TABLE.to_owned(),
        spec: Spec::Stacks(Stacks { bars: bases.iter().map(stack).collect() }),
        theme: Theme::default(),
    })
}

fn stack(basis: &Basis) -> Stack {
    let parts = PARTS.iter().zip(basis.sums).filter(|(_, n)| *n > 0);
    Stack {
        title: words::capital(&words::spoken(&basis.word)),
        n: words::counted(basis.n(), "spell"),
        parts: parts
            .map(|((_, label, tone), n)| StackPart { label: (*label).to_owned(), n, tone: *tone })
            .collect(),
    }
}

fn title(bases: &[Basis]) -> String {
    let sum = |column: &str| -> i64 { bases.iter().map(|basis| basis.of(column)).sum() };
    let judged = sum("n_on_time") + sum("n_early") + sum("n_late");
    let overdue = sum("n_overdue");
    let overdue_words = match overdue {
        0 => String::new(),
        n => format!("; {} overdue", words::counted(n, "case")),
    };
    if judged > 0 {
        let closures = words::counted_as(judged, "closure", "closures");
        return format!(
            "{} of {closures} for inactivity came on time{overdue_words}",
            words::grouped(sum("n_on_time"))
        );
    }
    if overdue > 0 {
        return format!(
            "{} overdue for closing, none was closed for inactivity",
            words::counted(overdue, "case")
        );
    }
    let n: i64 = bases.iter().map(Basis::n).sum();
    let back = sum("n_returned") + sum("n_returned_overdue");
    if sum("n_no_target") == n {
        return format!("{} of waiting, none judged: the policy gives no length", words::counted(n, "spell"));
    }
    format!("The customer came back in {} of {} of waiting", words::grouped(back), words::counted(n, "spell"))
}

fn alt(title: &str, bases: &[Basis]) -> String {
    let of = |basis: &Basis| {
        let parts: Vec<String> = PARTS
            .iter()
            .zip(basis.sums)
            .filter(|(_, n)| *n > 0)
            .map(|((_, label, _), n)| format!("{} {label}", words::grouped(n)))
            .collect();
        format!(
            "{}, {}: {}",
            words::spoken(&basis.word),
            words::counted(basis.n(), "spell"),
            words::listed(&parts)
        )
    };
    let parts: Vec<String> = bases.iter().map(of).collect();
    format!("{title}. Stacked bars by category. {}.", words::capital(&parts.join("; ")))
}
