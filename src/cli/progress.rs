//! What is told while an audit runs: bars on the error output where that is a terminal, and examples of rows that
//! cannot be used; nothing with `--quiet`.

use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

use crate::diag::{Diagnostic, Level};
use crate::ingest;
use crate::report::Observer;

use super::output;

/// A bar of the current stage, or nothing at all.
pub(super) struct Bars {
    is_shown: bool,
    is_quiet: bool,
    bar: Mutex<ProgressBar>,
}

impl Bars {
    /// Shown where the error output is a terminal and `quiet` was not asked for.
    pub(super) fn new(quiet: bool) -> Bars {
        let is_shown = !quiet && std::io::stderr().is_terminal();
        Bars { is_shown, is_quiet: quiet, bar: Mutex::new(ProgressBar::hidden()) }
    }

    fn with(&self, work: impl FnOnce(&mut ProgressBar)) {
        if self.is_shown {
            work(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        }
    }
}

impl ingest::Progress for Bars {
    fn bytes(&self, done: u64, total: u64) {
        self.with(|bar| {
            bar.set_length(total);
            bar.set_position(done);
        });
    }
}

impl Observer for Bars {
    fn stage(&self, name: &'static str, total: u64) {
        self.with(|bar| {
            bar.finish_and_clear();
            *bar = ProgressBar::new(total).with_message(name);
            if let Ok(style) = ProgressStyle::with_template("{msg:10} {wide_bar} {percent:>3}% {eta:>4}") {
                bar.set_style(style);
            }
        });
    }

    fn advance(&self, n: u64) {
        self.with(|bar| bar.inc(n));
    }

    fn problem(&self, problem: &Diagnostic) {
        if !self.is_quiet && problem.level == Level::Error {
            self.with(|bar| bar.finish_and_clear());
            output::complain(&format!("{problem}\n"));
        }
    }

    /// Told with `--quiet` too: the numbers may not be what was meant.
    fn warning(&self, warning: &Diagnostic) {
        self.with(|bar| bar.finish_and_clear());
        output::complain(&format!("{warning}\n"));
    }

    fn done(&self) {
        self.with(|bar| bar.finish_and_clear());
    }
}
