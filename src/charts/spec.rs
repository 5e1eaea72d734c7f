//! What is drawn, as typed data: a specification is made from compliance tables alone and holds every number and text
//! that the drawing shows. Pure; knows nothing of pixels.

use super::theme::Tone;
use crate::tables::Standing;

/// A chart's drawing, by its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Spec {
    /// Shares with intervals over months or names, a panel a group.
    Shares(Shares),
    /// One share with its interval a group.
    Rates(Rates),
    /// Cumulative curves over time, a panel a group.
    Curves(Curves),
    /// Counts by weekday and hour.
    Heat(Heat),
    /// Counts from × to.
    Matrix(Matrix),
    /// Shares by two things.
    Map(Map),
    /// Parts of a whole, a bar a group.
    Stacks(Stacks),
    /// Layers over time.
    Areas(Areas),
    /// One bar a name.
    Bars(Bars),
    /// One line over months or names.
    Line(Line),
}

/// What stands along the horizontal axis, one step after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Steps {
    /// Months without a gap.
    Months {
        /// Months since the year 0 of the first.
        first: i32,
        /// How many.
        n: usize,
    },
    /// Names in the order of the table.
    Names(Vec<String>),
}

impl Steps {
    /// How many steps.
    pub fn n(&self) -> usize {
        match self {
            Steps::Months { n, .. } => *n,
            Steps::Names(names) => names.len(),
        }
    }
}

/// Shares with intervals: small multiples that share both axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// The horizontal axis.
    pub steps: Steps,
    /// What the horizontal axis is.
    pub steps_name: String,
    /// What the vertical axis is.
    pub share_name: String,
    /// In order.
    pub panels: Vec<SharePanel>,
}

/// One group's shares.
#[derive(Clone, Debug, PartialEq)]
pub struct SharePanel {
    /// Its name.
    pub title: String,
    /// What was counted, over all steps.
    pub n: String,
    /// The share that is wanted.
    pub goal: Option<f64>,
    /// One a step that has a share, in order.
    pub points: Vec<SharePoint>,
}

/// One share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharePoint {
    /// The step, from 0.
    pub step: usize,
    /// How many of them.
    pub met: u64,
    /// Of how many.
    pub n: u64,
    /// The share of 1.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One share with its interval a group, a row each.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// What the axis is.
    pub share_name: String,
    /// In order.
    pub rows: Vec<RateRow>,
}

/// One group's share.
#[derive(Clone, Debug, PartialEq)]
pub struct RateRow {
    /// Its name.
    pub label: String,
    /// What was counted.
    pub n: String,
    /// The share that is wanted.
    pub goal: Option<f64>,
    /// The share and its interval; the step is 0.
    pub point: SharePoint,
}

impl SharePoint {
    /// How it stands against `goal`, told by colour and by shape; without one it is kept.
    pub fn standing(&self, goal: Option<f64>) -> Standing {
        goal.map_or(Standing::Kept, |goal| Standing::of(self.met, self.n, goal))
    }
}

/// Cumulative curves: small multiples over one time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// What the time axis counts.
    pub time_name: String,
    /// What the share is of.
    pub share_name: String,
    /// In order.
    pub panels: Vec<CurvePanel>,
}

/// One group's curve.
#[derive(Clone, Debug, PartialEq)]
pub struct CurvePanel {
    /// Its name.
    pub title: String,
    /// What was counted.
    pub n: String,
    /// Whole seconds, and the share that was reached within them; both ascending.
    pub points: Vec<(i64, f64)>,
    /// The target.
    pub target: Option<CurveTarget>,
    /// When half was reached, whole seconds.
    pub median_s: Option<i64>,
}

/// A target on a curve.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveTarget {
    /// As the policy writes it.
    pub text: String,
    /// Whole seconds.
    pub target_s: i64,
    /// The share that was reached within it.
    pub share: f64,
}

/// Counts by weekday and hour.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// One a weekday, Monday first, by hour.
    pub counts: Vec<[i64; 24]>,
    /// The same hours: whether the most of each is open.
    pub open: Vec<[bool; 24]>,
    /// What is counted, in the plural.
    pub unit: String,
}

/// Counts from × to.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Names of the levels, the most severe first.
    pub levels: Vec<String>,
    /// Row: from; column: to.
    pub cells: Vec<Vec<MatrixCell>>,
    /// What the rows are.
    pub from_name: String,
    /// What the columns are.
    pub to_name: String,
}

/// One cell of a matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatrixCell {
    /// How many; 0: nothing is written.
    pub n: i64,
    /// Of them marked.
    pub n_marked: i64,
}

/// Shares by two things.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// Names of the rows, the first on top.
    pub rows: Vec<String>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// One list a row, one share of 1 a column; `None`: there is none.
    pub shares: Vec<Vec<Option<f64>>>,
    /// The share that is wanted.
    pub goal: Option<f64>,
    /// What the rows are.
    pub rows_name: String,
    /// What the columns are.
    pub columns_name: String,
    /// What the share is of.
    pub share_name: String,
}

/// Parts of a whole, a bar a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stacks {
    /// In order.
    pub bars: Vec<Stack>,
}

/// One bar of parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Its name.
    pub title: String,
    /// What was counted.
    pub n: String,
    /// In order; those of 0 are left out.
    pub parts: Vec<StackPart>,
}

/// One part of a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackPart {
    /// Its name.
    pub label: String,
    /// How many.
    pub n: i64,
    /// What it stands for.
    pub tone: Tone,
}

/// Layers over time, the first at the bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Areas {
    /// Days since 1970 of the steps, ascending.
    pub days: Vec<i64>,
    /// What is counted, in the plural.
    pub unit: String,
    /// In order from the bottom; one value a day each.
    pub layers: Vec<Layer>,
}

/// One layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its name.
    pub label: String,
    /// One a day.
    pub values: Vec<i64>,
}

/// What numbers are, and so how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A share of 1.
    Share,
    /// Whole seconds.
    Seconds,
    /// A count.
    Count,
    /// A number with decimals.
    Number,
}

/// One bar a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// What the bars' lengths are.
    pub quantity: Quantity,
    /// The axis in words.
    pub value_name: String,
    /// In order.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Its name.
    pub label: String,
    /// Its length; `None`: there is none.
    pub value: Option<f64>,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// What stands at its end: the value in words.
    pub text: String,
    /// What stands after it: what was counted; may be empty.
    pub aside: String,
    /// What it stands for.
    pub tone: Tone,
}

/// One line over steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The horizontal axis.
    pub steps: Steps,
    /// What it is.
    pub steps_name: String,
    /// What the values are.
    pub quantity: Quantity,
    /// The vertical axis in words.
    pub value_name: String,
    /// One a step that has a value, in order.
    pub points: Vec<LinePoint>,
}

/// One point of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinePoint {
    /// The step, from 0.
    pub step: usize,
    /// The value.
    pub value: f64,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
}
