//! Bars on the error output for long work: only where that is a terminal and `--quiet` is not given.

use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

use crate::ingest;
use crate::report::Observer;

/// A bar of the current stage, or nothing at all.
pub(super) struct Bars {
    is_shown: bool,
    bar: Mutex<ProgressBar>,
}

impl Bars {
    /// Shown where the error output is a terminal and `quiet` was not asked for.
    pub(super) fn new(quiet: bool) -> Bars {
        let is_shown = !quiet && std::io::stderr().is_terminal();
        Bars { is_shown, bar: Mutex::new(ProgressBar::hidden()) }
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

    fn done(&self) {
        self.with(|bar| bar.finish_and_clear());
    }
}
