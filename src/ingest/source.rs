//! Input files before their rows are read: what kind a file is, its header, where its columns stand. Every
//! problem of every file is found here, before the first row. Not the reading of rows.

use std::cell::RefCell;
use std::fs::File;
use std::path::Path;

use chrono_tz::Tz;

use super::attribute_names::{AttributeNames, unlike};
use super::contents::text_of;
use super::csv_open::{self, DELIMITERS, Dialect, Likeness, Opened};
use super::derived::Made;
use super::guard::guarded;
use super::json_table::JsonTable;
use super::parquet::{Parquet, Times};
use super::plan::Plan;
use super::profile::{Shape, Table};
pub(super) use super::profile_file::nearest;
use super::sniff::{self, Foreign, Sniffed, sniff};
use super::translate::{Layout, Moment};
use super::workbook::{self, Rows, Sheet};
use crate::codes;
use crate::diag::{Diagnostic, Position};

/// One input file, ready to be read.
pub(super) struct Source<'p> {
    /// The path as the user gave it.
    pub(super) path: String,
    /// Its place in the plan; a JSON file has a source for each table that takes it.
    pub(super) file: usize,
    /// 0 in all sources of a file but the first.
    pub(super) n_bytes: u64,
    pub(super) table: &'p Table,
    pub(super) zone: Tz,
    pub(super) header: Vec<String>,
    pub(super) layout: Layout,
    pub(super) format: Format,
    /// How the text of a CSV file, or of a workbook's sheet, is split.
    pub(super) dialect: Dialect,
}

impl Source<'_> {
    /// How many sources its file has; 0 where another one reads for it.
    pub(super) fn n_tables(&self) -> usize {
        match &self.format {
            Format::Json(json) => json.n_tables,
            _ => 1,
        }
    }

    /// What was found in the file and taken for granted.
    pub(super) fn assumptions(&self) -> Vec<String> {
        let mut all = self.dialect.assumptions(&self.path, self.table.delimiter.is_some());
        if let Format::Workbook(sheet) = &self.format {
            let others: Vec<String> = sheet.passed_over.iter().map(|name| format!("`{name}`")).collect();
            let (path, name) = (&self.path, &sheet.name);
            if !others.is_empty() {
                all.push(format!("of `{path}` sheet `{name}` is read, and not {}", others.join(", ")));
            }
        }
        all
    }
}

/// What to do about a file that cannot be read: of damage its path says nothing.
pub(super) fn unreadable_hint(cause: &std::io::Error) -> &'static str {
    match cause.kind() {
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => {
            "copy or export the file again, or unpack it yourself and name what comes out"
        }
        _ => "check the path and its permissions",
    }
}

/// What is in a file.
#[derive(Clone, Debug)]
pub(super) enum Format {
    Csv,
    Workbook(Sheet),
    Json(JsonTable),
    Parquet(Parquet),
}

