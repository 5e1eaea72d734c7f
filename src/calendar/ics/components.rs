//! Components (RFC 5545, 3.4): what stands between `BEGIN` and `END`, each line with the innermost that it is in. Only events
//! and time zones are kept; an alarm within an event is none of it.

use super::IcsError;
use super::lines::Line;

/// An event's own lines.
#[derive(Clone, Debug)]
pub(super) struct Component {
    /// Line of its `BEGIN`.
    pub(super) line: u64,
    pub(super) lines: Vec<Line>,
}

/// What a file says of a zone that it names.
#[derive(Clone, Debug, Default)]
pub(super) struct ZoneDefinition {
    pub(super) id: String,
    /// `X-LIC-LOCATION`: its IANA name.
    pub(super) location: Option<String>,
    /// Offsets that it ever has, seconds ahead of UTC.
    pub(super) offsets: Vec<i32>,
}

/// What is kept of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    pub(super) events: Vec<Component>,
    pub(super) zones: Vec<ZoneDefinition>,
}

/// # Errors
/// No calendar; lines outside of one; a component that does not end, or ends where it did not begin; an event within another.
pub(super) fn contents(lines: Vec<Line>) -> Result<Contents, IcsError> {
    let mut contents = Contents::default();
    // Names and first lines of the components that are open, the outermost first.
    let mut open: Vec<(String, u64)> = Vec::new();
    let mut n_calendars = 0;
    for line in lines {
        let word = line.value.trim().to_ascii_uppercase();
        match line.name.as_str() {
            "BEGIN" => {
                n_calendars += usize::from(open.is_empty() && word == "VCALENDAR");
                begin(&mut contents, &open, &word, &line)?;
                open.push((word, line.number));
            }
            "END" => end(&mut open, &word, &line)?,
            _ if open.is_empty() => return Err(outside(&line)),
            _ => own_line(&mut contents, &open, line),
        }
    }
    if let Some((name, number)) = open.last() {
        let message = format!("expected `END:{name}` of the `BEGIN:{name}` here, found the end of the file");
        return Err(IcsError::new(*number, message, CUT));
    }
    match n_calendars {
        0 => Err(IcsError::new(1, "expected `BEGIN:VCALENDAR`, found none", CUT)),
        _ => Ok(contents),
    }
}

const CUT: &str = "export the file again: it is cut short, or was put together from pieces";

fn outside(line: &Line) -> IcsError {
    IcsError::new(line.number, format!("expected `BEGIN:VCALENDAR` first, found `{}`", line.name), CUT)
}

fn begin(contents: &mut Contents, open: &[(String, u64)], word: &str, line: &Line) -> Result<(), IcsError> {
    let Some((parent, number)) = open.last() else {
        return if word == "VCALENDAR" { Ok(()) } else { Err(outside(line)) };
    };
    // Another event, calendar or task cannot be part of an event: that one's end is missing.
    let is_whole = matches!(word, "VEVENT" | "VCALENDAR" | "VTODO" | "VJOURNAL" | "VFREEBUSY" | "VTIMEZONE");
    if is_whole && (parent != "VCALENDAR" || word == "VCALENDAR") {
        let message = format!("expected `END:{parent}` of line {number}, found `BEGIN:{word}`");
        return Err(IcsError::new(line.number, message, CUT));
    }
    match word {
        "VEVENT" => contents.events.push(Component { line: line.number, lines: Vec::new() }),
        "VTIMEZONE" => contents.zones.push(ZoneDefinition::default()),
        _ => {}
    }
    Ok(())
}

fn end(open: &mut Vec<(String, u64)>, word: &str, line: &Line) -> Result<(), IcsError> {
    match open.pop() {
        Some((name, _)) if name == word => Ok(()),
        Some((name, number)) => {
            let message = format!("expected `END:{name}` of line {number}, found `END:{word}`");
            Err(IcsError::new(line.number, message, CUT))
        }
        None => Err(IcsError::new(line.number, format!("expected a `BEGIN:{word}` before, found none"), CUT)),
    }
}

/// Gives a line to the event that it directly stands in, or to the zone.
fn own_line(contents: &mut Contents, open: &[(String, u64)], line: Line) {
    let is_in = |depth: usize, name: &str| open.get(depth).is_some_and(|(own, _)| own == name);
    if is_in(1, "VEVENT") && open.len() == 2 {
        if let Some(event) = contents.events.last_mut() {
            event.lines.push(line);
        }
    } else if is_in(1, "VTIMEZONE")
        && let Some(zone) = contents.zones.last_mut()
    {
        match line.name.as_str() {
            "TZID" => zone.id = line.value,
            "X-LIC-LOCATION" => zone.location = Some(line.value.trim().to_owned()),
            "TZOFFSETTO" => zone.offsets.extend(offset(line.value.trim())),
            _ => {}
        }
    }
}

/// `-0700`, `+053000`, in seconds.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => return None,
    };
    let number = |from: usize| digits.get(from..from + 2)?.parse::<i32>().ok();
    let seconds = if digits.len() == 6 { number(4)? } else { 0 };
    Some(sign * (number(0)? * 3_600 + number(2)? * 60 + seconds))
}
