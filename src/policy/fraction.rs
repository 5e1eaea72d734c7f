//! A duration written with a fraction, `1.5 business hours`: what to write in its place. Durations are whole numbers
//! (SPEC 4), so that what is promised is never a matter of rounding.

use crate::calendar::{Duration, Unit};

/// The way out for `text`, where it is a number with a fraction and a unit.
pub(super) fn hint(text: &str) -> Option<String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
    let (number, unit) = (text[..end].replace(',', "."), text[end..].trim());
    let (whole, fraction) = number.split_once('.')?;
    let digits = u32::try_from(fraction.len()).ok().filter(|n| (1..=6).contains(n))?;
    let unit = Duration::parse(&format!("2 {unit}")).ok()?.unit;
    let (of, name) = match unit {
        Unit::Weeks => (7, "days"),
        Unit::Days => (24, "hours"),
        Unit::Hours => (60, "minutes"),
        Unit::Minutes => (60, "seconds"),
        Unit::BusinessHours => (60, "business minutes"),
        Unit::BusinessMinutes => (60, "business seconds"),
        Unit::BusinessDays => {
            return Some("business days are whole days; write hours as `12 business hours`".to_owned());
        }
        Unit::Seconds | Unit::BusinessSeconds => return Some("write a whole number".to_owned()),
    };
    let scale = 10_u64.pow(digits);
    let parts = whole.parse::<u64>().ok()?.checked_mul(scale)?.checked_add(fraction.parse().ok()?)?;
    let amount = parts.checked_mul(of)?;
    Some(match amount % scale {
        0 => format!("write a whole number: `{} {name}`", amount / scale),
        _ => format!("write a whole number of {name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_become_whole_numbers_of_a_smaller_unit() {
        let of = |text| hint(text).unwrap();
        assert_eq!(of("1.5 business hours"), "write a whole number: `90 business minutes`");
        assert_eq!(of("0,25h"), "write a whole number: `15 minutes`");
        assert_eq!(of("1.33 hours"), "write a whole number of minutes");
        assert!(of("2.5 business days").contains("whole days"));
        for text in ["2 hours", "1.5", "1.5 moons", "x", "1.2.3 h", ""] {
            assert_eq!(hint(text), None, "{text}");
        }
    }
}
