//! Canonical CSV of synthetic rows (SPEC 2). Not a general CSV writer: the texts are the ones of `words`, of which
//! only names of customers may need quotes.

use std::io::{self, Write};

use rayon::prelude::*;

use super::Counted;
use super::arrivals::SECOND;
use super::order::Sink;
use super::story::Row;
use super::words::{CHANNELS, Lexicon, PRODUCTS, event_word, role_word};

const HEADER: &[u8] = b"case_id,at,event,role,actor,status,severity,customer,product,channel\n";
/// Rows turned into text by one task.
const TASK: usize = 32_768;

/// The CSV output.
pub(super) struct Writer<'a, W> {
    out: Counted<W>,
    lexicon: &'a Lexicon,
    /// Names of customers as CSV fields.
    customers: Vec<String>,
}

impl<'a, W: Write> Writer<'a, W> {
    /// Begins with the header.
    pub(super) fn new(mut out: Counted<W>, lexicon: &'a Lexicon) -> io::Result<Writer<'a, W>> {
        out.write_all(HEADER)?;
        Ok(Writer { out, lexicon, customers: lexicon.customers.iter().map(|name| field(name)).collect() })
    }
}

impl<W: Write> Sink for Writer<'_, W> {
    fn rows(&mut self, rows: Vec<Row>) -> io::Result<()> {
        let (lexicon, customers) = (self.lexicon, &self.customers);
        let texts: Vec<Vec<u8>> = rows.par_chunks(TASK).map(|part| text(part, lexicon, customers)).collect();
        texts.iter().try_for_each(|bytes| self.out.write_all(bytes))
    }

    fn finish(mut self) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.out.bytes)
    }
}

fn field(name: &str) -> String {
    if name.contains(',') { format!("\"{name}\"") } else { name.to_owned() }
}

fn text(rows: &[Row], lexicon: &Lexicon, customers: &[String]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * 112);
    for row in rows {
        lexicon.push_case_id(&mut out, row.case);
        out.push(b',');
        push_instant(&mut out, row.at);
        out.push(b',');
        for word in [
            event_word(row.kind),
            role_word(row.role),
            &lexicon.actors[row.actor as usize],
            row.status.word(),
        ] {
            out.extend_from_slice(word.as_bytes());
            out.push(b',');
        }
        if row.severity > 0 {
            out.push(b'0' + row.severity);
        }
        for word in [
            customers[row.customer as usize].as_str(),
            PRODUCTS[usize::from(row.product)],
            CHANNELS[usize::from(row.channel)],
        ] {
            out.push(b',');
            out.extend_from_slice(word.as_bytes());
        }
        out.push(b'\n');
    }
    out
}

/// RFC 3339 in UTC with `Z`; six decimals only where the second is not whole.
fn push_instant(out: &mut Vec<u8>, at: i64) {
    let (seconds, micros) = (at.div_euclid(SECOND), at.rem_euclid(SECOND));
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, date) = civil(day);
    push_digits(out, year, 4);
    for (mark, value) in
        [(b'-', month), (b'-', date), (b'T', second / 3_600), (b':', second / 60 % 60), (b':', second % 60)]
    {
        out.push(mark);
        push_digits(out, value, 2);
    }
    if micros > 0 {
        out.push(b'.');
        push_digits(out, micros, 6);
    }
    out.push(b'Z');
}

fn push_digits(out: &mut Vec<u8>, mut value: i64, width: usize) {
    let at = out.len();
    out.resize(at + width, b'0');
    for digit in out[at..].iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

/// Year, month and day of a day since 1970-01-01, by eras of 400 years that begin in March.
const fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + (month <= 2) as i64, month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_those_of_chrono() {
        for at in [0, 951_782_400_000_000, 1_772_964_000_000_001, 4_102_444_799_999_999, -1] {
            let mut out = Vec::new();
            push_instant(&mut out, at);
            let expected = crate::calendar::Instant::from_micros(at).to_utc().map(|t| t.naive_utc());
            let text = String::from_utf8(out).unwrap();
            let found = chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.fZ");
            assert_eq!(found.ok(), expected, "{text}");
        }
    }
}
