//! Parquet files to rows.
use crate::codes;
use crate::diag::Diagnostic;
use std::fs::File;

/// Names of the columns.
pub(super) fn header(
    _file: File,
    problem: &dyn Fn(&'static str, String, &str) -> Diagnostic,
) -> Result<Vec<String>, Diagnostic> {
    Err(problem(codes::F302, "Parquet is not read yet".into(), "export as CSV"))
}
