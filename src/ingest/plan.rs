//! What is to be read and how: the arguments of [`crate::ingest::read`], and how it tells of its progress.
//! No files are touched here.

use std::path::PathBuf;

use chrono_tz::Tz;

use super::input_files::PassedOver;
use super::profile::Profile;
use crate::calendar::Instant;

/// Which extra columns become case attributes (SPEC 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attributes {
    /// All that the profile lets through.
    All,
    /// None: their cells are never looked at.
    None,
    /// Those of these names, where the input has them.
    Named(Vec<String>),
}

/// What is to be read.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The input files, in the order that breaks ties (SPEC 1).
    pub files: Vec<PathBuf>,
    /// Files beside them that are not read, for whoever asks.
    pub passed_over: Vec<PassedOver>,
    /// How their columns and words become canonical.
    pub profile: Profile,
    /// Zone of local times, over the profile's own.
    pub timezone: Option<Tz>,
    /// Which extra columns are kept.
    pub attributes: Attributes,
    /// Rows later than this give no attributes: they do not exist yet (SPEC 1). `None`: all rows do.
    pub as_of: Option<Instant>,
    /// A column that is kept as it stands in every row, whatever the profile makes of it.
    pub watch: Option<String>,
    /// Largest share of rejected rows, 0 to 1, with which a report is still made.
    pub max_rejected: f64,
    /// Bytes of CSV that one thread parses at a time; the result does not depend on it.
    pub block_size: usize,
    /// Whether to hash each input while it is read (CSV) or beside it (Parquet).
    pub hash_inputs: bool,
    /// Bytes that rows may take in memory while they wait, where they are read in parts ([`super::read_in_parts`]); others wait
    /// in a temporary file. `None`: all of them wait in memory. The result does not depend on it.
    pub memory: Option<u64>,
    /// Reads no more of a file than its first blocks, which have so many bytes together (unpacked), or the first row groups
    /// of Parquet; [`super::FileLedger::is_cut`] tells where more is there. `None`: all of it.
    pub sample: Option<u64>,
}

impl Plan {
    /// `files` under `profile`, everything else as the command line has it by default.
    pub fn new(files: Vec<PathBuf>, profile: Profile) -> Plan {
        Plan {
            files,
            passed_over: Vec::new(),
            profile,
            timezone: None,
            attributes: Attributes::All,
            as_of: None,
            watch: None,
            max_rejected: 0.01,
            block_size: 4 << 20,
            hash_inputs: false,
            memory: None,
            sample: None,
        }
    }

    /// True where an attribute of this name is wanted.
    pub(super) fn wants(&self, name: &str) -> bool {
        match &self.attributes {
            Attributes::All => true,
            Attributes::None => false,
            Attributes::Named(names) => names.iter().any(|n| n == name),
        }
    }
}

/// Told now and then how far the reading is; called from several threads.
pub trait Progress: Sync {
    /// `done` of `total` bytes of all input files are read.
    fn bytes(&self, done: u64, total: u64);
}

/// For callers that show nothing.
pub struct Silent;

impl Progress for Silent {
    fn bytes(&self, _done: u64, _total: u64) {}
}
