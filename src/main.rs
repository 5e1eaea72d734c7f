//! Arguments, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    slaudit::cli::run(std::env::args_os())
}
