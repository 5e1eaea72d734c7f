//! `--close-after`: one length of inactivity, several, or a range of them.

use crate::calendar::Duration;

/// Most lengths that one question may have.
const MOST: usize = 500;

/// The lengths, in order, none twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lengths(pub(super) Vec<Duration>);

/// Reads `10bd`, `5bd,10bd,14d`, `1bd..20bd` (in steps of one unit) and `5bd..30bd/5bd`.
pub(super) fn parse(text: &str) -> Result<Lengths, String> {
    let mut lengths: Vec<Duration> = Vec::new();
    for part in text.split(',').map(str::trim) {
        for length in range(part)? {
            if !lengths.contains(&length) {
                lengths.push(length);
            }
        }
    }
    if lengths.len() > MOST {
        return Err(format!("expected at most {MOST} lengths, found {}", lengths.len()));
    }
    Ok(Lengths(lengths))
}

fn range(text: &str) -> Result<Vec<Duration>, String> {
    let Some((from, rest)) = text.split_once("..") else { return Ok(vec![length(text)?]) };
    let (to, step) = rest.split_once('/').unwrap_or((rest, ""));
    let (from, to) = (length(from)?, length(to)?);
    let step = if step.is_empty() { Duration { count: 1, ..from } } else { length(step)? };
    if from.unit != to.unit || from.unit != step.unit {
        return Err(format!("expected a range in one unit, like `1bd..20bd`, found `{text}`"));
    }
    if from.count > to.count {
        return Err(format!("expected a range that goes up, found `{text}`"));
    }
    let counts = (from.count..=to.count).step_by(step.count as usize).take(MOST + 1);
    Ok(counts.map(|count| Duration { count, ..from }).collect())
}

fn length(text: &str) -> Result<Duration, String> {
    let length = Duration::parse(text.trim()).map_err(|e| format!("{e}; {}", e.hint))?;
    if length.count == 0 { Err(format!("expected a length above zero, found `{text}`")) } else { Ok(length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_ranges_are_read() {
        let texts =
            |text| parse(text).map(|l| l.0.iter().map(Duration::to_string).collect::<Vec<_>>().join(" "));
        assert_eq!(texts("10bd").as_deref(), Ok("10bd"));
        assert_eq!(texts("1bd..3bd, 14d,2bd").as_deref(), Ok("1bd 2bd 3bd 14d"));
        assert_eq!(texts("5bd..15bd/5bd").as_deref(), Ok("5bd 10bd 15bd"));
        for wrong in ["", "0bd", "1bd..3d", "3bd..1bd", "1s..900s", "10"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
