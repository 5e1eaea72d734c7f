//! Excel workbooks: the same history as the rows as CSV, dates as Excel stores them, what is no whole workbook.

use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::folder;

const NAMES: [&str; 6] = ["case_id", "at", "event", "role", "status", "severity"];

/// A sheet with a header and three rows: dates as Excel keeps them, text, and a severity as a number.
fn fill(book: &mut Workbook, name: &str, first_row: u32) {
    let sheet = book.add_worksheet().set_name(name).unwrap();
    let date = Format::new().set_num_format("dd.mm.yyyy hh:mm:ss");
    for (i, name) in NAMES.iter().enumerate() {
        sheet.write_string(first_row, i as u16, *name).unwrap();
    }
    let rows = [
        ("7", (9, 0, 0.0), "opened", "customer", "New"),
        ("7", (9, 10, 0.5), "message", "agent", "Open"),
        ("7", (17, 59, 59.999), "update", "agent", "Resolved\nfor good"),
    ];
    for (i, (case, (hour, minute, second), event, role, status)) in rows.iter().enumerate() {
        // A row between is left empty: lines stay rows of the sheet.
        let row = first_row + 1 + i as u32 + u32::from(i == 2);
        sheet.write_number(row, 0, case.parse::<f64>().unwrap()).unwrap();
        let at = ExcelDateTime::from_ymd(2026, 3, 5).unwrap().and_hms(*hour, *minute, *second).unwrap();
        sheet.write_datetime_with_format(row, 1, &at, &date).unwrap();
        sheet.write_string(row, 2, *event).unwrap();
        sheet.write_string(row, 3, *role).unwrap();
        sheet.write_string(row, 4, *status).unwrap();
        if i == 0 {
            sheet.write_number(row, 5, 3.0).unwrap();
        }
    }
}

const CSV: &str = "case_id,at,event,role,status,severity\n\
    7,2026-03-05T09:00:00,opened,customer,New,3\n\
    7,2026-03-05T09:10:00.500,message,agent,Open,\n\n\
    7,2026-03-05T17:59:59.999,update,agent,Resolved for good,\n";

fn workbook(first_row: u32) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book, "Export", first_row);
    book.save_to_buffer().unwrap()
}

fn ingest(name: &str, bytes: &[u8], profile: Profile) -> Result<Ingested, String> {
    let (_folder, paths) = folder(&[(name, bytes)]);
    let plan = Plan { max_rejected: 1.0, hash_inputs: true, ..Plan::new(paths, profile) };
    read(&plan, &Silent).map_err(|error| format!("{error:?}"))
}

fn plain() -> Profile {
    Profile::named("canonical").unwrap()
}

/// Takes times in no form that the workbook's dates come in.
fn with(more: &str) -> Profile {
    let text = format!(
        "timezone = \"America/Denver\"\n[[table]]\nshape = \"events\"\ntimestamps = [\"%d/%m/%Y %H:%M\"]\n{more}\n\
         columns = {{ case_id = \"case_id\", at = \"at\", event = \"event\", role = \"role\", status = \"status\", \
         severity = \"severity\" }}\n"
    );
    Profile::parse(&text, "own.toml").unwrap()
}

#[test]
fn a_workbook_gives_what_its_rows_as_csv_give() {
    let expected = ingest("a.csv", CSV.as_bytes(), plain()).unwrap();
    let made = ingest("a.xlsx", &workbook(0), plain()).unwrap();
    assert_eq!(made.history.events, expected.history.events);
    assert_eq!(made.history.case_ids, expected.history.case_ids);
    assert_eq!(made.history.statuses, expected.history.statuses);
    assert_eq!(made.ledger.files[0].n_read, 3);
    assert!(made.ledger.files[0].sha256.is_some());
    let place = |ingested: &Ingested, event: usize| ingested.places.of(event).map(|place| place.line);
    assert_eq!([0, 1, 2].map(|event| place(&made, event)), [Some(2), Some(3), Some(5)], "rows of the sheet");
}

#[test]
fn rows_above_the_header_may_be_empty_and_are_counted() {
    let made = ingest("a.xlsx", &workbook(4), plain()).unwrap();
    assert_eq!(made.places.of(0).map(|place| place.line), Some(6));
}

#[test]
fn dates_need_no_format_and_text_does() {
    let made = ingest("a.xlsx", &workbook(0), with("")).unwrap();
    let first = made.history.case(0).events[0].at.rfc3339();
    assert_eq!(first, "2026-03-05T16:00:00Z", "local time of the profile's zone");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (i, name) in NAMES.iter().enumerate() {
        sheet.write_string(0, i as u16, *name).unwrap();
    }
    for (row, text) in [(1, "05/03/2026 09:00"), (2, "March the 5th")] {
        sheet.write_string(row, 0, "7").unwrap();
        sheet.write_string(row, 1, text).unwrap();
        sheet.write_string(row, 2, "opened").unwrap();
    }
    let made = ingest("a.xlsx", &book.save_to_buffer().unwrap(), with("")).unwrap();
    assert_eq!((made.history.events.len(), made.ledger.files[0].by_code["D501"]), (1, 1));
}

