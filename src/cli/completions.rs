//! `slaudit completions SHELL`: the script from which a shell completes our commands.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::diag::Error;

use super::output;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// `command` is the whole command line.
pub(super) fn run(arguments: &Arguments, mut command: Command) -> Result<(), Error> {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    output::say(&String::from_utf8_lossy(&script))
}
