//! Quotes: the `csv` crate as the oracle on well-formed files, our own rule on those that are not, and bytes of
//! any kind.

use proptest::prelude::*;
use slaudit::diag::Error;

use super::build::{attribute, ingest, shown, try_ingest};

/// The cells of attribute `x`, one case a row.
fn cells(csv: &[u8], block_size: usize) -> Vec<Option<String>> {
    attribute(&ingest(csv, |plan| plan.block_size = block_size).history, "x")
}

/// What may stand in the columns of a row, but for its attribute.
const CELLS: [[&str; 8]; 7] = [
    ["1", "a case of more than sixteen bytes", "c2", " c2 ", "", "c4", "zoë", "c4"],
    [
        "2026-01-05T09:00:00Z",
        "2026-01-05 09:00:01z",
        "2026-01-05T09:00:00.5Z",
        "2026-01-05T09:00",
        "2026-01-06T23:59:59+01:00",
        " 2026-02-05T09:00:00Z",
        "2026-02-30T09:00:00Z",
        "",
    ],
    ["opened", "message", "note", "update", " note", "OPENED", "", "other"],
    ["customer", "agent", "system", "", "agent ", "Customer", "agent", "nobody"],
    ["ann", "bob", "", " ann ", "zoë", "a name of more than sixteen bytes", "eight888", "ann"],
    ["New", "Open", "", "Awaiting Customer", "Awaiting Customers", "Resolved", "On Hold ", "Reopened"],
    ["1", "3", "", "9", "3.0", " 3", "0", "x"],
];

proptest! {
    #[test]
    fn well_formed_files_are_split_as_the_csv_crate_splits_them(
        words in prop::collection::vec("[ab\",\n é;]{0,8}", 1..40),
        crlf in any::<bool>(),
        block_size in 1usize..200,
    ) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut out = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
        out.write_record(["case_id", "at", "x"]).unwrap();
        for (i, word) in words.iter().enumerate() {
            out.write_record([format!("{i:04}").as_str(), "2026-01-05T09:00:00Z", word]).unwrap();
        }
        let bytes = out.into_inner().unwrap();
        let expected: Vec<Option<String>> = csv::Reader::from_reader(&bytes[..])
            .records()
            .map(|r| Some(r.unwrap()[2].trim_ascii().to_string()).filter(|w| !w.is_empty()))
            .collect();
        prop_assert_eq!(cells(&bytes, block_size), expected);
    }

    #[test]
    fn any_bytes_add_up_and_blocks_do_not_show(
        bytes in prop::collection::vec(prop_oneof![
            Just(b'"'), Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(b'a'), Just(0), any::<u8>()
        ], 0..400),
        block_size in 1usize..64,
    ) {
        let mut file = b"case_id,at,x\n1,2026-01-05T09:00:00Z,\n".to_vec();
        file.extend(&bytes);
        let whole = ingest(&file, |_| {});
        let cut = ingest(&file, |plan| plan.block_size = block_size);
        prop_assert_eq!(&whole.history, &cut.history);
        for made in [&whole, &cut] {
            let ledger = &made.ledger;
            prop_assert_eq!(ledger.n_read(), ledger.n_used() + ledger.n_duplicate() + ledger.n_rejected());
            prop_assert_eq!(ledger.n_rejected(), ledger.by_code().values().sum::<u64>());
        }
        let rejected = |made: &slaudit::ingest::Ingested| {
            let mut out = Vec::new();
            made.ledger.rejected.write(&mut out).unwrap();
            let text = String::from_utf8_lossy(&out).into_owned();
            // The path of the temporary folder differs.
            text.lines().map(|l| l.split_once(".csv").map_or(l, |p| p.1).to_string()).collect::<Vec<_>>()
        };
        prop_assert_eq!(rejected(&whole), rejected(&cut));
        prop_assert_eq!(&whole.ledger.by_code(), &cut.ledger.by_code());
    }

    #[test]
    fn a_row_is_read_alike_with_a_quote_and_without(
        rows in prop::collection::vec(prop::array::uniform7(0usize..8), 1..120),
        crlf in any::<bool>(),
        block_size in 1usize..4_000,
    ) {
        // A record with a quote goes the long way; one without does only where a word of it was not met before.
        let file = |quote: &str| {
            let mut text = "case_id,at,event,role,actor,status,x,severity".to_string();
            for (i, picks) in rows.iter().enumerate() {
                text += if crlf { "\r\n" } else { "\n" };
                let mut cells: Vec<&str> = CELLS.iter().zip(picks).map(|(cells, i)| cells[*i]).collect();
                let value = format!("{quote}x{}{quote}", i % 7);
                cells.insert(6, &value);
                text += &cells.join(",");
            }
            ingest(text + "\n", |plan| plan.block_size = block_size)
        };
        let (plain, quoted) = (file(""), file("\""));
        prop_assert_eq!(shown(&plain.history), shown(&quoted.history));
        prop_assert_eq!(attribute(&plain.history, "x"), attribute(&quoted.history, "x"));
        prop_assert_eq!(plain.ledger.by_code(), quoted.ledger.by_code());
        for event in 0..rows.len() {
            let line = |made: &slaudit::ingest::Ingested| made.places.of(event).map(|place| place.line);
            prop_assert_eq!(line(&plain), line(&quoted));
        }
    }

    #[test]
    fn a_file_of_any_bytes_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        match try_ingest(&bytes, |plan| plan.block_size = 7) {
            Ok(_) | Err(Error::Input(_)) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}