/// Looks at file `path`; `attributes` are the names of the extra columns found so far.
pub(super) fn open<'p>(
    path: &Path,
    plan: &'p Plan,
    attributes: &mut AttributeNames,
) -> Result<Vec<Source<'p>>, Diagnostic> {
    let shown = path.display().to_string();
    let problem = |code, message: String, hint: &str| {
        let position = Position { path: shown.clone(), ..Position::default() };
        Diagnostic::error(code, message).at(position).hint(hint)
    };
    let unreadable = |cause: std::io::Error| {
        let hint = unreadable_hint(&cause);
        problem(codes::F301, format!("input file cannot be read: {cause}"), hint)
    };
    let metadata = match no_file(path, &problem) {
        Some(refusal) => return Err(refusal),
        None => std::fs::metadata(path).map_err(unreadable)?,
    };
    if metadata.len() == 0 {
        return Err(problem(codes::F305, "the file is empty".into(), "export it again"));
    }
    let format = sniff(path).map_err(unreadable)?;
    if let Sniffed::Json = format {
        return super::json_open::open(path, metadata.len(), plan, attributes, &problem);
    }
    let table = plan.profile.table_for(path).ok_or_else(|| untaken(plan, &problem))?;
    let file = File::open(path).map_err(unreadable)?;
    let zone = plan.timezone.unwrap_or(table.timezone);
    let n_bytes = metadata.len();
    let mut dialect = Dialect::plain(DELIMITERS[0]);
    let (header, format) = match format {
        Sniffed::Csv => {
            let opened = csv_header(&file, table).map_err(unreadable)?;
            dialect = opened.dialect;
            (opened.header, Format::Csv)
        }
        Sniffed::Workbook => {
            let (opened, sheet) = workbook_header(&file, table, &problem)?;
            dialect = opened.dialect;
            (opened.header, Format::Workbook(sheet))
        }
        Sniffed::Parquet => {
            let broken = |cause| {
                let message = format!("expected a whole Parquet file: {cause}");
                problem(codes::F302, message, "copy or export the file again: it may have been cut short")
            };
            let parquet = guarded(|| Parquet::open(&file)).map_err(broken)?;
            (Some(parquet.header()), Format::Parquet(parquet))
        }
        Sniffed::Other(of) => return Err(unknown(of, &problem)),
        // Went its own way above.
        Sniffed::Json => return Ok(Vec::new()),
    };
    let Some(header) = header else {
        let hint = "look for a quote in the first line that is never closed";
        return Err(problem(codes::F302, "expected a header line, found none that ends".into(), hint));
    };
    let mut layout = layout(&header, &format, table, plan, attributes, &problem)?;
    match &format {
        Format::Parquet(parquet) => take_types(parquet, &header, table, &mut layout, &problem)?,
        Format::Workbook(_) => layout.may_have_dates(),
        Format::Csv | Format::Json(_) => {}
    }
    Ok(vec![Source { path: shown.clone(), file: 0, n_bytes, table, zone, header, layout, format, dialect }])
}

/// What is no file at all: a folder, a pipe, a device. Files are looked at before they are read, and again for their hash.
pub(super) fn no_file(path: &Path, problem: &Problem<'_>) -> Option<Diagnostic> {
    let hint = "save it to a file first, as in `… > cases.csv`, and name that";
    let Ok(metadata) = std::fs::metadata(path) else {
        let message = "expected a file: standard input is not read";
        return (path == Path::new("-")).then(|| problem(codes::F301, message.into(), hint));
    };
    if metadata.is_dir() {
        return Some(problem(codes::F301, "expected a file, found a folder".into(), "name the files in it"));
    }
    let message = "expected a file, found a pipe or a device: input is looked at more than once";
    (!metadata.is_file()).then(|| problem(codes::F301, message.into(), hint))
}

/// The file is of no kind that is read.
pub(super) fn unknown(of: Foreign, problem: &Problem<'_>) -> Diagnostic {
    let message = format!("expected CSV, JSON, Parquet or an Excel workbook, found {}", of.what);
    problem(codes::F302, message, of.hint)
}

/// No table takes the file.
pub(super) fn untaken(plan: &Plan, problem: &Problem<'_>) -> Diagnostic {
    let all: Vec<String> = plan.profile.tables.iter().map(Table::takes).collect();
    let message = format!("no table of profile `{}` takes this file: {}", plan.profile.name, all.join(", "));
    let name = plan.profile.tables.first().map_or("table", |table| &table.name);
    problem(codes::F302, message, &format!("rename the file, or say `--set {name}.files=PATTERN`"))
}

