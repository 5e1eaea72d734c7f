//! The policy as typed data. A [`Policy`] exists only when it is valid: whatever builds one has made every
//! check of SPEC 4. Not a parser; knows nothing of histories but their roles and categories.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::calendar::{Calendar, Duration};
use crate::history::{Category, Role};

/// One version of what the support department promises (SPEC 4).
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The policy's own name.
    pub name: String,
    /// `effective_from` as text, else the file's stem (SPEC appendix, `policy_version`).
    pub version: String,
    /// First local date, in `timezone`, on which a case opened falls under this version.
    pub effective_from: Option<NaiveDate>,
    /// The policy's zone.
    pub timezone: Tz,
    /// At least one; a policy without calendars has one named `24h`, open all the time.
    pub calendars: Vec<Calendar>,
    /// Severity levels, ascending by level.
    pub severities: Vec<SeverityRule>,
    /// The promise for cases opened outside hours.
    pub after_hours: Option<AfterHours>,
    /// How clocks run.
    pub clock: ClockRules,
    /// Closure for inactivity, in order of the file.
    pub inactivity: Vec<InactivityRule>,
    /// Priority order; `None`: no tolerance given, zero.
    pub priority: Option<PriorityRule>,
    /// Which cases the policy covers.
    pub scope: ScopeRules,
    /// Attainment that `check` and the report ask for: metric, or metric with severity, to a share in (0, 1].
    pub objectives: Vec<(String, f64)>,
    /// Clauses of the policy's text and the metrics that measure them.
    pub clauses: Vec<Clause>,
}

impl Policy {
    /// The rule of severity `level`, if the policy defines it.
    pub fn severity(&self, level: u8) -> Option<&SeverityRule> {
        self.severities.iter().find(|rule| rule.level == level)
    }
}

/// What is promised for one severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeverityRule {
    /// 1 (most severe) to 9.
    pub level: u8,
    /// Name for people; the level as text where the file gives none.
    pub name: String,
    /// Index into [`Policy::calendars`].
    pub calendar: usize,
    /// Target of the first response.
    pub first_response: Option<Duration>,
    /// Target of each next response.
    pub next_response: Option<Duration>,
    /// Target of updates.
    pub update: Option<Duration>,
    /// Target of the resolution.
    pub resolution: Option<Duration>,
}

/// The promise for cases opened outside hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AfterHours {
    /// Target of `after_hours_response`.
    pub first_response: Option<Duration>,
    /// Whether it counts toward compliance.
    pub kind: PromiseKind,
}

/// Whether a target counts toward compliance (SPEC 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PromiseKind {
    /// Counts.
    Commitment,
    /// Reported beside, never mixed in.
    BestEffort,
}

impl PromiseKind {
    /// Every one, the default first.
    pub const ALL: [PromiseKind; 2] = [PromiseKind::BestEffort, PromiseKind::Commitment];

    /// The word in a policy file.
    pub const fn word(self) -> &'static str {
        match self {
            PromiseKind::BestEffort => "best_effort",
            PromiseKind::Commitment => "commitment",
        }
    }
}

/// A set of categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct CategorySet(pub u8);

impl CategorySet {
    /// With `category` added.
    pub const fn with(self, category: Category) -> CategorySet {
        CategorySet(self.0 | 1 << category as u8)
    }

    /// True where `category` is in the set.
    pub const fn has(self, category: Category) -> bool {
        self.0 >> category as u8 & 1 == 1
    }

    /// The canonical words of the set, in the order of the SPEC.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Category::ALL.into_iter().filter(move |category| self.has(*category)).map(Category::word)
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct RoleSet(pub u8);

impl RoleSet {
    /// The roles whose messages may be answers.
    pub const ANSWERING: [Role; 2] = [Role::Agent, Role::System];

    /// With `role` added.
    pub const fn with(self, role: Role) -> RoleSet {
        RoleSet(self.0 | 1 << role as u8)
    }

    /// True where `role` is in the set.
    pub const fn has(self, role: Role) -> bool {
        self.0 >> role as u8 & 1 == 1
    }

    /// The canonical words of the set: those of [`RoleSet::ANSWERING`].
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        RoleSet::ANSWERING.into_iter().filter(move |role| self.has(*role)).filter_map(Role::word)
    }
}

/// `[clock]` (SPEC 4, 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockRules {
    /// Categories in which `update` and `resolution` pause; resolved, closed and void have no effect here.
    pub pause_in: CategorySet,
    /// Whose public messages are responses.
    pub response_by: RoleSet,
    /// What becomes of the response clocks of a case that an agent opened.
    pub agent_opened: AgentOpened,
    /// What a change of severity does to a running clock.
    pub on_reclassify: OnReclassify,
    /// What a reopening does to the resolution clock.
    pub on_reopen: OnReopen,
    /// A pause for the customer ends at the customer's next public message (SPEC 7.1).
    pub customer_message_resumes: bool,
    /// Entering resolved or closed by an agent answers what waits for an answer (SPEC 7.2).
    pub resolution_answers: bool,
}

