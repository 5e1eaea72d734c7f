//! Compliance tables: `queries/*.sql` over the fact tables, and the statistics that SQL cannot make.
//!
//! The only place that names the SQL engine. SQL counts facts and never recomputes time; a rate is made last,
//! from two counts printed beside it. It may use `facts` and everything before.

mod apart;
mod arrival_hours;
mod chains;
mod clauses;
mod clock_counts;
mod close_after;
mod comparison;
mod computed;
mod counted;
mod dictionary;
mod doubt;
mod durations;
mod found;
mod goal;
mod gravest;
mod load;
mod objectives;
mod open_cases;
mod own;
mod paired;
mod percentiles;
mod query;
mod response_times;
mod run;
mod screen;
mod seen;
mod statistics;
mod table;
mod tally;
mod verdicts;

pub use arrival_hours::{ARRIVAL_HOURS, ArrivalHours};
pub use clauses::CLAUSES;
pub use clock_counts::{
    CLOCK_COUNTS, CLOCK_COUNTS_BY_AGENT, CLOCK_COUNTS_BY_CUSTOMER, CLOCK_COUNTS_BY_PRODUCT,
};
pub use close_after::{Answer, AnswerRow, CLOSE_AFTER, Question};
pub use comparison::{COMPARISON, ComparisonRow};
pub use computed::{COMPUTED, Computed};
pub use dictionary::dictionary;
pub use doubt::{Change, Standing, at_most, is_kept, is_kept_beyond_doubt};
pub use durations::{CUSTOMER_RESPONSE, DURATIONS, DurationRow};
pub use found::Found;
pub use goal::{goal_percent, percent_beside};
pub use gravest::{GRAVEST, Grave, GraveRow, Gravest};
pub use objectives::{OBJECTIVES, Objective, objective_kind};
pub use open_cases::{OPEN_CASES, OpenCases};
pub use paired::{Paired, mcnemar, paired};
pub use percentiles::{Pool, Spread};
pub use query::{CHECKS, ChartRequest, ChartShape, QUERIES, Query, RateColumn};
pub use response_times::RESPONSE_TIMES;
pub use run::{Made, ReadsAll, Skipped, Source, make, run_batch};
pub use screen::Screen;
pub use seen::{Seeing, Seen};
pub use statistics::{
    CurvePoint, Difference, Durations, Observed, Percentile, Rate, Sorted, difference, wilson,
};
pub(crate) use table::harmless;
pub use table::{Cell, Table};
pub use tally::{Tallies, Tally};
pub use verdicts::{Measure, SpellVerdicts, Verdicts};