/// Which columns of a Parquet file hold instants of its own.
fn take_types(
    parquet: &Parquet,
    header: &[String],
    table: &Table,
    layout: &mut Layout,
    problem: &Problem<'_>,
) -> Result<(), Diagnostic> {
    for made in &mut layout.made {
        let of_type = |column: &usize| !matches!(parquet.times(*column), Times::Text | Times::Numbers(_));
        made.is_typed = made.columns.iter().any(of_type);
    }
    // A row of people has no time.
    if table.shape == Shape::People {
        return Ok(());
    }
    layout.typed_at = layout.is_made_of_types(layout.at);
    let name = header.get(layout.at).map_or("", String::as_str);
    let wrong = |kind: &str, why: &str, hint: &str| {
        Err(problem(codes::F303, format!("column `{name}` is of type {kind}: expected {why}"), hint))
    };
    let say =
        |pattern: &str| format!("say so in the profile, or with `--set {}.timestamps={pattern}`", table.name);
    match layout.times(parquet, layout.at) {
        Times::Numbers(kind) if !table.formats.read_numbers() => {
            let hint = format!(
                "seconds since 1970 are `%s`, milliseconds `epoch_ms`, digits of a date `%Y%m%d`: {}",
                say("%s")
            );
            return wrong(&kind, "timestamps or text, or a pattern of the profile that reads numbers", &hint);
        }
        Times::Days if !table.formats.read_days() => {
            let hint = format!("where a day is to be read as its midnight, {}", say("%Y-%m-%d"));
            return wrong(
                "date",
                "timestamps or text, or a pattern of the profile that is a date alone",
                &hint,
            );
        }
        Times::Clocks(kind) | Times::None(kind) => {
            return wrong(&kind, "timestamps or text", "store the time as a timestamp");
        }
        _ => {}
    }
    let (mut days, columns) = (Vec::new(), layout.clone());
    let mut is_typed = |column: usize| match columns.times(parquet, column) {
        Times::Instants => true,
        Times::Days if table.formats.read_days() => {
            days.push(column);
            true
        }
        _ => false,
    };
    is_typed(layout.at);
    layout.typed_opening = layout.opened_at.is_some_and(&mut is_typed);
    let moments = layout.milestones.iter_mut().map(|(at, _)| at).chain([&mut layout.status_at]);
    for moment in moments.flatten() {
        moment.is_typed = is_typed(moment.column);
    }
    layout.days = days;
    Ok(())
}

/// Finds the header of a workbook, and the sheet that it stands in: the table's, or else the first whose header is one.
pub(super) fn workbook_header(
    file: &File,
    table: &Table,
    problem: &Problem<'_>,
) -> Result<(Opened, Sheet), Diagnostic> {
    let broken = |cause: String| {
        let message = format!("expected a whole Excel workbook: {cause}");
        problem(
            codes::F302,
            message,
            "save or export it again, or name its sheet in the profile: `sheet = \"…\"`",
        )
    };
    let copy = || file.try_clone().map_err(|e| broken(e.to_string()));
    let sheet = workbook::choose(copy()?, table.sheet.as_deref()).map_err(broken)?;
    let header_of = |name: &str| {
        let text = || workbook::csv(file.try_clone()?, name, Rows { most: csv_open::TITLES, n_above: 0 });
        // Inside it columns are cells.
        csv_open::open(&text, Some(DELIMITERS[0]), &|header| likeness(header, table))
    };
    let first = header_of(&sheet.name).map_err(|e| broken(e.to_string()))?;
    let is_it = |opened: &Opened| {
        opened.header.as_deref().is_some_and(|header| likeness(header, table) == Likeness::Whole)
    };
    if is_it(&first) {
        return Ok((first, sheet));
    }
    for name in &sheet.passed_over {
        let opened = header_of(name).map_err(|e| broken(e.to_string()))?;
        if is_it(&opened) {
            let sheet = sheet.instead(name);
            return Ok((opened, sheet));
        }
    }
    for name in &sheet.hidden {
        if is_it(&header_of(name).map_err(|e| broken(e.to_string()))?) {
            let message = format!(
                "no sheet that can be seen has the columns: sheet `{name}`, which is hidden, has them"
            );
            let hint = format!("show it in the workbook, or name it in the profile: `sheet = \"{name}\"`");
            return Err(problem(codes::F303, message, &hint));
        }
    }
    Ok((first, sheet))
}

/// A header names the case and, where the table has such a column, the time.
fn likeness(record: &[String], table: &Table) -> Likeness {
    let has_all = |names: &[String]| names.iter().all(|name| record.contains(name));
    let has_one = |name: &String| match table.derived(name) {
        Some(derived) => has_all(&derived.parts),
        None => record.contains(name),
    };
    let has = |names: &[String]| names.is_empty() || names.iter().any(has_one);
    match (has(&table.columns.case_id), has(&table.columns.at)) {
        (true, true) => Likeness::Whole,
        (true, false) => Likeness::Some,
        (false, _) => Likeness::None,
    }
}

/// Finds the header of a CSV file, and how it is split.
pub(super) fn csv_header(file: &File, table: &Table) -> std::io::Result<Opened> {
    let text = || {
        let mut copy = file.try_clone()?;
        std::io::Seek::rewind(&mut copy)?;
        text_of(copy, table.encoding)
    };
    csv_open::open(&text, table.delimiter, &|header| likeness(header, table))
}

