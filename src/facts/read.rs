//! Fact tables back from Parquet, only the columns asked for, row groups in parallel and in order.

use std::fs::File;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use rayon::prelude::*;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::ingest::check_depth;

/// The columns of the Parquet file at `path`, in order, with their types.
///
/// # Errors
/// [`Error::Input`] (F301) where it cannot be read as Parquet.
pub fn schema(path: &Path) -> Result<SchemaRef, Error> {
    let open = || -> Result<SchemaRef, ParquetError> { Ok(metadata(path)?.schema().clone()) };
    open().map_err(|e| cannot_read(path, &e))
}

/// The names of the columns of the Parquet file at `path`, in order.
///
/// # Errors
/// [`Error::Input`] (F301) where it cannot be read as Parquet.
pub fn column_names(path: &Path) -> Result<Vec<String>, Error> {
    Ok(schema(path)?.fields().iter().map(|f| f.name().clone()).collect())
}

/// The columns `columns` of the Parquet file at `path`, in the file's order, one batch or more a row group.
///
/// # Errors
/// [`Error::Input`] (F301) where it cannot be read as Parquet.
pub fn read(path: &Path, columns: &[String]) -> Result<Vec<RecordBatch>, Error> {
    read_as(path, columns, |batch| batch)
}

/// What `make` makes of each batch of [`read`], in their order; no batch outlives its making.
///
/// # Errors
/// [`Error::Input`] (F301) where it cannot be read as Parquet.
pub fn read_as<T: Send>(
    path: &Path,
    columns: &[String],
    make: impl Fn(RecordBatch) -> T + Sync,
) -> Result<Vec<T>, Error> {
    let load = || -> Result<Vec<T>, ParquetError> {
        let metadata = metadata(path)?;
        let of_group = |group| -> Result<Vec<T>, ParquetError> {
            let batches = read_group(path, &metadata, columns, group)?;
            Ok(batches.into_iter().map(&make).collect())
        };
        let groups = 0..metadata.metadata().num_row_groups();
        let groups: Result<Vec<Vec<T>>, ParquetError> = groups.into_par_iter().map(of_group).collect();
        Ok(groups?.into_iter().flatten().collect())
    };
    load().map_err(|e| cannot_read(path, &e))
}

/// The footer. A report may come from elsewhere, to be compared with.
fn metadata(path: &Path) -> Result<ArrowReaderMetadata, ParquetError> {
    let file = File::open(path)?;
    check_depth(&file)?;
    ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
}

fn read_group(
    path: &Path,
    metadata: &ArrowReaderMetadata,
    columns: &[String],
    group: usize,
) -> Result<Vec<RecordBatch>, ParquetError> {
    let names = columns.iter().map(String::as_str);
    let mask = ProjectionMask::columns(metadata.parquet_schema(), names);
    let n_rows = metadata.metadata().row_group(group).num_rows();
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(path)?, metadata.clone())
        .with_projection(mask)
        .with_row_groups(vec![group])
        .with_batch_size(usize::try_from(n_rows).unwrap_or(1).max(1))
        .build()?;
    reader.map(|batch| batch.map_err(ParquetError::from)).collect()
}

fn cannot_read(path: &Path, error: &ParquetError) -> Error {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    Error::Input(vec![
        Diagnostic::error(codes::F301, format!("cannot be read as Parquet: {error}")).at(position),
    ])
}
