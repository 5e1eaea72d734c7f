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
