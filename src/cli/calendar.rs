//! `slaudit calendar open|elapsed|add|show`: one question an argument list, or one a line with `--stdin`.

use std::io::BufRead;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use crate::calendar::{Amount, Calendar, DayKind, Duration, Instant, OpenTime, SECOND, hours_text, open_on};
use crate::diag::{Error, printable};

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
    /// The calendar as the policy defines it, with everything inherited; with dates, the hours of each of them
    Show {
        #[command(flatten)]
        policy: OfPolicy,
        /// First local date to lay out
        from: Option<NaiveDate>,
        /// Last local date to lay out [default: the first]
        to: Option<NaiveDate>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Which {
    #[command(flatten)]
    policy: OfPolicy,
    /// Read one question a line, its parts separated by a space; answer one a line, `error: …` where there is none.
    /// Blank lines are passed over
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

/// Longest span that is compiled for a question, µs: 50 years.
const MOST_COMPILED: i64 = 50 * 366 * 86_400 * SECOND;

type Answer = fn(&mut Asked, &[&str]) -> Result<String, Error>;

/// The calendar that is asked about, compiled over the span of the questions so far.
struct Asked {
    calendar: Calendar,
    time: OpenTime,
}

impl Asked {
    fn new(calendar: Calendar) -> Asked {
        let never = Instant::from_seconds(0);
        Asked { time: OpenTime::compile(&calendar, never, never), calendar }
    }

    /// Its open time, compiled so that `a` and `b` lie inside.
    fn time(&mut self, a: Instant, b: Instant) -> &OpenTime {
        let (from, to) = self.time.span();
        if a.min(b) < from || a.max(b) >= to {
            // An index over centuries costs more than it saves: beyond it the same answers come the slow way.
            let (first, last) = (a.min(b), a.max(b).min(a.min(b).plus(MOST_COMPILED)));
            self.time = OpenTime::compile(&self.calendar, first, last);
        }
        &self.time
    }
}

pub(super) fn run(arguments: Arguments) -> Result<(), Error> {
    match arguments {
        Arguments::Open { which, at } => answer(&which, &[at], open),
        Arguments::Elapsed { which, from, to } => answer(&which, &[from, to], elapsed),
        Arguments::Add { which, from, duration } => answer(&which, &[from, duration], add),
        Arguments::Show { policy, from: None, .. } => {
            output::say(&crate::policy::calendar_toml(&find(&policy)?))
        }
        Arguments::Show { policy, from: Some(from), to } => {
            output::say(&laid_out(&find(&policy)?, from, to.unwrap_or(from)))
        }
    }
}

/// Answers the question of the arguments, or every line of the standard input; one that is wrong is told in its place,
/// and at the end by the exit code. Blank lines ask nothing.
fn answer(which: &Which, given: &[Option<String>], answer: Answer) -> Result<(), Error> {
    let mut asked = Asked::new(find(&which.policy)?);
    if !which.stdin {
        let parts: Vec<&str> = given.iter().flatten().map(String::as_str).collect();
        return output::say(&format!("{}\n", answer(&mut asked, &parts)?));
    }
    let mut text = String::new();
    let mut n_wrong = 0_u64;
    for (i, line) in std::io::stdin().lock().split(b'\n').enumerate() {
        let line = line.map_err(|e| Error::Usage(format!("line {} of the standard input: {e}", i + 1)))?;
        let line = String::from_utf8_lossy(&line);
        let parts: Vec<&str> = line.trim_start_matches('\u{feff}').split_whitespace().collect();
        let result = match parts.len() {
            0 => continue,
            n if n == given.len() => answer(&mut asked, &parts),
            _ => {
                let found = printable(line.trim());
                Err(Error::Usage(format!(
                    "expected {} parts separated by a space, found `{found}`",
                    given.len()
                )))
            }
        };
        match result {
            Ok(line) => text.push_str(&line),
            Err(Error::Usage(message)) => {
                n_wrong += 1;
                // One answer a line, so that whoever reads them can count.
                text += &format!("error: line {}: {}", i + 1, message.replace('\n', "; "));
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
    output::say(&text)?;
    match n_wrong {
        0 => Ok(()),
        1 => {
            Err(Error::Usage("1 question of the standard input has no answer: its line says why".to_owned()))
        }
        n => Err(Error::Usage(format!(
            "{n} questions of the standard input have no answer: their lines say why"
        ))),
    }
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

fn open(asked: &mut Asked, parts: &[&str]) -> Result<String, Error> {
    let [at] = instants(&asked.calendar, parts)?[..] else { return Err(missing()) };
    let time = asked.time(at, at);
    let word = if time.is_open(at) { "open" } else { "closed" };
    let change = time.next_change(at);
    let change = change.map_or_else(|| "never".to_owned(), |t| instant::show(t, asked.calendar.tz));
    Ok(format!("{word} {change}"))
}

fn elapsed(asked: &mut Asked, parts: &[&str]) -> Result<String, Error> {
    let [from, to] = instants(&asked.calendar, parts)?[..] else { return Err(missing()) };
    Ok(asked.time(from, to).elapsed(from, to).div_euclid(SECOND).to_string())
}

fn add(asked: &mut Asked, parts: &[&str]) -> Result<String, Error> {
    let [from, duration] = parts else { return Err(missing()) };
    let from = instant::parse(from, asked.calendar.tz)?;
    let amount = Duration::parse(duration).map_err(|e| Error::Usage(format!("{e}\nhint: {}", e.hint)))?;
    let time = asked.time(from, from);
    let due = match amount.amount() {
        Amount::Elapsed(micros) => from.plus_within(micros),
        Amount::Business(micros) => time.add(from, micros),
        Amount::BusinessDays(n) => time.business_days_due(from, n),
    };
    let Calendar { name, tz, .. } = &asked.calendar;
    due.map(|at| instant::show(at, *tz)).ok_or_else(|| {
        Error::Usage(match amount.amount() {
            Amount::Elapsed(_) => format!("`{duration}` ends beyond the year 9999"),
            _ => format!("calendar `{name}` never has `{duration}` of open time"),
        })
    })
}

/// The hours of each local date, why it has them, and how long it is really open: closures and changes of the
/// clock taken in.
fn laid_out(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> String {
    let mut text = String::new();
    for on in from.iter_days().take_while(|on| *on <= to) {
        let (windows, kind) = calendar.day(on);
        let why = match kind {
            DayKind::Week => String::new(),
            DayKind::Holiday(name) => format!("  holiday {}", printable(name)),
            DayKind::Own => "  hours of its own".to_owned(),
        };
        let open = open_on(calendar, on) / SECOND;
        let (hours, minutes, seconds) = (open / 3_600, open / 60 % 60, open % 60);
        let length = format!("{hours}:{minutes:02}:{seconds:02}");
        text += format!("{} {length:>8}  {}{why}", on.format("%Y-%m-%d %a"), hours_text(windows)).trim_end();
        text.push('\n');
    }
    text
}

fn instants(calendar: &Calendar, parts: &[&str]) -> Result<Vec<Instant>, Error> {
    parts.iter().map(|text| instant::parse(text, calendar.tz)).collect()
}

fn missing() -> Error {
    Error::Usage("expected another argument".to_owned())
}
