//! Charts of the compliance tables: a typed specification first, then its drawing as SVG by plotters, and as PNG from
//! that same SVG. A specification is made from tables alone; the font ships, so that the same tables give the same
//! bytes on every machine. Not a place that reads files or writes them. It may use `tables` and everything before.

mod arrivals;
mod attainment;
mod close_after;
mod comparison;
mod cost;
mod draw;
mod inactivity;
mod open_cases;
mod own;
mod priorities;
mod reclassification;
mod responses;
mod rows;
mod spec;
mod sweep;
mod theme;
mod words;

use std::collections::BTreeMap;

use crate::tables::{Query, Table};

pub use draw::FONTS;
pub use spec::{
    Areas, Bar, Bars, CurvePanel, CurveTarget, Curves, Heat, Layer, Line, LinePoint, Map, Matrix, MatrixCell,
    Quantity, RateRow, Rates, SharePanel, SharePoint, Shares, Spec, Stack, StackPart, Stacks, Steps,
};
pub use sweep::Swept;
pub use theme::{Rgb, Theme, Tone};

/// One chart: what it says and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The file's stem: lower-case letters, digits and `_`, and what the name of a user's query has.
    pub name: String,
    /// The finding, as a sentence without its full stop.
    pub title: String,
    /// What is counted.
    pub subtitle: String,
    /// What a reader should know; may be empty.
    pub note: String,
    /// The chart in full sentences, for those who do not see it.
    pub alt: String,
    /// The compliance table that it is drawn from.
    pub table: String,
    /// What is drawn.
    pub spec: Spec,
    /// The colours that it is drawn in.
    pub theme: Theme,
}

impl Chart {
    /// The chart as SVG, 880 px wide and as high as it has to be, with its title, subtitle and note in it. Every text
    /// is escaped; control characters and marks of direction are replaced.
    ///
    /// # Errors
    /// What plotters said; data cannot cause it, and writing into memory does not fail.
    pub fn svg(&self) -> Result<String, String> {
        let head =
            draw::Head { title: &self.title, subtitle: &self.subtitle, note: &self.note, alt: &self.alt };
        draw::svg(&self.spec, &head, &self.theme)
    }

    /// The same as PNG, `scale` pixels a pixel of the SVG (2 for print), in the font that ships.
    ///
    /// # Errors
    /// What plotters or resvg said.
    pub fn png(&self, scale: f32) -> Result<Vec<u8>, String> {
        draw::png(&self.svg()?, scale)
    }
}

/// What charts are told beside the tables.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// Names of the severity levels.
    pub severities: BTreeMap<i64, String>,
    /// The queries that made the tables: those with a chart header give charts of their own.
    pub queries: &'a [Query],
    /// The colours.
    pub theme: Theme,
}

impl Context<'_> {
    /// `1 Critical`, `1` where it has no name of its own, `none` where there is no severity.
    fn severity(&self, level: Option<i64>) -> String {
        let Some(level) = level else { return "none".to_owned() };
        match self.severities.get(&level).map(|name| words::name(name)) {
            Some(name) if !name.is_empty() && name != level.to_string() => format!("{level} {name}"),
            _ => level.to_string(),
        }
    }
}

/// `severity 2` within a sentence.
fn severity_words(level: Option<i64>) -> String {
    level.map_or_else(|| "no severity".to_owned(), |level| format!("severity {level}"))
}

/// A chart that is not drawn, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDrawn {
    /// The name that it would have.
    pub name: String,
    /// The reason, a part of a sentence: `nothing was reclassified`.
    pub reason: String,
}

/// Every chart that `tables` have something to show for, in order of the report: attainment, response times, priority
/// order, arrivals, open cases, inactivity, lengths asked about, reclassification, then those of the user's queries.
pub fn all(tables: &[Table], context: &Context<'_>) -> Vec<Chart> {
    let drawn = made(tables, context).into_iter().filter_map(Result::ok);
    drawn.map(|chart| Chart { theme: context.theme.clone(), ..chart }).collect()
}

/// The charts of a comparison of policies, in order of its pages.
pub fn comparison(tables: &[Table], context: &Context<'_>) -> Vec<Chart> {
    let drawn = comparison::charts(tables, context).into_iter().filter_map(Result::ok);
    drawn.map(|chart| Chart { theme: context.theme.clone(), ..chart }).collect()
}

/// The chart of a sweep, where anything is judged.
pub fn sweep(tables: &[Table], swept: Swept<'_>, theme: &Theme) -> Option<Chart> {
    sweep::chart(tables, swept).ok().map(|chart| Chart { theme: theme.clone(), ..chart })
}

/// The charts that are not drawn, with the reasons.
pub fn not_drawn(tables: &[Table], context: &Context<'_>) -> Vec<NotDrawn> {
    made(tables, context).into_iter().filter_map(Result::err).collect()
}

fn made(tables: &[Table], context: &Context<'_>) -> Vec<Result<Chart, NotDrawn>> {
    let mut made = attainment::charts(tables, context);
    made.extend(responses::charts(tables, context));
    made.push(priorities::chart(tables, context));
    made.push(arrivals::chart(tables));
    made.push(open_cases::chart(tables));
    made.push(inactivity::chart(tables));
    made.push(close_after::chart(tables));
    made.push(reclassification::chart(tables, context));
    made.extend(own::charts(tables, context));
    made
}

fn not(name: &str, reason: &str) -> NotDrawn {
    NotDrawn { name: name.to_owned(), reason: reason.to_owned() }
}
