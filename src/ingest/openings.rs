//! When cases open, all together: dates without a time of day make every one of them open at midnight, and an import makes
//! all of them open at one instant. Nobody sees that in a figure of a first response that is too long by hours, so it is
//! counted and told. Nothing is corrected: what the times should be is not known.

use super::group::{Numbered, block_of};
use super::rows::Row;
use crate::calendar::{Instant, SECOND};
use crate::history::EventKind;
use crate::zones;

/// When the cases of some part open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Openings {
    /// Cases.
    n: u64,
    /// Of them those that open at midnight, in the zone of their times or in UTC.
    n_midnight: u64,
    /// The first and the last opening, µs.
    span: Option<(i64, i64)>,
}

/// Seconds that the offset of a zone is a multiple of.
const QUARTER: i64 = 900 * SECOND;

impl Openings {
    /// Of the cases that start in `rows` where `starts` says, one more than cases.
    pub(super) fn of(rows: &[Row], starts: &[u32], blocks: &[Numbered]) -> Openings {
        let mut all = Openings::default();
        for ends in starts.windows(2).filter(|ends| ends[0] < ends[1]) {
            let rows = &rows[ends[0] as usize..ends[1] as usize];
            // Mostly the first.
            let opens = rows.iter().find(|row| row.kind() == EventKind::Opened).unwrap_or(&rows[0]);
            all.n += 1;
            // A midnight is hardly ever anything else, and most instants are none.
            all.n_midnight += u64::from(opens.at % QUARTER == 0 && is_midnight(opens, blocks));
            let (first, last) = all.span.unwrap_or((opens.at, opens.at));
            all.span = Some((first.min(opens.at), last.max(opens.at)));
        }
        all
    }

    /// Takes over what was counted of other cases.
    pub(super) fn add(&mut self, other: &Openings) {
        self.n += other.n;
        self.n_midnight += other.n_midnight;
        self.span = match (self.span, other.span) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
    }

    /// What is odd about them, a sentence each.
    pub(super) fn sentences(&self) -> Vec<String> {
        let mut all = Vec::new();
        let Openings { n, n_midnight, span } = *self;
        // By chance one opening in 1,440 is at midnight.
        if n_midnight > 0 && n_midnight * 2 > n {
            let cases = match (n_midnight == n, n) {
                (true, 1) => "the only case opens".to_owned(),
                (true, _) => format!("all {n} cases open"),
                (false, _) => format!("{n_midnight} of {n} cases open"),
            };
            all.push(format!(
                "{cases} at midnight: are these dates without a time of day? Then every length from an opening, such \
                 as that of a first response, is wrong by up to a day"
            ));
        }
        if let Some((first, last)) = span.filter(|(first, last)| first == last && n >= FEW) {
            let at = Instant::from_micros(first.min(last)).rfc3339();
            all.push(format!(
                "all {n} cases open at one instant, {at}: is that the time of an import, and not of the openings?"
            ));
        }
        all
    }
}

/// Fewer cases may well come in one batch.
const FEW: u64 = 3;

fn is_midnight(row: &Row, blocks: &[Numbered]) -> bool {
    let second = row.at.div_euclid(SECOND);
    let zone = blocks.get(block_of(row.number, blocks)).map(|block| block.zone);
    let offset = zone.map_or(0, |zone| i64::from(zones::offset(zone, second)));
    [0, offset].iter().any(|offset| (second + offset).rem_euclid(86_400) == 0)
}