impl Default for ClockRules {
    /// What SPEC 4 lists.
    fn default() -> ClockRules {
        ClockRules {
            pause_in: CategorySet::default().with(Category::WaitingCustomer).with(Category::WaitingOther),
            response_by: RoleSet::default().with(Role::Agent),
            agent_opened: AgentOpened::Exempt,
            on_reclassify: OnReclassify::Retarget,
            on_reopen: OnReopen::Resume,
            customer_message_resumes: true,
            resolution_answers: false,
        }
    }
}

/// `agent_opened`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentOpened {
    /// Response clocks of such a case are exempt.
    Exempt,
    /// They are measured like any other.
    Measure,
}

impl AgentOpened {
    /// Every one, the default first.
    pub const ALL: [AgentOpened; 2] = [AgentOpened::Exempt, AgentOpened::Measure];

    /// The word in a policy file.
    pub const fn word(self) -> &'static str {
        match self {
            AgentOpened::Exempt => "exempt",
            AgentOpened::Measure => "measure",
        }
    }
}

/// `on_reclassify` (SPEC 7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnReclassify {
    /// Start and used time stay, the target becomes the new severity's.
    Retarget,
    /// The clock starts again at the change.
    Restart,
    /// Target and calendar of the severity at the start.
    Keep,
    /// Each stretch uses up its own share of its own target.
    Prorate,
}

impl OnReclassify {
    /// Every one, the default first.
    pub const ALL: [OnReclassify; 4] =
        [OnReclassify::Retarget, OnReclassify::Restart, OnReclassify::Keep, OnReclassify::Prorate];

    /// The word in a policy file.
    pub const fn word(self) -> &'static str {
        match self {
            OnReclassify::Retarget => "retarget",
            OnReclassify::Restart => "restart",
            OnReclassify::Keep => "keep",
            OnReclassify::Prorate => "prorate",
        }
    }
}

/// `on_reopen`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnReopen {
    /// The resolution clock goes on; the time between is paused time.
    Resume,
    /// A new cycle starts.
    Restart,
}

impl OnReopen {
    /// Every one, the default first.
    pub const ALL: [OnReopen; 2] = [OnReopen::Resume, OnReopen::Restart];

    /// The word in a policy file.
    pub const fn word(self) -> &'static str {
        match self {
            OnReopen::Resume => "resume",
            OnReopen::Restart => "restart",
        }
    }
}

/// One `[[inactivity]]` rule (SPEC 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InactivityRule {
    /// `waiting_customer` or `resolved`.
    pub basis: Category,
    /// SPEC 9.1, `infer`.
    pub infer: bool,
    /// After how long the case is to be closed; `None`: measured, not judged.
    pub close_after: Option<Duration>,
    /// How much later still is on time; zero where the file gives none.
    pub grace: Duration,
}

impl InactivityRule {
    /// What [`InactivityRule::basis`] may be.
    pub const BASES: [Category; 2] = [Category::WaitingCustomer, Category::Resolved];
}

/// `[priority]` (SPEC 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriorityRule {
    /// How long a more severe case must have waited to count as overtaken.
    pub tolerance: Duration,
}

/// `[scope]` (SPEC 4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeRules {
    /// Customers entitled to support, with their dates.
    pub entitled: Option<Entitlements>,
    /// Attribute name and the values of which it must have one, exactly.
    pub include: Vec<(String, Vec<String>)>,
}

/// The entitlement file, read: customer to local date ranges, both ends included, `None` is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entitlements {
    /// The case attribute that names the customer.
    pub key: String,
    /// The file, relative to the folder of the policy file that was loaded.
    pub file: String,
    /// Ascending by customer.
    pub customers: Vec<(String, Vec<DateRange>)>,
}

/// Local dates from and until, both included; `None` is open.
pub type DateRange = (Option<NaiveDate>, Option<NaiveDate>);

/// One clause of the policy's own text (SPEC 15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The clause's text.
    pub text: String,
    /// What measures it.
    pub metrics: Vec<String>,
}

/// One version or several, ascending by `effective_from` (SPEC 6). Never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// The versions.
    pub versions: Vec<Policy>,
    /// Every file that was read for them, for the manifest; empty for a book that was not read from files.
    pub files: Vec<PolicyFile>,
}

/// A file that a policy was read from: itself, what it inherits, customers, calendars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// As the user gave it; `built-in:NAME` for a shipped one.
    pub path: String,
    /// What was read.
    pub bytes: Vec<u8>,
}
