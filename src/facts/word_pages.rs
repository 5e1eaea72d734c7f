//! One column of words in one row group, as Parquet pages. Arrow's own writer takes each row's word out of the dictionary
//! and looks it up in another one, which was a third of the time of encoding; here the keys are numbered anew and written.
//! The words that occur, in order of their first row, are one page, the rows another. Knows no table.

use arrow::array::{Array, DictionaryArray, StringArray};
use arrow::datatypes::Int32Type;
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, EncodingMask, PageType, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::page_index::offset_index::{OffsetIndexMetaData, PageLocation};
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use super::hybrid;

/// The pages of one column of one row group.
pub(super) struct Pages {
    bytes: Bytes,
    close: ColumnCloseResult,
}

impl Pages {
    /// Writes them as the next column of `group`.
    ///
    /// # Errors
    /// Those of the file.
    pub(super) fn append_to<W: std::io::Write + Send>(
        self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        group.append_column(&self.bytes, self.close)
    }
}

/// Makes pages, compressed by zstd at one level.
pub(super) struct PageMaker {
    compressor: Compressor<'static>,
    level: ZstdLevel,
}

impl PageMaker {
    /// # Errors
    /// Where there is no memory for the compressor.
    pub(super) fn new(level: ZstdLevel) -> Result<PageMaker, ParquetError> {
        Ok(PageMaker { compressor: Compressor::new(level.compression_level())?, level })
    }

