//! How many findings there are of each code. Which there are, the replay says.

/// Findings by code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In order of their first one: a few dozen codes at most, so they are looked for one by one.
    counts: Vec<(&'static str, u64)>,
}

/// The letter and the number of a code as one number: compared at once, without a call.
fn key(code: &str) -> u32 {
    u32::from_be_bytes(code.as_bytes().first_chunk().copied().unwrap_or_default())
}

impl Found {
    /// Counts `n` more of a code.
    pub(super) fn add(&mut self, code: &'static str, n: u64) {
        match self.counts.iter_mut().find(|(known, _)| key(known) == key(code)) {
            Some((_, count)) => *count += n,
            None => self.counts.push((code, n)),
        }
    }

    /// Every code that was found, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.counts.iter().copied()
    }

    /// How many there are of all codes.
    pub fn n(&self) -> u64 {
        self.counts.iter().map(|(_, n)| n).sum()
    }
}
