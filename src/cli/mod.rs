//! The command line: text arguments first, a resolved plan second, then calls into the library. One file a
//! command. Nothing is opened while flags are parsed; a reader that goes away is a quiet end.

mod audit;
mod calendar;
mod check;
mod close_after;
mod completions;
mod explain;
mod generate;
mod init;
mod inspect;
mod instant;
mod man;
mod memory;
mod output;
mod policy;
mod policy_check;
mod policy_diff;
mod profile;
mod progress;
mod question;
mod reading;
mod reconcile;
mod replace;
mod rule;
mod schema;
mod sweep;
mod verify;
mod whatif;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::diag::Error;
use crate::zones;

/// Replays help-desk case histories against a support policy.
#[derive(Debug, Parser)]
#[command(name = "slaudit", version, about, max_term_width = 100)]
struct Arguments {
    /// Folder of compiled time-zone files, such as `/usr/share/zoneinfo`, in place of the data that is built in
    #[arg(long, global = true, value_name = "DIR", env = "SLAUDIT_TZDB", hide_env_values = true)]
    tzdb: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The monthly report: page, workbook, charts, compliance tables, facts, manifest, and a summary
    Audit(audit::Arguments),
    /// The same cases under a policy that is proposed: what it would have changed, why, and what it would have taken
    Whatif(whatif::Arguments),
    /// One or two values of the policy, each with many others in its place: what would have been kept
    Sweep(sweep::Arguments),
    /// One case: its events, every clock's running and paused stretches, and why each verdict
    Explain(explain::Arguments),
    /// Business time of a calendar: `open`, `elapsed`, `add`, `show`
    #[command(subcommand)]
    Calendar(calendar::Arguments),
    /// Policies: `check` them, `show` one with everything inherited and every default, `diff` two
    #[command(subcommand)]
    Policy(policy::Arguments),
    /// Profiles that ship: `list` them, `show` the text of one
    #[command(subcommand)]
    Profile(profile::Arguments),
    /// Holds the verdicts against the help desk's own figure and explains each disagreement
    Reconcile(reconcile::Arguments),
    /// Looks at an export without a profile: columns, words, times, and a profile to start from
    Inspect(inspect::Arguments),
    /// Holds an audit against a baseline that was committed: exit 1 where anything differs
    Check(check::Arguments),
    /// A folder to start from: policy, profile, sample export, baseline, workflow
    Init(init::Arguments),
    /// What a code means, why it matters, an example, what to do; without a code: the list of all
    Rule(rule::Arguments),
    /// Whether a report, and what it was made from, is unchanged; with `--replay` makes it again
    Verify(verify::Arguments),
    /// Synthetic case histories of any size: same arguments, same bytes
    Generate(generate::Arguments),
    /// The JSON Schema of policy or profile files, for editors
    Schema(schema::Arguments),
    /// The script from which a shell completes the commands
    Completions(completions::Arguments),
    /// The manual, a page a command
    Man(man::Arguments),
}

/// Runs the command that `arguments` (the program's name first) ask for; messages go to the error output.
///
/// Exit codes (SPEC 14): 0 done, 1 an objective missed with `--strict`, an audit that is not as its baseline, or a report that was changed, 2 usage, 3 policy or profile invalid, 4 input unusable, 5 cannot write.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let parsed = match Arguments::try_parse_from(&arguments) {
        Ok(parsed) => parsed,
        Err(error) if explain::lacks_one(&error, &arguments) => return failed(&explain::lacking()),
        Err(error) => return usage(&error),
    };
    if let Err(error) = parsed.tzdb.as_deref().map_or(Ok(()), zone_data) {
        return failed(&error);
    }
    let result = match parsed.command {
        Command::Audit(given) => audit::run(given, texts(&arguments)),
        Command::Whatif(given) => whatif::run(given, texts(&arguments)),
        Command::Sweep(given) => sweep::run(given, texts(&arguments)),
        Command::Explain(given) => explain::run(given),
        Command::Calendar(given) => calendar::run(given),
        Command::Policy(given) => policy::run(given),
        Command::Profile(given) => profile::run(&given),
        Command::Reconcile(given) => reconcile::run(&given),
        Command::Inspect(given) => inspect::run(&given),
        Command::Check(given) => check::run(given),
        Command::Init(given) => init::run(&given),
        Command::Rule(given) => rule::run(&given),
        Command::Verify(given) => verify::run(&given, &audit_again),
        Command::Generate(given) => generate::run(given),
        Command::Schema(given) => schema::run(&given),
        Command::Completions(given) => completions::run(&given, Arguments::command()),
        Command::Man(given) => man::run(&given, Arguments::command()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// Takes the zones of a folder.
fn zone_data(folder: &Path) -> Result<(), Error> {
    let wrong = |error: zones::DataError| Error::Usage(format!("--tzdb: {error}\nhint: {}", error.hint));
    zones::use_folder(folder).map_err(wrong)
}

/// The arguments of an audit as a manifest has them.
fn audit_again(command: &[String]) -> Result<audit::Arguments, Error> {
    let all = std::iter::once("slaudit").chain(command.iter().map(String::as_str));
    match Arguments::try_parse_from(all).map(|parsed| parsed.command) {
        Ok(Command::Audit(given)) => Ok(given),
        Ok(_) => Err(Error::Usage("the manifest's command is no audit".to_owned())),
        Err(error) => {
            Err(Error::Usage(format!("this version does not know the manifest's command: {}", error.kind())))
        }
    }
}

/// Help and version are answers, everything else is a mistake of usage.
fn usage(error: &clap::Error) -> ExitCode {
    // A reader that went away is no failure of ours.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(Error::Usage(String::new()).exit_code()),
    }
}

fn failed(error: &Error) -> ExitCode {
    if !matches!(error, Error::BrokenPipe) {
        output::complain(&error.to_string());
    }
    ExitCode::from(error.exit_code())
}

/// The arguments after the program's name, as text for the manifest.
fn texts(arguments: &[OsString]) -> Vec<String> {
    arguments.iter().skip(1).map(|a| a.to_string_lossy().into_owned()).collect()
}
