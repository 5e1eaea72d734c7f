//! Files as they come: packed, cut short, far too large, in other encodings.

use std::io::Write;

use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::folder;

const ROWS: &str = "case_id,at,event,role,actor\n\
                    1,2026-01-05T09:00Z,opened,customer,Zoë\n\
                    1,2026-01-05T09:10Z,message,agent,Ann\n";

const DECLARED: &str = "[[table]]\nshape = \"events\"\nencoding = \"windows-1252\"\n\
    columns = { case_id = \"case_id\", at = \"at\", event = \"event\", role = \"role\", actor = \"actor\" }\n";

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text).unwrap();
    out.finish().unwrap()
}

fn ingest(bytes: &[u8], profile: Profile) -> Result<Ingested, String> {
    let (_folder, paths) = folder(&[("a.csv", bytes)]);
    let plan = Plan { max_rejected: 1.0, hash_inputs: true, ..Plan::new(paths, profile) };
    read(&plan, &Silent).map_err(|error| format!("{error:?}"))
}

fn plain() -> Profile {
    Profile::named("canonical").unwrap()
}

fn utf16(unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{ROWS}").encode_utf16().flat_map(unit).collect()
}

#[test]
fn packed_and_marked_files_give_what_the_plain_one_gives() {
    let expected = ingest(ROWS.as_bytes(), plain()).unwrap();
    let (one, two) = ROWS.as_bytes().split_at(60);
    let packed = [
        gzip(ROWS.as_bytes()),
        [gzip(one), gzip(two)].concat(),
        // Tapes and blocks are filled up with zeros.
        [gzip(one), gzip(two), vec![0; 70_000]].concat(),
        zstd::encode_all(ROWS.as_bytes(), 3).unwrap(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        gzip(&utf16(u16::to_le_bytes)),
    ];
    for (i, bytes) in packed.iter().enumerate() {
        let made = ingest(bytes, plain()).unwrap();
        assert_eq!(made.history.events, expected.history.events, "{i}");
        assert_eq!(made.history.actors, expected.history.actors, "{i}");
        assert!(made.ledger.files[0].sha256.is_some());
        assert_ne!(made.ledger.files[0].sha256, expected.ledger.files[0].sha256, "of the file as it lies");
    }
}

/// PowerShell writes UTF-16 with a mark, other tools without one. JSON begins with a bracket: without a mark too it shows
/// how it is written.
#[test]
fn json_of_two_bytes_a_character_is_read() {
    let rows = [
        r#"{"case_id":"1","at":"2026-01-05T09:00Z","event":"opened","role":"customer","actor":"Zo\u00eb \ud83d\ude00"}"#,
        r#"{"case_id":"1","at":"2026-01-05T09:10Z","event":"message","role":"agent","actor":"Änn 😀"}"#,
    ];
    let forms = [rows.join("\r\n"), format!("[\r\n{}]", rows.join(",\n")), format!("[{}]", rows.join(","))];
    let expected = ingest(rows.join("\n").as_bytes(), plain()).unwrap();
    assert_eq!(expected.ledger.n_used(), 2);
    let declared = |name: &str| {
        let text = DECLARED.replace("windows-1252", name);
        Profile::parse(&text, "mine.toml").unwrap()
    };
    for form in &forms {
        for (unit, name) in
            [(u16::to_le_bytes as fn(u16) -> [u8; 2], "utf-16le"), (u16::to_be_bytes, "utf-16be")]
        {
            let wide = |text: &str| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
            let (marked, bare) = (wide(&format!("\u{feff}{form}")), wide(form));
            let led = wide(&format!("\u{feff}\r\n  {form}"));
            for bytes in [gzip(&marked), zstd::encode_all(&marked[..], 3).unwrap(), marked, bare.clone(), led]
            {
                let made = ingest(&bytes, plain()).unwrap();
                assert_eq!(made.history.events, expected.history.events, "{name}: {form}");
                assert_eq!(made.history.actors, expected.history.actors, "{name}: {form}");
                assert!(made.ledger.files[0].sha256.is_some());
            }
            let made = ingest(&bare, declared(name)).unwrap();
            assert_eq!(made.history.events, expected.history.events, "{name}, declared");
            let made = ingest(&bare, declared("windows-1252")).unwrap();
            assert_eq!(made.ledger.n_used(), 2, "what the bytes show goes before what is declared");
        }
    }
    // Half of a surrogate pair is no character: its row alone is rejected.
    let mut units: Vec<u16> = forms[0].encode_utf16().collect();
    let half = units.iter().position(|unit| *unit == 0xD83D).unwrap();
    units[half + 1] = u16::from(b'x');
    let made = ingest(&units.into_iter().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(), plain()).unwrap();
    assert_eq!((made.ledger.n_used(), made.ledger.by_code().get("D511")), (1, Some(&1)));
}

#[test]
fn a_declared_encoding_is_read_and_none_is_guessed() {
    let bytes = ROWS.replace("Zoë", "Zo?").into_bytes();
    let bytes: Vec<u8> = bytes.iter().map(|b| if *b == b'?' { 0xEB } else { *b }).collect();
    let made = ingest(&bytes, Profile::parse(DECLARED, "mine.toml").unwrap()).unwrap();
    assert!((0..2).any(|i| made.history.actors.at(i) == "Zoë"));
    let refused = ingest(&bytes, plain()).unwrap();
    assert_eq!(refused.ledger.by_code().get("D511"), Some(&1));
    assert!(format!("{:?}", refused.ledger.examples).contains("windows-1252"), "the hint names the key");
}

#[test]
fn a_byte_without_a_character_rejects_its_row() {
    let bytes: Vec<u8> =
        ROWS.replace("Zoë", "Z?").bytes().map(|b| if b == b'?' { 0x81 } else { b }).collect();
    let made = ingest(&bytes, Profile::parse(DECLARED, "mine.toml").unwrap()).unwrap();
    assert_eq!(made.ledger.by_code().get("D511"), Some(&1));
    assert_eq!(made.ledger.n_used(), 1);
}

#[test]
fn an_unknown_encoding_is_named() {
    let wrong = DECLARED.replace("windows-1252", "windows-1251");
    let message = format!("{:?}", Profile::parse(&wrong, "mine.toml").unwrap_err());
    assert!(message.contains("no encoding `windows-1251`"), "{message}");
}

#[test]
fn a_file_cut_short_says_so() {
    let whole: String = (0..5_000).map(|i| format!("{i},2026-01-05T09:00Z,opened,customer,P{i}\n")).collect();
    let whole = format!("case_id,at,event,role,actor\n{whole}");
    for bytes in [gzip(whole.as_bytes()), zstd::encode_all(whole.as_bytes(), 3).unwrap()] {
        let message = ingest(&bytes[..bytes.len() / 2], plain()).unwrap_err();
        assert!(message.contains("F301") && message.contains("cut short"), "{message}");
    }
}

#[test]
fn a_bomb_ends_at_the_bound_which_is_named() {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(ROWS.as_bytes()).unwrap();
    let blanks = vec![b'\n'; 1 << 20];
    (0..80).for_each(|_| out.write_all(&blanks).unwrap());
    let message = ingest(&out.finish().unwrap(), plain()).unwrap_err();
    assert!(message.contains("more than 200 times its length and more than 64 MiB"), "{message}");
}

#[test]
fn what_stands_behind_the_padding_of_a_packed_file_is_damage() {
    let whole = gzip(ROWS.as_bytes());
    for tail in [&b"\0\0\0x"[..], b"x", b"\0\x1F\x8B"] {
        let message = ingest(&[&whole, tail].concat(), plain()).unwrap_err();
        assert!(message.contains("F301") && message.contains("damaged"), "{message}");
        assert!(!message.contains("permissions"), "{message}");
    }
}

#[test]
fn a_frame_of_zstd_that_holds_nothing_may_stand_first() {
    let frame = zstd::encode_all(ROWS.as_bytes(), 3).unwrap();
    let made = ingest(&[&b"\x50\x2A\x4D\x18\x04\0\0\0size"[..], &frame].concat(), plain()).unwrap();
    assert_eq!(made.ledger.files[0].n_read, 2);
}

#[test]
fn a_file_of_another_kind_is_called_what_it_is() {
    let binary = [0u8; 600];
    let mut tar = vec![b'a'; 600];
    tar[257..262].copy_from_slice(b"ustar");
    let packed_tar = gzip(&tar);
    let with = |start: &[u8]| [start, &binary].concat();
    for (bytes, wanted) in [
        (with(b"BZh91AY&SY"), "found a file packed with bzip2"),
        (with(b"\xFD7zXZ\0"), "found a file packed with xz"),
        (with(b"\x5D\0\0\x80\0"), "found a file packed with LZMA"),
        (with(b"7z\xBC\xAF\x27\x1C"), "found a 7z archive"),
        (with(b"Rar!\x1A\x07\x01\0"), "found a RAR archive"),
        (with(b"PARE"), "found an encrypted Parquet file"),
        (with(b"ORC"), "found an ORC file"),
        (with(b"Obj\x01"), "found an Avro file"),
        (with(b"ARROW1\0\0"), "found an Arrow file"),
        (with(b"SQLite format 3\0"), "found an SQLite database"),
        (with(b"%PDF-1.7"), "found a PDF document"),
        (tar, "found a tar archive"),
        (packed_tar, "found a tar archive"),
        (b"<?xml version='1.0'?><log xes.version='1.0'>".to_vec(), "found an XES event log"),
        (b"<?xml version='1.0'?><rows/>".to_vec(), "found XML"),
        (b"<!DOCTYPE html><html>".to_vec(), "found HTML: perhaps a sign-in page"),
    ] {
        let message = ingest(&bytes, plain()).unwrap_err();
        assert!(message.contains("F302") && message.contains(wanted), "{wanted}: {message}");
    }
    let units: Vec<u8> = ROWS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&b"\x01\x02\0\x03binary\0,x\n"[..], b"\x1B\x02p\xC3(,\xA3,x\n", &units] {
        let message = ingest(bytes, plain()).unwrap_err();
        assert!(message.contains("F302") && message.contains("utf-16le"), "{message}");
    }
    let xes = ingest(b"<log xes.version='2.0'>", plain()).unwrap_err();
    assert!(xes.contains("--profile xes-csv"), "{xes}");
}

