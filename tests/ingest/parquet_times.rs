//! Numbers and days as times in Parquet, where the profile says so: the same as the same words in CSV. And of several row
//! groups that cannot be read always the first is told of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::{folder, shown};

/// Seconds since 1970; the second is nobody's midnight.
const SECONDS: [i64; 3] = [1_772_409_600, 1_772_445_630, 1_772_496_000];

fn profile(timestamps: &str) -> Profile {
    let text = format!(
        "timezone = \"Europe/Rome\"\n[[table]]\nshape = \"events\"\ntimestamps = {timestamps}\n\
         columns = {{ case_id = \"case\", at = \"at\", event = \"event\" }}\n\
         [[table]]\nname = \"of_cases\"\nshape = \"cases\"\nfiles = [\"cases*\"]\ntimestamps = {timestamps}\n\
         columns = {{ case_id = \"case\", at = \"at\" }}\n\
         milestones = [{{ column = \"at\", event = \"message\", role = \"agent\" }}]\n"
    );
    Profile::parse(&text, "p.toml").unwrap()
}

fn written(path: &Path, at: ArrayRef) {
    let words = |all: [&str; 3]| Arc::new(StringArray::from(all.to_vec())) as ArrayRef;
    let columns =
        [("case", words(["a", "a", "b"])), ("at", at), ("event", words(["opened", "message", "opened"]))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn of(path: PathBuf, profile: Profile) -> Result<Ingested, slaudit::diag::Error> {
    read(&Plan { max_rejected: 1.0, ..Plan::new(vec![path], profile) }, &Silent)
}

/// The rows with `texts` as times in CSV, and the same with `arrays`.
fn agree(timestamps: &str, texts: [&str; 3], arrays: &[ArrayRef]) {
    let rows = [("a", "opened"), ("a", "message"), ("b", "opened")];
    let lines = rows.iter().zip(texts).map(|((case, event), at)| format!("{case},{at},{event}\n"));
    let csv = format!("case,at,event\n{}", lines.collect::<String>());
    for kind in ["events", "cases"] {
        let (folder, paths) = folder(&[(format!("{kind}.csv").as_str(), csv.as_bytes())]);
        let expected = of(paths[0].clone(), profile(timestamps)).unwrap();
        assert_eq!(expected.ledger.n_rejected(), 0, "{timestamps}");
        for array in arrays {
            let path = folder.path().join(format!("{kind}.parquet"));
            written(&path, array.clone());
            let made = of(path, profile(timestamps)).unwrap();
            let what = format!("{timestamps}, {}, {kind}", array.data_type());
            assert_eq!(shown(&made.history), shown(&expected.history), "{what}");
            assert_eq!(made.ledger.n_rejected(), 0, "{what}");
        }
    }
}

fn as_each(array: &ArrayRef, kinds: &[DataType]) -> Vec<ArrayRef> {
    let plain = |kind: &DataType| match kind {
        DataType::Dictionary(_, kind) => cast(array, kind).unwrap(),
        kind => cast(array, kind).unwrap(),
    };
    kinds.iter().map(|kind| cast(&plain(kind), kind).unwrap()).collect()
}

fn dictionary_of(kind: DataType) -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(kind))
}

#[test]
fn numbers_are_times_where_a_pattern_reads_them() {
    use DataType::{Decimal128, Float64, Int32, Int64, UInt32, UInt64, Utf8};
    let numbers = |all: Vec<i64>| Arc::new(Int64Array::from(all)) as ArrayRef;
    let text = |factor: i64| SECONDS.map(|second| (second * factor).to_string());
    let words = text(1);
    let kinds = [
        Int64,
        Int32,
        UInt32,
        UInt64,
        Float64,
        Decimal128(20, 0),
        Decimal128(20, 2),
        Utf8,
        dictionary_of(Int64),
    ];
    let seconds = as_each(&numbers(SECONDS.to_vec()), &kinds);
    agree("\"%s\"", [&words[0], &words[1], &words[2]], &seconds);
    let words = text(1_000);
    let kinds = [Int64, UInt64, Float64, Decimal128(20, 0)];
    let millis = as_each(&numbers(SECONDS.map(|second| second * 1_000).to_vec()), &kinds);
    agree("\"epoch_ms\"", [&words[0], &words[1], &words[2]], &millis);
    let days = as_each(&numbers(vec![20_260_302, 20_260_303, 20_260_331]), &[Int64, Int32, Float64]);
    agree("[\"%Y%m%d\"]", ["20260302", "20260303", "20260331"], &days);
}