pub(super) type Problem<'f> = dyn Fn(&'static str, String, &str) -> Diagnostic + 'f;

/// Finds the columns that the table names; the others are attributes.
pub(super) fn layout(
    header: &[String],
    format: &Format,
    table: &Table,
    plan: &Plan,
    attributes: &mut AttributeNames,
    problem: &Problem<'_>,
) -> Result<Layout, Diagnostic> {
    let columns = &table.columns;
    let made = RefCell::new(Vec::new());
    let find = |names: &[String]| match format {
        Format::Json(json) => Ok(json.column(names)),
        _ => find(header, names, table, &made, problem),
    };
    let need = |names: &[String]| find(names)?.ok_or_else(|| missing(header, names, plan, table, problem));
    let required = |names: &[String]| if names.is_empty() { Ok(None) } else { need(names).map(Some) };
    let state = |key: &'static str, names: &[String]| match find(names)? {
        None if !names.is_empty() && !table.is_optional(key) => {
            Err(super::absent::refused(header, (key, names), table, problem))
        }
        place => Ok(place),
    };
    let mut layout = Layout {
        width: header.len(),
        case_id: need(&columns.case_id)?,
        at: if table.shape == Shape::People { need(&columns.case_id)? } else { need(&columns.at)? },
        event: find(&columns.event)?,
        role: find(&columns.role)?,
        actor: find(&columns.actor)?,
        status: state("status", &columns.status)?,
        severity: state("severity", &columns.severity)?,
        opened_at: find(&columns.opened_at)?,
        field: required(&columns.field)?,
        old: find(&columns.old)?,
        new: required(&columns.new)?,
        public: visibility(find(&columns.public)?, find(&columns.internal)?),
        activity: required(&columns.activity)?,
        lifecycle: find(&columns.lifecycle)?,
        status_at: find(&columns.status_at)?.map(moment),
        requester: find(&columns.requester)?,
        requester_name: find(&columns.requester_name)?,
        opened_by: find(&columns.opened_by)?,
        merged: find(&columns.merged)?,
        name: find(&columns.name)?,
        other_id: find(&columns.other_id)?,
        watched: plan.watch.as_ref().map_or(Ok(None), |name| find(std::slice::from_ref(name)))?,
        ..Layout::default()
    };
    for milestone in &table.rules.milestones {
        layout.milestones.push((find(&milestone.column)?.map(moment), find(&milestone.actor)?));
    }
    let listed = table.attributes.as_ref().map(|all| listed(all, &find)).transpose()?;
    layout.made = made.take();
    for (column, name) in listed.unwrap_or_else(|| extras(header, format, &layout)) {
        if plan.wants(&name) {
            layout.extras.push(column);
            layout.attributes.push(attributes.place(name));
        }
    }
    for (index, name) in table.rules.field_attributes.iter().enumerate() {
        if plan.wants(name) {
            layout.field_attributes.push(index);
            layout.attributes.push(attributes.place(name.clone()));
        }
    }
    Ok(layout)
}

/// The place of a column by its names.
type Find<'f> = dyn Fn(&[String]) -> Result<Option<usize>, Diagnostic> + 'f;

/// The attributes that a profile lists, by their columns.
fn listed(all: &[(String, Vec<String>)], find: &Find<'_>) -> Result<Vec<(usize, String)>, Diagnostic> {
    let mut found = Vec::with_capacity(all.len());
    for (name, columns) in all {
        found.extend(find(columns)?.map(|place| (place, name.clone())));
    }
    Ok(found)
}

fn moment(column: usize) -> Moment {
    Moment { column, is_typed: false }
}

/// The column that says who may read a message, and whether yes there means everybody.
fn visibility(public: Option<usize>, internal: Option<usize>) -> Option<(usize, bool)> {
    public.map(|column| (column, true)).or_else(|| internal.map(|column| (column, false)))
}