#[test]
fn a_header_that_begins_as_another_kind_does_is_a_header() {
    for name in ["PARENTID", "ORCHARD", "BZhang"] {
        let table =
            format!("[[table]]\nshape = \"events\"\ncolumns = {{ case_id = \"{name}\", at = \"at\" }}\n");
        let file = format!("{name},at\n1,2026-01-05T09:00Z\n");
        let made = ingest(file.as_bytes(), Profile::parse(&table, "mine.toml").unwrap()).unwrap();
        assert_eq!(made.history.n_cases(), 1);
    }
}

/// How far the reading was, each time it told.
#[derive(Default)]
struct Told(std::sync::Mutex<Vec<(u64, u64)>>);

impl slaudit::ingest::Progress for Told {
    fn bytes(&self, done: u64, total: u64) {
        self.0.lock().unwrap().push((done, total));
    }
}

#[test]
fn progress_of_a_packed_file_is_that_of_its_packed_bytes() {
    let rows =
        (0..200_000).map(|i| format!("{i},2026-01-05T09:00Z,opened,customer,P{}\n", i * 7_919 % 100_003));
    let whole = rows.fold("case_id,at,event,role,actor\n".to_owned(), |text, row| text + &row);
    for bytes in [gzip(whole.as_bytes()), zstd::encode_all(whole.as_bytes(), 1).unwrap()] {
        let (_folder, paths) = folder(&[("a.csv", &bytes), ("b.csv", ROWS.as_bytes())]);
        let plan = Plan { block_size: 64 << 10, ..Plan::new(paths, plain()) };
        let told = Told::default();
        read(&plan, &told).unwrap();
        let all = told.0.into_inner().unwrap();
        let total = (bytes.len() + ROWS.len()) as u64;
        assert!(all.iter().all(|(done, of)| done <= of && *of == total));
        // Blocks are handed out evenly, and so is what is told of them.
        let half = all.iter().filter(|(done, of)| done * 2 < *of).count();
        assert!(half * 4 > all.len() && half * 4 < all.len() * 3, "{half} of {}", all.len());
        assert_eq!(all.iter().map(|(done, _)| *done).max(), Some(total));
    }
}