#[test]
fn parts_of_a_second_stay() {
    let floats: ArrayRef =
        Arc::new(arrow::array::Float64Array::from(vec![1_772_409_600.25, 1_772_409_601.5, 1.0]));
    agree("\"%s\"", ["1772409600.25", "1772409601.5", "1"], &[floats]);
}

#[test]
fn a_day_is_its_midnight_where_a_pattern_is_a_day() {
    let seconds = [SECONDS[0], SECONDS[2], SECONDS[2]];
    let stamps: ArrayRef =
        Arc::new(TimestampMillisecondArray::from_iter_values(seconds.iter().map(|s| s * 1_000)));
    let kinds = [
        DataType::Date32,
        DataType::Date64,
        dictionary_of(DataType::Date32),
        DataType::Timestamp(TimeUnit::Second, None),
    ];
    // Whatever the order in which the text has its parts: a day of the file's own has none.
    agree("\"%Y-%m-%d\"", ["2026-03-02", "2026-03-03", "2026-03-03"], &as_each(&stamps, &kinds));
    agree("\"%d/%m/%Y\"", ["02/03/2026", "03/03/2026", "03/03/2026"], &as_each(&stamps, &kinds));
}

#[test]
fn nothing_is_a_time_unless_the_profile_says_so() {
    let (folder, _) = folder(&[]);
    let path = folder.path().join("events.parquet");
    let numbers: ArrayRef = Arc::new(Int64Array::from(SECONDS.to_vec()));
    let said = |array: ArrayRef, timestamps: &str| {
        written(&path, array);
        of(path.clone(), profile(timestamps)).unwrap_err().to_string()
    };
    let number = said(numbers.clone(), "\"canonical\"");
    assert!(number.contains("F303") && number.contains("`at` is of type Int64"), "{number}");
    assert!(number.contains("--set events.timestamps=%s") && number.contains("epoch_ms"), "{number}");
    let day = said(
        cast(&cast(&numbers, &DataType::Timestamp(TimeUnit::Second, None)).unwrap(), &DataType::Date32)
            .unwrap(),
        "\"%s\"",
    );
    assert!(day.contains("of type date") && day.contains("--set events.timestamps=%Y-%m-%d"), "{day}");
    let clock = cast(&Int64Array::from(vec![1, 2, 3]), &DataType::Time64(TimeUnit::Microsecond)).unwrap();
    let clock = said(clock, "\"%s\"");
    assert!(clock.contains("of type Time64") && clock.contains("expected timestamps or text"), "{clock}");
}

/// Where the pages of each row group begin.
fn pages(path: &Path) -> Vec<usize> {
    let file = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
    let groups = file.metadata().row_groups();
    groups
        .iter()
        .map(|group| {
            group.column(0).dictionary_page_offset().unwrap_or(group.column(0).data_page_offset()) as usize
        })
        .collect()
}

#[test]
fn of_broken_row_groups_the_first_is_told_of() {
    let (folder, _) = folder(&[]);
    let path = folder.path().join("events.parquet");
    let n = 40_000;
    let words =
        |word: fn(i64) -> String| Arc::new(StringArray::from_iter_values((0..n).map(word))) as ArrayRef;
    let columns = [
        ("case_id", words(|i| format!("case {i}"))),
        ("at", words(|i| format!("2026-01-05T{:02}:{:02}:00Z", i / 60 % 24, i % 60))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(2_000)).build();
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), Some(properties))
            .unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let (mut bytes, pages) = (std::fs::read(&path).unwrap(), pages(&path));
    assert_eq!(pages.len(), 20);
    for group in [4, 5, 6, 11, 19] {
        bytes[pages[group]..pages[group] + 64].fill(0xEE);
    }
    std::fs::write(&path, bytes).unwrap();
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for _ in 0..20 {
            let made = pool.install(|| of(path.clone(), Profile::named("canonical").unwrap()));
            let said = made.unwrap_err().to_string();
            assert!(said.contains("row group 5 cannot be read"), "{threads} threads: {said}");
        }
    }
}
