//! `slaudit generate --out FILE`.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use crate::diag::Error;
use crate::generate::{self, Format, Order, Plan, Size};

use super::output;
use super::reading::load_zone;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OrderWord {
    /// Case after case
    Case,
    /// By time over all cases
    Time,
    /// In no order at all; held in memory
    Shuffled,
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How many cases
    #[arg(long, value_name = "N", conflicts_with = "events", default_value = "1000")]
    cases: u64,
    /// About how many events, in place of a number of cases
    #[arg(long, value_name = "N")]
    events: Option<u64>,
    /// Another seed, other histories
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// First day of arrivals
    #[arg(long, value_name = "DATE", default_value = "2026-01-01")]
    start: NaiveDate,
    /// Months of arrivals
    #[arg(long, value_name = "N", default_value = "12")]
    months: u32,
    /// Order of the rows
    #[arg(long, value_enum, default_value = "time")]
    order: OrderWord,
    /// File to write: Parquet where its name ends in `.parquet`, else CSV
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Error> {
    // Arrivals keep the hours of an office in Denver.
    load_zone(chrono_tz::America::Denver)?;
    let plan = Plan {
        size: arguments.events.map_or(Size::Cases(arguments.cases), Size::Events),
        seed: arguments.seed,
        start: arguments.start,
        months: arguments.months,
        order: match arguments.order {
            OrderWord::Case => Order::Case,
            OrderWord::Time => Order::Time,
            OrderWord::Shuffled => Order::Shuffled,
        },
        format: format_of(&arguments.out),
    };
    let written = generate::write(&plan, &arguments.out)?;
    let (cases, rows, bytes) = (written.cases, written.rows, written.bytes);
    output::say(&format!("{cases} cases, {rows} events, {bytes} bytes\n"))
}

fn format_of(out: &Path) -> Format {
    let is_parquet = out.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"));
    if is_parquet { Format::Parquet } else { Format::Csv }
}