#[test]
fn a_time_of_day_without_a_date_is_no_time_of_1899() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let clock = rust_xlsxwriter::Format::new().set_num_format("h:mm");
    for (i, name) in NAMES.iter().enumerate() {
        sheet.write_string(0, i as u16, *name).unwrap();
    }
    sheet.write_string(1, 0, "7").unwrap();
    sheet.write_number_with_format(1, 1, 16.5 / 24.0, &clock).unwrap();
    sheet.write_string(1, 2, "opened").unwrap();
    let made = ingest("a.xlsx", &book.save_to_buffer().unwrap(), plain()).unwrap();
    assert_eq!((made.history.events.len(), made.ledger.files[0].by_code["D501"]), (0, 1));
}

#[test]
fn a_hidden_sheet_that_has_the_columns_is_named() {
    let mut book = Workbook::new();
    // A chart has no rows.
    let mut chart = rust_xlsxwriter::Chart::new(rust_xlsxwriter::ChartType::Column);
    chart.add_series().set_values("Rows!$A$1:$A$2");
    book.add_chartsheet().set_name("Chart").unwrap().insert_chart(0, 0, &chart).unwrap();
    book.add_worksheet().set_name("Pivot").unwrap().write_string(0, 0, "Row Labels").unwrap();
    fill(&mut book, "Rows", 0);
    book.worksheet_from_name("Rows").unwrap().set_hidden(true);
    let bytes = book.save_to_buffer().unwrap();
    let error = ingest("a.xlsx", &bytes, plain()).unwrap_err();
    assert!(error.contains("F303") && error.contains("sheet `Rows`, which is hidden, has them"), "{error}");
    assert_eq!(ingest("a.xlsx", &bytes, with("sheet = \"Rows\"")).unwrap().ledger.files[0].n_read, 3);
}

#[test]
fn of_several_sheets_the_first_with_cells_is_read_and_said_so() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Empty").unwrap();
    fill(&mut book, "March", 0);
    fill(&mut book, "April", 0);
    let bytes = book.save_to_buffer().unwrap();
    let made = ingest("a.xlsx", &bytes, plain()).unwrap();
    assert_eq!(made.ledger.files[0].n_read, 3);
    let said = made.assumptions.iter().find(|text| text.contains("sheet")).unwrap();
    assert!(said.ends_with("sheet `March` is read, and not `April`"), "{said}");
    let named = ingest("a.xlsx", &bytes, with("sheet = \"April\"")).unwrap();
    assert!(named.assumptions.iter().all(|text| !text.contains("sheet")));
    let error = ingest("a.xlsx", &bytes, with("sheet = \"May\"")).unwrap_err();
    assert!(error.contains("it has no sheet `May`: its sheets are `Empty`, `March`, `April`"), "{error}");
}

#[test]
fn what_is_no_whole_workbook_is_told() {
    let whole = workbook(0);
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"text").unwrap();
    let other = archive.finish().unwrap().into_inner();
    let old = [&[0xD0, 0xCF, 0x11, 0xE0][..], &[0; 600]].concat();
    for (bytes, wanted) in [
        (&whole[..whole.len() / 2], "found a ZIP archive that is no whole Excel workbook"),
        (&other[..], "found a ZIP archive that is no whole Excel workbook"),
        (&old[..], "found an old Excel workbook (.xls) or one with a password"),
    ] {
        let error = ingest("a.xlsx", bytes, plain()).unwrap_err();
        assert!(error.contains("F302") && error.contains(wanted), "{error}");
    }
    // Damaged inside, in every place: a message or a history, never a panic.
    for at in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        let _ = ingest("a.xlsx", &bytes, plain());
    }
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused_with_the_bound() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/workbook.xml", options).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..80 {
        archive.write_all(&zeros).unwrap();
    }
    let error = ingest("a.xlsx", &archive.finish().unwrap().into_inner(), plain()).unwrap_err();
    assert!(error.contains("unpacks to more than 200 times its length and more than 64 MiB"), "{error}");
}

#[test]
fn a_whole_audit_takes_a_workbook() {
    let (folder, paths) = folder(&[("a.xlsx", &workbook(0)[..])]);
    let out = folder.path().join("report");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_slaudit"))
        .args(["audit", "--summary"])
        .args(&paths)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("1 cases, 3 events"), "{text}");
}