#[test]
fn an_unclosed_quote_costs_its_own_line_only() {
    let made = ingest(
        "case_id,at,x\na,2026-01-05T09:00:00Z,\"oops\nb,2026-01-05T09:00:00Z,two\nc,2026-01-05T09:00:00Z,\"three\"\n\
         d,2026-01-05T09:00:00Z,\"fo\nur\"\n",
        |_| {},
    );
    assert_eq!(
        attribute(&made.history, "x"),
        [Some("two".into()), Some("three".into()), Some("fo\nur".to_string())]
    );
    assert_eq!((made.ledger.n_read(), made.ledger.n_rejected()), (4, 1));
    assert_eq!(made.places.of(2).map(|p| p.line), Some(5));
    let last = ingest(
        "case_id,at,x\na,2026-01-05T09:00:00Z,1\nb,2026-01-05T09:00:00Z,\"oops\nc,2026-01-05T09:00:00Z,3\n",
        |_| {},
    );
    assert_eq!((last.ledger.n_used(), last.ledger.n_rejected()), (2, 1));
}

#[test]
fn lines_without_end_and_rows_without_end_are_bounded() {
    let mut file = b"case_id,at,x\na,2026-01-05T09:00:00Z,1\n".to_vec();
    file.extend(std::iter::repeat_n(b'z', 40 << 20));
    file.extend(b"\nb,2026-01-05T09:00:00Z,2\n");
    let made = ingest(&file, |_| {});
    assert_eq!((made.ledger.n_used(), made.ledger.n_rejected()), (2, 1));
    assert_eq!(made.places.of_case(&made.history, 1, 0).map(|p| p.line), Some(4));
    // Every newline stands inside quotes: a row that never ends, cut off after 16 MiB and read line by line.
    let mut file = b"case_id,at,x\na,2026-01-05T09:00:00Z,1\n\"".to_vec();
    file.extend(b"x\",\"y\n".repeat(6 << 20));
    let made = ingest(&file, |_| {});
    assert_eq!(made.ledger.n_used(), 1);
    assert_eq!(made.ledger.n_read(), made.ledger.n_rejected() + 1);
}

#[test]
fn byte_order_mark_crlf_blanks_and_empty_lines() {
    let made = ingest(
        "\u{FEFF}\"case_id\" , at ,x\r\n\r\n a , 2026-01-05T09:00:00Z , 1 \r\n\r\n\r\nb,2026-01-05T09:00:00Z,\"2\"\r\n",
        |_| {},
    );
    assert_eq!(shown(&made.history).len(), 2);
    assert_eq!(attribute(&made.history, "x"), [Some("1".into()), Some("2".to_string())]);
    assert_eq!((made.ledger.n_read(), made.places.of(1).map(|p| p.line)), (2, Some(6)));
}
