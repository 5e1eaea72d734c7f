//! What a build without the feature `pdf` says when it is asked for a PDF. Not a writer.

use crate::diag::Error;

use super::super::document::Report;
use super::super::theme::Theme;

/// # Errors
/// [`Error::Usage`], always.
pub(in crate::report) fn ready(_: &Theme) -> Result<(), Error> {
    Err(Error::Usage(
        "`--pdf` is not in this build of slaudit\nhint: build it with `cargo build --release --features pdf`, or print \
         `report.html` to a file"
            .to_owned(),
    ))
}

/// # Errors
/// [`Error::Usage`], always.
pub(in crate::report) fn pdf(report: &Report) -> Result<Vec<u8>, Error> {
    ready(&report.theme).map(|()| Vec::new())
}
