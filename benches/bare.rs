//! The bare yardsticks: what reading a file, or writing the same facts, costs without any meaning.
//!
//! ```text
//! bare decode FILE.parquet [THREADS]   every column that an audit reads, strings kept as dictionaries, dropped
//! bare scan FILE.csv [THREADS]         every record split into its fields, each field's length added up
//! bare encode FACTS OUT [THREADS]      the fact tables of FACTS as they are written by an audit, from memory to OUT
//! bare read FILE [THREADS]             slaudit's own reading, up to the history, without any replay
//! ```
//!
//! `decode`, `scan` and `read` are measured as whole processes; `encode` prints the seconds of the encoding alone, with
//! the tables in memory before. Not a part of slaudit: `benches/run.py` runs it.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use rayon::prelude::*;
use slaudit::facts;
use slaudit::ingest::{self, Attributes, Plan, Profile, Silent};

/// Rows decoded at a time, as in an audit.
const BATCH: usize = 1 << 16;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (words, threads) = match words.split_last() {
        Some((last, rest)) if last.parse::<usize>().is_ok() => (rest, last.parse().unwrap()),
        _ => (&words[..], 0),
    };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().unwrap();
    match words {
        ["decode", file] => println!("{} rows", decode(Path::new(file))),
        ["scan", file] => {
            let (records, bytes) = scan(Path::new(file));
            println!("{records} records, {bytes} bytes in fields");
        }
        ["read", file] => println!("{} cases", read(Path::new(file))),
        ["encode", facts, out] => println!("{:.6}", encode(Path::new(facts), Path::new(out))),
        // `cargo bench` runs every bench without arguments: there is nothing to measure then.
        _ => println!("bare decode FILE.parquet | scan FILE.csv | encode FACTS OUT | read FILE [THREADS]"),
    }
}

/// How many rows.
fn decode(path: &Path) -> usize {
    let plain = ArrowReaderMetadata::load(&File::open(path).unwrap(), ArrowReaderOptions::new()).unwrap();
    let words = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let fields = plain.schema().fields().iter().map(|field| {
        let kind = if field.data_type() == &DataType::Utf8 { &words } else { field.data_type() };
        Field::new(field.name(), kind.clone(), field.is_nullable())
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let options = ArrowReaderOptions::new().with_schema(schema);
    let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options).unwrap();
    let group = |group: usize| -> usize {
        let file = File::open(path).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
        let columns = reader.parquet_schema().columns().iter().map(|column| column.name().to_owned());
        // What `audit --summary` reads under a policy without a scope.
        let read = ["case_id", "at", "event", "role", "actor", "status", "severity"];
        let wanted: Vec<String> = columns.filter(|name| read.contains(&name.as_str())).collect();
        let mask = parquet::arrow::ProjectionMask::columns(
            reader.parquet_schema(),
            wanted.iter().map(String::as_str),
        );
        let reader = reader.with_projection(mask).with_row_groups(vec![group]).with_batch_size(BATCH);
        reader.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum()
    };
    (0..metadata.metadata().num_row_groups()).into_par_iter().map(group).sum()
}

/// Records, and bytes in their fields.
fn scan(path: &Path) -> (u64, u64) {
    let open = || simd_csv::SeekerBuilder::new().from_reader(File::open(path).unwrap()).unwrap().unwrap();
    let segments = open().segments(rayon::current_num_threads()).unwrap();
    let segment = |(from, to): (u64, u64)| {
        let mut file = File::open(path).unwrap();
        file.seek(SeekFrom::Start(from)).unwrap();
        let mut builder = simd_csv::ZeroCopyReaderBuilder::with_capacity(1 << 20);
        let mut reader = builder.has_headers(false).flexible(true).from_reader(file.take(to - from));
        let (mut records, mut bytes) = (0, 0);
        while let Some(record) = reader.read_byte_record().unwrap() {
            records += 1;
            bytes += record.iter().map(|field| field.len() as u64).sum::<u64>();
        }
        (records, bytes)
    };
    segments.into_par_iter().map(segment).reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

/// How many cases: what a summary does before it replays.
fn read(path: &Path) -> usize {
    let plan = Plan::new(vec![path.to_owned()], Profile::named("canonical").unwrap());
    ingest::read(&Plan { attributes: Attributes::None, ..plan }, &Silent).unwrap().history.n_cases()
}

/// Seconds of the encoding, row group by row group on all threads.
fn encode(facts: &Path, out: &Path) -> f64 {
    let read = |table: &facts::Table| -> Vec<(String, RecordBatch)> {
        let path = facts.join(format!("{}.parquet", table.name));
        let batches = facts::read(&path, &facts::column_names(&path).unwrap()).unwrap();
        batches.into_iter().map(|batch| (table.name.to_owned(), batch)).collect()
    };
    let groups: Vec<(String, RecordBatch)> = facts::TABLES.iter().flat_map(read).collect();
    fs::create_dir_all(out).unwrap();
    let clock = Instant::now();
    groups.par_iter().enumerate().for_each(|(i, (name, batch))| {
        let file = File::create(out.join(format!("{name}-{i}.parquet"))).unwrap();
        let properties = Some(facts::writer_properties(&batch.schema()));
        let mut writer = ArrowWriter::try_new(file, batch.schema(), properties).unwrap();
        writer.write(batch).unwrap();
        writer.close().unwrap();
    });
    clock.elapsed().as_secs_f64()
}
