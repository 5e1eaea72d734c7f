//! `slaudit calendar open|elapsed|add|show`: one question an argument list, or one a line with `--stdin`.

use std::io::BufRead;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::calendar::{Amount, Calendar, Duration, Instant, OpenTime, SECOND};
use crate::diag::Error;

use super::{instant, output, policy};

#[derive(Debug, Subcommand)]
pub(super) enum Arguments {
    /// Whether the calendar is open, and when that changes next
    Open {
        #[command(flatten)]
        which: Which,
        /// Instant, RFC 3339; without an offset it is local time of the calendar
        #[arg(required_unless_present = "stdin")]
        at: Option<String>,
    },
    /// Open time between two instants, in whole seconds
    Elapsed {
        #[command(flatten)]
        which: Which,
        /// From this instant on
        #[arg(required_unless_present = "stdin")]
        from: Option<String>,
        /// Before this instant
        #[arg(required_unless_present = "stdin")]
        to: Option<String>,
    },
    /// The instant at which a duration is used up
    Add {
        #[command(flatten)]
        which: Which,
        /// From this instant on
        #[arg(required_unless_present = "stdin")]
        from: Option<String>,
        /// As in a policy: `4bh`, `90m`, `"2 business days"`
        #[arg(required_unless_present = "stdin")]
        duration: Option<String>,
    },
    /// The calendar as the policy defines it, with everything inherited
    Show {
        #[command(flatten)]
        policy: OfPolicy,
    },
}

#[derive(Debug, Args)]
pub(super) struct Which {
    #[command(flatten)]
    policy: OfPolicy,
    /// Read one question a line, its parts separated by a space; answer one a line
    #[arg(long)]
    stdin: bool,
}

#[derive(Debug, Args)]
pub(super) struct OfPolicy {
    /// Policy file, or folder of dated versions: the last one counts [default: the built-in policy]
    #[arg(long, value_name = "FILE|DIR")]
    policy: Option<PathBuf>,
    /// Name of the calendar; needed where the policy has several
    #[arg(long, value_name = "NAME")]
    calendar: Option<String>,
}

type Answer = fn(&Calendar, &[&str]) -> Result<String, Error>;

pub(super) fn run(arguments: Arguments) -> Result<(), Error> {
    match arguments {
        Arguments::Open { which, at } => answer(&which, &[at], open),
        Arguments::Elapsed { which, from, to } => answer(&which, &[from, to], elapsed),
        Arguments::Add { which, from, duration } => answer(&which, &[from, duration], add),
        Arguments::Show { policy } => output::say(&crate::policy::calendar_toml(&find(&policy)?)),
    }
}

/// Answers the question of the arguments, or every line of the standard input until one is wrong.
fn answer(which: &Which, given: &[Option<String>], answer: Answer) -> Result<(), Error> {
    let calendar = find(&which.policy)?;
    if !which.stdin {
        let parts: Vec<&str> = given.iter().flatten().map(String::as_str).collect();
        return output::say(&format!("{}\n", answer(&calendar, &parts)?));
    }
    let mut text = String::new();
    for (i, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.map_err(|e| Error::Usage(format!("line {} of the standard input: {e}", i + 1)))?;
        let parts: Vec<&str> = line.split_whitespace().collect();
        let result = if parts.len() == given.len() {
            answer(&calendar, &parts)
        } else {
            Err(Error::Usage(format!("expected {} parts separated by a space, found `{line}`", given.len())))
        };
        match result {
            Ok(line) => text.push_str(&line),
            Err(Error::Usage(message)) => {
                output::say(&text)?;
                return Err(Error::Usage(format!("line {} of the standard input: {message}", i + 1)));
            }
            Err(other) => return Err(other),
        }
        text.push('\n');
        // Answers go out while questions come in, so that a caller may ask one by one.
        if text.len() > 1 << 13 {
            output::say(&text)?;
            text.clear();
        }
    }
    output::say(&text)
}

fn find(of: &OfPolicy) -> Result<Calendar, Error> {
    let book = policy::load(of.policy.as_deref())?;
    let calendars = book.versions.last().map_or(&[][..], |version| &version.calendars);
    let names = || calendars.iter().map(|c| format!("`{}`", c.name)).collect::<Vec<_>>().join(", ");
    match (&of.calendar, calendars) {
        (Some(name), _) => calendars.iter().find(|c| c.name == *name).cloned().ok_or_else(|| {
            Error::Usage(format!("expected one of the policy's calendars ({}), found `{name}`", names()))
        }),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(Error::Usage(format!(
            "the policy has several calendars ({})\nhint: name one with --calendar",
            names()
        ))),
    }
}

fn open(calendar: &Calendar, parts: &[&str]) -> Result<String, Error> {
    let [at] = instants(calendar, parts)?[..] else { return Err(missing()) };
    let time = OpenTime::compile(calendar, at, at);
    let word = if time.is_open(at) { "open" } else { "closed" };
    let change = time.next_change(at).map_or_else(|| "never".to_owned(), |t| instant::show(t, calendar.tz));
    Ok(format!("{word} {change}"))
}

fn elapsed(calendar: &Calendar, parts: &[&str]) -> Result<String, Error> {
    let [from, to] = instants(calendar, parts)?[..] else { return Err(missing()) };
    let time = OpenTime::compile(calendar, from.min(to), from.max(to));
    Ok(time.elapsed(from, to).div_euclid(SECOND).to_string())
}

fn add(calendar: &Calendar, parts: &[&str]) -> Result<String, Error> {
    let [from, duration] = parts else { return Err(missing()) };
    let from = instant::parse(from, calendar.tz)?;
    let amount = Duration::parse(duration).map_err(|e| Error::Usage(e.to_string()))?;
    let time = OpenTime::compile(calendar, from, from);
    let due = match amount.amount() {
        Amount::Elapsed(micros) => Some(from.plus(micros)),
        Amount::Business(micros) => time.add(from, micros),
        Amount::BusinessDays(0) => Some(from),
        Amount::BusinessDays(n) => time.business_days_due(from, n),
    };
    due.map(|at| instant::show(at, calendar.tz)).ok_or_else(|| {
        Error::Usage(format!("calendar `{}` never has `{duration}` of open time", calendar.name))
    })
}

fn instants(calendar: &Calendar, parts: &[&str]) -> Result<Vec<Instant>, Error> {
    parts.iter().map(|text| instant::parse(text, calendar.tz)).collect()
}

fn missing() -> Error {
    Error::Usage("expected another argument".to_owned())
}