#[test]
fn the_sheet_that_has_the_columns_is_read_and_titles_above_them_are_passed_over() {
    let mut book = Workbook::new();
    let pivot = book.add_worksheet().set_name("Pivot").unwrap();
    for (column, text) in ["Row Labels", "Count of case_id"].iter().enumerate() {
        pivot.write_string(0, column as u16, *text).unwrap();
    }
    fill(&mut book, "Rows", 5);
    let sheet = book.worksheet_from_name("Rows").unwrap();
    sheet.write_string(0, 0, "Cases of March").unwrap();
    sheet.write_string(2, 0, "by").unwrap();
    sheet.write_string(2, 1, "Ann").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let made = ingest("a.xlsm", &bytes, plain()).unwrap();
    assert_eq!((made.ledger.files[0].n_read, made.ledger.n_rejected()), (3, 0));
    let place = |event: usize| made.places.of(event).map(|place| place.line);
    assert_eq!([0, 1, 2].map(place), [Some(7), Some(8), Some(10)], "rows of the sheet");
    for said in ["stands on line 6: the lines above it are titles", "sheet `Rows` is read, and not `Pivot`"] {
        assert!(made.assumptions.iter().any(|text| text.ends_with(said)), "{:?}", made.assumptions);
    }
}

/// A workbook by hand: what Excel would never write.
fn by_hand(rows: &str, texts: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let sheets = "<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets>";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        ("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\">{sheets}</workbook>")),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", texts.to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const NO_TEXTS: &str = "<sst></sst>";

/// A cell of text.
fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// A header and `n` cases, and in each row of `more` a cell in its column.
fn sheet(n: usize, more: &[(usize, &str, &str)]) -> String {
    let mut rows = String::new();
    for row in 1..=n + 1 {
        let (id, at) = match row {
            1 => ("case_id".to_owned(), "at"),
            _ => (format!("c{row}"), "2026-03-02T09:00:00Z"),
        };
        rows +=
            &format!("<row r=\"{row}\">{}{}", cell(&format!("A{row}"), &id), cell(&format!("B{row}"), at));
        for (_, column, text) in more.iter().filter(|(at, ..)| *at == row) {
            rows += &cell(&format!("{column}{row}"), text);
        }
        rows += "</row>";
    }
    rows
}

#[test]
fn a_row_costs_what_it_holds() {
    let stray = ingest("a.xlsx", &by_hand(&sheet(5_000, &[(1, "XFD", "note")]), NO_TEXTS), plain()).unwrap();
    assert_eq!(stray.history.n_cases(), 5_000);
    let names: Vec<&str> = stray.history.attributes.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["note"]);
    let far =
        [(1, "IV", "near"), (1, "IW", "region"), (1, "XFD", "tier"), (3, "IW", "West"), (4, "XFD", "gold")];
    let read = ingest("a.xlsx", &by_hand(&sheet(4, &far), NO_TEXTS), plain()).unwrap();
    let value =
        |name: &str, case: usize| read.history.attribute(name).and_then(|a| a.of(case)).map(str::to_owned);
    assert_eq!((value("region", 1), value("region", 2)), (Some("West".into()), None));
    assert_eq!((value("tier", 1), value("tier", 2)), (None, Some("gold".into())));
    // One that stands in no column of the header is a field too many of its row alone.
    let below = ingest("a.xlsx", &by_hand(&sheet(4, &[(3, "XFD", "stray")]), NO_TEXTS), plain()).unwrap();
    assert_eq!((below.history.n_cases(), below.ledger.n_rejected()), (3, 1));
}

#[test]
fn a_sheet_beyond_the_bounds_of_the_format_is_refused() {
    let told = |rows: &str, texts: &str| ingest("a.xlsx", &by_hand(rows, texts), plain()).unwrap_err();
    let error = told(&sheet(2, &[(3, "ZZZZZZ", "x")]), NO_TEXTS);
    assert!(error.contains("sheet `S` has a cell in row 3, column 321272406"), "{error}");
    let beyond = sheet(1, &[]) + &format!("<row r=\"1048577\">{}</row>", cell("A1048577", "x"));
    let error = told(&beyond, NO_TEXTS);
    assert!(error.contains("at most 1048576 rows and 16384 columns"), "{error}");
    for n in ["999999999999", "4294967295", "99999999999999999999999"] {
        let texts =
            format!("<?xml version=\"1.0\"?><!-- > --><sst count=\"1\" uniqueCount=\"{n}\"><si/></sst>");
        let error = told(&sheet(2, &[]), &texts);
        assert!(error.contains("promises more shared texts than it has room for"), "{error}");
    }
}
