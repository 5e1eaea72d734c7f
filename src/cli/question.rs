//! What is asked of the histories, the same for every command that makes an audit: the period, and lengths of
//! inactivity.

use clap::Args;

use crate::calendar::Duration;
use crate::facts::{By, Dates};

use super::close_after::{self, Lengths};

#[derive(Debug, Args)]
pub(super) struct Question {
    /// What is reported, in the policy's zone: `2026-10`, `2026-Q4`, `2026`, `2026-10-01..2026-10-15`; the
    /// history outside of it is replayed all the same
    #[arg(long, value_name = "PERIOD", value_parser = Dates::parse)]
    period: Option<Dates>,
    /// By which of its instants a clock belongs to the period
    #[arg(long, value_enum, default_value_t = ByWord::Start, requires = "period")]
    by: ByWord,
    /// What closing after so long would have done: `10bd`, `5bd,10bd,14d`, or `1bd..20bd`
    #[arg(long, value_name = "LENGTHS", value_parser = close_after::parse)]
    close_after: Option<Lengths>,
}

impl Question {
    /// The period, and by which of a clock's instants; `None`: everything.
    pub(super) fn period(&self) -> Option<(Dates, By)> {
        self.period.map(|dates| (dates, self.by.into()))
    }

    /// The lengths of inactivity (SPEC 9.4).
    pub(super) fn close_after(&self) -> Vec<Duration> {
        self.close_after.as_ref().map(|lengths| lengths.0.clone()).unwrap_or_default()
    }

    /// The period with what it is by, as a baseline records it; empty: everything.
    pub(super) fn period_text(&self) -> String {
        let by = match self.by {
            ByWord::Start => "start",
            ByWord::Due => "due",
            ByWord::Stop => "stop",
        };
        self.period.map_or_else(String::new, |dates| format!("{}..{} by {by}", dates.from, dates.to))
    }
}

/// `--by`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum ByWord {
    /// Its start
    Start,
    /// When it is due; a clock without a due belongs to no period
    Due,
    /// Its stop; a clock that runs belongs to no period
    Stop,
}

impl From<ByWord> for By {
    fn from(word: ByWord) -> By {
        match word {
            ByWord::Start => By::Start,
            ByWord::Due => By::Due,
            ByWord::Stop => By::Stop,
        }
    }
}
