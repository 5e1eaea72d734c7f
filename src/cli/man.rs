//! `slaudit man [DIR]`: the manual, a page a command, made from the command line itself.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

use super::output;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder to write the pages to, one a command (`slaudit.1`, `slaudit-audit.1`, …), over those that are there;
    /// without it the page of slaudit itself goes to the standard output
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// `command` is the whole command line.
///
/// # Errors
/// [`Error::Output`] (F402) for a folder that cannot be written.
pub(super) fn run(arguments: &Arguments, command: Command) -> Result<(), Error> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let Some(folder) = &arguments.folder else {
        let text = page(command).and_then(|(_, text)| String::from_utf8(text).map_err(io::Error::other));
        return output::say(&text.map_err(|error| output::failed(&error))?);
    };
    let pages = pages(&command).map_err(|error| output::failed(&error))?;
    std::fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
    for (name, text) in &pages {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| cannot(&path, &error))?;
    }
    output::say(&format!("wrote {} pages to {}\n", pages.len(), folder.display()))
}

type Page = (String, Vec<u8>);

/// The pages of `command` and of every command below it.
fn pages(command: &Command) -> io::Result<Vec<Page>> {
    let mut all = vec![page(command.clone())?];
    for below in command.get_subcommands() {
        all.extend(pages(below)?);
    }
    Ok(all)
}

/// The name of a page and its text in roff.
fn page(command: Command) -> io::Result<Page> {
    let man = Man::new(command).source(concat!("slaudit ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    man.render(&mut text)?;
    Ok((man.get_filename(), text))
}

fn cannot(path: &Path, error: &io::Error) -> Error {
    let shown = path.display();
    let position = Position { path: shown.to_string(), ..Position::default() };
    let diagnostic = Diagnostic::error(codes::F402, format!("cannot write `{shown}`: {error}"));
    Error::Output(diagnostic.at(position).hint("choose a folder that you may write to"))
}