/// The first of `names` that the header has, or all that it is made of; named twice it is an error, unless `NAME[0]` says
/// which of them is meant.
fn find(
    header: &[String],
    names: &[String],
    table: &Table,
    made: &RefCell<Vec<Made>>,
    problem: &Problem<'_>,
) -> Result<Option<usize>, Diagnostic> {
    for name in names {
        if let Some(derived) = table.derived(name) {
            let part = |name: &String| find(header, std::slice::from_ref(name), table, made, problem);
            let parts = derived.parts.iter().map(part).collect::<Result<Option<Vec<usize>>, _>>()?;
            let Some(columns) = parts else { continue };
            let is_whole = table.columns.case_id.contains(name);
            let mut all = made.borrow_mut();
            let place = all.iter().position(|known| known.of.name == *name).unwrap_or(all.len());
            if place == all.len() {
                all.push(Made { of: derived.clone(), columns, is_whole, is_typed: false });
            }
            return Ok(Some(header.len() + place));
        }
        let of_name = |name: &str| {
            let columns = header.iter().enumerate().filter(move |(_, column)| *column == name);
            columns.map(|(i, _)| i).collect::<Vec<_>>()
        };
        match of_name(name)[..] {
            [] => {}
            [first] => return Ok(Some(first)),
            [first, second, ..] => {
                let message =
                    format!("column `{name}` is there twice: columns {} and {}", first + 1, second + 1);
                let hint =
                    format!("rename or remove one of them, or name `{name}[0]`, the first, in the profile");
                return Err(problem(codes::F303, message, &hint));
            }
        }
        let numbered = numbered(name).and_then(|(name, number)| of_name(name).get(number).copied());
        if numbered.is_some() {
            return Ok(numbered);
        }
    }
    Ok(None)
}

/// The name and the number in `NAME[2]`: of several columns of one name the third.
fn numbered(name: &str) -> Option<(&str, usize)> {
    let (name, number) = name.strip_suffix(']')?.rsplit_once('[')?;
    Some((name, number.parse().ok()?))
}

fn missing(
    header: &[String],
    names: &[String],
    plan: &Plan,
    table: &Table,
    problem: &Problem<'_>,
) -> Diagnostic {
    // No text has such characters, but one whose every other byte is none.
    let is_none = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if header.iter().any(|name| name.contains(is_none)) {
        return unknown(sniff::BINARY, problem);
    }
    let wanted: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    let shown: Vec<String> = header.iter().take(12).map(|n| format!("`{n}`")).collect();
    let more = if header.len() > 12 { format!(" and {} more", header.len() - 12) } else { String::new() };
    let message = format!("no column {}: the header has {}{more}", wanted.join(" or "), shown.join(", "));
    // Of a derived column what is missing of that which it is made of.
    let parts = names.iter().flat_map(|name| match table.derived(name) {
        Some(derived) => derived.parts.clone(),
        None => vec![name.clone()],
    });
    let mut absent = parts.filter(|name| !header.contains(name));
    let near = absent.find_map(|name| nearest(&name, header.iter().map(String::as_str)));
    let other = [',', ';', '\t', '|']
        .into_iter()
        .find(|c| Some(*c as u8) != table.delimiter && header[0].contains(*c));
    let hint = match (near, other) {
        // Found in the header unless the profile sets it: then it is not the delimiter that is wrong.
        (_, Some(other)) if header.len() == 1 && table.delimiter.is_some() => {
            format!(
                "the profile sets the delimiter: is it {other:?}? `slaudit inspect FILE` says what the file holds"
            )
        }
        (Some(near), _) => format!("did you mean `{near}`? name it in a profile"),
        _ => format!(
            "profile `{}` expects it; `slaudit inspect FILE` says what the file holds and which profile reads it",
            plan.profile.name
        ),
    };
    problem(codes::F303, message, &hint)
}

/// Columns that become attributes where the profile lists none, with their names: all that it does not use, but for JSON, of
/// which only what is asked for is looked at.
/// A name that comes twice gets a number; a column without a name is called by its place, but for empty columns
/// at the end of the header, which spreadsheets leave behind.
fn extras(header: &[String], format: &Format, layout: &Layout) -> Vec<(usize, String)> {
    if let Format::Json(_) = format {
        return Vec::new();
    }
    let named = header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    let taken = layout.named();
    let is_nested = |name: &String| name.is_empty() && matches!(format, Format::Parquet(_));
    let all = header[..named].iter().enumerate();
    let free = all.filter(|(column, name)| !is_nested(name) && !taken.contains(column));
    unlike(free.map(|(column, name)| (column, name.as_str())))
}