    /// The pages of `rows`, which are the column `column`.
    ///
    /// # Errors
    /// More bytes of words than a page can have, 2 GiB.
    pub(super) fn pages(
        &mut self,
        column: &ColumnDescPtr,
        rows: &DictionaryArray<Int32Type>,
    ) -> Result<Pages, ParquetError> {
        let numbered = Numbered::new(rows);
        let words = plain(rows, &numbered.used);
        let keys = keys(rows, &numbered, column.max_def_level() > 0);
        let mut sink = TrackedWrite::new(Vec::new());
        let mut writer = SerializedPageWriter::new(&mut sink);
        let page = Page::DictionaryPage {
            buf: self.compressor.compress(&words)?.into(),
            num_values: numbered.used.len() as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        let words = writer.write_page(CompressedPage::new(page, words.len()))?;
        let page = Page::DataPage {
            buf: self.compressor.compress(&keys)?.into(),
            num_values: rows.len() as u32,
            encoding: Encoding::RLE_DICTIONARY,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let keys = writer.write_page(CompressedPage::new(page, keys.len()))?;
        let close = closed(column, Compression::ZSTD(self.level), &words, &keys)?;
        Ok(Pages { bytes: sink.into_inner()?.into(), close })
    }
}

/// Keys by the words that occur.
struct Numbered {
    /// Keys of the column's dictionary that occur, in order of their first row.
    used: Vec<u32>,
    /// Of each row that is not missing, its key's place among them.
    numbers: Vec<u32>,
}

impl Numbered {
    fn new(rows: &DictionaryArray<Int32Type>) -> Numbered {
        let mut used = Vec::new();
        // One more than the number; 0: none yet.
        let mut known = vec![0_u32; rows.values().len()];
        let mut number = |key: i32| {
            let known = &mut known[key as usize];
            if *known == 0 {
                used.push(key as u32);
                *known = used.len() as u32;
            }
            *known - 1
        };
        let keys = rows.keys().values();
        let mut numbers = Vec::with_capacity(rows.len());
        match rows.nulls() {
            None => numbers.extend(keys.iter().map(|&key| number(key))),
            Some(nulls) => nulls
                .valid_slices()
                .for_each(|(from, to)| numbers.extend(keys[from..to].iter().map(|&key| number(key)))),
        }
        Numbered { used, numbers }
    }
}

/// The words `used`, each after its length.
fn plain(rows: &DictionaryArray<Int32Type>, used: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(words) = rows.values().as_any().downcast_ref::<StringArray>() {
        for &key in used {
            let word = words.value(key as usize);
            bytes.extend_from_slice(&(word.len() as u32).to_le_bytes());
            bytes.extend_from_slice(word.as_bytes());
        }
    }
    bytes
}

/// Which rows are there, where some may be missing, and the numbers of those that are.
fn keys(rows: &DictionaryArray<Int32Type>, numbered: &Numbered, may_miss: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    if may_miss {
        bytes.extend_from_slice(&[0; 4]);
        match rows.nulls() {
            None => hybrid::append_run(1, rows.len(), 1, &mut bytes),
            Some(nulls) => hybrid::append_bits(&nulls.inner().sliced(), rows.len(), &mut bytes),
        }
        let length = (bytes.len() - 4) as u32;
        bytes[..4].copy_from_slice(&length.to_le_bytes());
    }
    let width = hybrid::width(numbered.used.len().saturating_sub(1));
    bytes.push(width as u8);
    hybrid::append(&numbered.numbers, width, &mut bytes);
    bytes
}

/// What the file's end says of the column.
fn closed(
    column: &ColumnDescPtr,
    compression: Compression,
    words: &PageWriteSpec,
    keys: &PageWriteSpec,
) -> Result<ColumnCloseResult, ParquetError> {
    let encodings = [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY];
    let page = |page_type, encoding| PageEncodingStats { page_type, encoding, count: 1 };
    let both = |size: fn(&PageWriteSpec) -> usize| (size(words) + size(keys)) as i64;
    let metadata = ColumnChunkMetaData::builder(column.clone())
        .set_compression(compression)
        .set_encodings_mask(EncodingMask::new_from_encodings(encodings.iter()))
        .set_page_encoding_stats(vec![
            page(PageType::DICTIONARY_PAGE, Encoding::PLAIN),
            page(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY),
        ])
        .set_total_compressed_size(both(|page| page.compressed_size))
        .set_total_uncompressed_size(both(|page| page.uncompressed_size))
        .set_num_values(i64::from(keys.num_values))
        .set_dictionary_page_offset(Some(words.offset as i64))
        .set_data_page_offset(keys.offset as i64)
        .build()?;
    let location = PageLocation {
        offset: keys.offset as i64,
        compressed_page_size: keys.compressed_size as i32,
        first_row_index: 0,
    };
    let offset_index =
        OffsetIndexMetaData { page_locations: vec![location], unencoded_byte_array_data_bytes: None };
    Ok(ColumnCloseResult {
        bytes_written: words.bytes_written + keys.bytes_written,
        rows_written: u64::from(keys.num_values),
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: Some(offset_index),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, RecordBatch, StringArray};
    use arrow::datatypes::{Field, Int32Type, Schema};
    use parquet::arrow::ArrowWriter;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use parquet::basic::ZstdLevel;

    use super::PageMaker;

    /// A column of `words` that is made of `rows`, written and read again.
    fn round_trip(words: &[String], rows: &[Option<i32>], may_miss: bool) -> Vec<Option<String>> {
        let keys = rows.iter().copied().collect();
        let array = DictionaryArray::<Int32Type>::new(keys, Arc::new(StringArray::from(words.to_vec())));
        let field = Field::new("word", array.data_type().clone(), may_miss);
        let schema = Arc::new(Schema::new(vec![field]));
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), None).expect("a writer");
        let (mut writer, _) = writer.into_serialized_writer().expect("a file");
        let column = writer.schema_descr().column(0);
        let mut maker = PageMaker::new(ZstdLevel::default()).expect("a compressor");
        // Twice: the second row group stands behind the first.
        for _ in 0..2 {
            let pages = maker.pages(&column, &array).expect("pages");
            let mut group = writer.next_row_group().expect("a row group");
            pages.append_to(&mut group).expect("to append");
            group.close().expect("to close");
        }
        let bytes = bytes::Bytes::from(writer.into_inner().expect("a file"));
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).expect("a Parquet file");
        let batches: Vec<RecordBatch> = reader
            .with_batch_size(rows.len().max(1))
            .build()
            .expect("a reader")
            .map(Result::unwrap)
            .collect();
        let text = |array: &ArrayRef| -> Vec<Option<String>> {
            let plain = arrow::compute::cast(array, &arrow::datatypes::DataType::Utf8).expect("text");
            plain.as_string::<i32>().iter().map(|word| word.map(str::to_owned)).collect()
        };
        let groups: Vec<Vec<Option<String>>> = batches.iter().map(|batch| text(batch.column(0))).collect();
        let [first, second] = &groups[..] else { panic!("{} row groups", groups.len()) };
        assert_eq!(first, second);
        first.clone()
    }

    #[test]
    fn what_is_written_is_read_again() {
        for n_words in [1, 2, 3, 5, 200, 300, 70_000] {
            let words: Vec<String> = (0..n_words).map(|i| "w".repeat(i % 3) + &i.to_string()).collect();
            for n_rows in [1, 7, 8, 9, 1_000, 100_003] {
                for each in [1, 3, 40] {
                    let key = |row: usize| Some((row / each * 7_919 % n_words) as i32);
                    let all: Vec<Option<i32>> = (0..n_rows).map(key).collect();
                    let some: Vec<Option<i32>> =
                        (0..n_rows).map(|row| key(row).filter(|_| row % 5 != 2)).collect();
                    for (rows, may_miss) in [(&all, false), (&all, true), (&some, true)] {
                        let expected: Vec<Option<String>> =
                            rows.iter().map(|key| key.map(|key| words[key as usize].clone())).collect();
                        let found = round_trip(&words, rows, may_miss);
                        assert!(found == expected, "{n_words} words, {n_rows} rows, {each}, {may_miss}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_column_without_a_word_is_all_missing() {
        assert_eq!(round_trip(&[], &[None; 20], true), vec![None; 20]);
        assert_eq!(round_trip(&[String::new()], &[Some(0), None], true), [Some(String::new()), None]);
    }
}
