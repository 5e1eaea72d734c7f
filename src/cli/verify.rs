//! `slaudit verify DIR`.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::diag::{Error, printable};
use crate::report::{self, Hashed, State, Verified, hash_folder, recorded, verify};
use crate::zones;

use super::progress::Bars;
use super::{audit, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder of a report
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Make the report again from the same command, and compare its files byte by byte
    #[arg(long)]
    replay: bool,
    /// No progress bars
    #[arg(long)]
    quiet: bool,
}

/// `again` parses the arguments of an audit as the command line does.
pub(super) fn run(
    arguments: &Arguments,
    again: &dyn Fn(&[String]) -> Result<audit::Arguments, Error>,
) -> Result<(), Error> {
    let zone_folder = recorded(&arguments.folder)?.zone_folder;
    if let Some(folder) = zone_folder.filter(|_| arguments.replay && zones::release().folder.is_none()) {
        super::zone_data(folder.as_ref())?;
    }
    let (recorded, mut all) = verify(&arguments.folder)?;
    if arguments.replay {
        all.extend(replayed(arguments, &recorded.command, &recorded.outputs, again)?);
    }
    let mut text = String::new();
    for one in all.iter().filter(|one| one.state != State::Unchanged) {
        let _ = writeln!(text, "{:<10}{:<9}{}", one.state.word(), one.part, printable(&one.path));
    }
    let n = all.iter().filter(|one| one.state == State::Unchanged).count();
    let _ = writeln!(text, "{n} of {} files unchanged", all.len());
    let own = env!("CARGO_PKG_VERSION");
    if recorded.version != own {
        let _ = writeln!(text, "made by slaudit {}, this is {own}", printable(&recorded.version));
    }
    let own = zones::release().name;
    if !recorded.zone_data.is_empty() && recorded.zone_data != own {
        let _ = writeln!(
            text,
            "made with time-zone data {}, this has {own}: --tzdb takes the files of another release",
            printable(&recorded.zone_data)
        );
    }
    if !recorded.complete {
        text.push_str("this report holds the row ledger only: too many rows were rejected\n");
    }
    output::say(&text)?;
    if n == all.len() { Ok(()) } else { Err(Error::Failed("the report is not as it was made".to_owned())) }
}

/// The same audit into a folder of its own, its files against those recorded.
fn replayed(
    arguments: &Arguments,
    command: &[String],
    recorded: &[Hashed],
    again: &dyn Fn(&[String]) -> Result<audit::Arguments, Error>,
) -> Result<Vec<Verified>, Error> {
    let cannot = |e: std::io::Error| Error::Usage(format!("no temporary folder to make the report in: {e}"));
    let parent = tempfile::tempdir().map_err(cannot)?;
    let out = parent.path().join("report");
    let mut plan = audit::resolve(again(command)?, command.to_vec())?;
    plan.out.clone_from(&out);
    report::audit(&plan, &Bars::new(arguments.quiet))?;
    let made = hash_folder(&out).map_err(cannot)?;
    let mut all = report::outputs(recorded, &made);
    all.iter_mut().for_each(|one| one.part = "again");
    Ok(all)
}
