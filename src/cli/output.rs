//! Writing to the two outputs of the process, and nothing else.

use std::io::{self, Write};

use crate::codes;
use crate::diag::{Diagnostic, Error};

/// Writes `text` to the standard output.
///
/// # Errors
/// [`Error::BrokenPipe`] where the reader went away, [`Error::Output`] (F402) for anything else.
pub(super) fn say(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| failed(&e))
}

/// Writes a message to the error output, unless all was said already; where that is gone, nobody is left to tell.
pub(super) fn complain(message: &str) {
    if message.is_empty() {
        return;
    }
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// What a failure of the standard output means.
pub(super) fn failed(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::BrokenPipe,
        _ => Error::Output(Diagnostic::error(
            codes::F402,
            format!("cannot write to the standard output: {error}"),
        )),
    }
}
