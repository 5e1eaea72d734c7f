//! The keys of a policy file (SPEC 4): what the readers of this folder know, and the schema for editors.

use super::forms;
use super::measures::{METRICS, OTHER_MEASURES};
use super::model::{AgentOpened, InactivityRule, OnReclassify, OnReopen, PromiseKind, RoleSet};
use crate::calendar::HolidaySet;
use crate::history::{Category, Role};
use crate::schema::{Key, Kind, Section, document};

/// The JSON Schema (draft 2020-12) of a policy file, for editors; `docs/schema/policy.json` is a copy.
///
/// A valid policy is valid under it. It does not know names that are defined elsewhere in a file, what a file
/// inherits, and which texts of the right form mean nothing: `policy check` does.
pub fn schema() -> String {
    let about = "A support policy of slaudit: hours, severities, targets, closure rules. Every promise is \
        optional. \
        `slaudit policy check` knows more than this schema can say.";
    document("slaudit policy", about, &POLICY)
}

const DURATION: Kind = Kind::Shared("duration", &Kind::Form(forms::duration));
const TARGET: Kind = Kind::Shared("duration_above_zero", &Kind::Form(forms::duration_above_zero));
const HOURS: Kind = Kind::Shared("hours", &Kind::Form(forms::hours));
const ZONE: Kind = Kind::Shared("timezone", &Kind::Word(zones));

fn zones() -> Vec<&'static str> {
    crate::zones::names().collect()
}

/// The top level.
pub(super) const POLICY: Section = Section::new(&[
    Key::new(
        "inherit",
        Kind::Said,
        "Another policy file to build on; the path is relative to this file, or the name of a shipped \
        policy.",
    )
    .like("\"in8sync.toml\""),
    Key::new(
        "name",
        Kind::Said,
        "What the report calls the policy. Without it: the file's name without `.toml`.",
    )
    .like("\"Support policy\""),
    Key::new(
        "effective_from",
        Kind::Date,
        "First local date, in `timezone`, on which a case opened falls under this version; a date without \
        quotes. Needed in a book.",
    )
    .like("2026-01-01"),
    Key::new(
        "timezone",
        ZONE,
        "IANA name of the policy's time zone: of dates, periods, and calendars that name none. Needed \
        unless each calendar names its own.",
    )
    .like("\"America/Denver\""),
    Key::new(
        "calendars",
        Kind::Named(None, &Kind::Table(&CALENDAR)),
        "When support is open, by name of the calendar. Without any there is one, `24h`, open all the \
        time.",
    ),
    Key::new("severity", Kind::Tables(&SEVERITY), "What is promised for each severity."),
    Key::new(
        "after_hours",
        Kind::Table(&AFTER_HOURS),
        "The promise for cases opened while the calendar of their severity is closed.",
    ),
    Key::new("clock", Kind::Table(&CLOCK), "How clocks run."),
    Key::new(
        "inactivity",
        Kind::Tables(&INACTIVITY),
        "When a case without activity is to be closed: a rule for each basis.",
    ),
    Key::new("priority", Kind::Table(&PRIORITY), "When a more severe case counts as overtaken."),
    Key::new("scope", Kind::Table(&SCOPE), "Which cases the policy covers."),
    Key::new(
        "objectives",
        Kind::Named(Some(forms::objective), &Kind::Share),
        "Attainment asked for, above 0 and up to 1: by metric, or by `\"METRIC.severity.N\"`.",
    )
    .like("{ \"first_response\" = 0.95, \"first_response.severity.1\" = 0.99 }"),
    Key::new(
        "clause",
        Kind::Tables(&CLAUSE),
        "The clauses of the policy's own text, each with what measures it.",
    ),
]);

/// `[calendars.NAME]`.
pub(super) const CALENDAR: Section = Section::new(&[
    Key::new(
        "timezone",
        ZONE,
        "IANA name of the zone in which the hours are meant. Without it: the policy's.",
    )
    .like("\"America/Denver\""),
    Key::new(
        "hours",
        Kind::Named(Some(forms::weekdays), &HOURS),
        "Weekday or range of weekdays = windows of local time, HH:MM or HH:MM:SS, the end not included. \
        Needed unless it is inherited.",
    )
    .like("{ mon-thu = \"08:00-12:00, 13:00-17:00\", fri = \"08:00-12:00\" }"),
    Key::new(
        "holidays",
        Kind::List(&HOLIDAY, 0),
        "Local dates on which the calendar is closed: dates in quotes, names of built-in sets, or files \
        of them.",
    )
    .like("[\"us-federal\", \"2026-12-24\", { ics = \"company.ics\" }]"),
    Key::new(
        "closed",
        Kind::List(&Kind::Form(forms::closure), 0),
        "Single closures in local time, FROM/TO; they win over everything.",
    )
    .like("[\"2026-03-02T12:00/2026-03-02T14:00\"]"),
    Key::new(
        "days",
        Kind::Named(Some(forms::date), &HOURS),
        "A date's own hours, or `closed`; they win over week and holidays.",
    )
    .like("{ 2026-12-24 = \"08:00-12:00\", 2026-12-26 = \"closed\" }"),
]);

const HOLIDAY: Kind = Kind::Any(&[
    Kind::Word(|| HolidaySet::ALL.map(HolidaySet::name).to_vec()),
    Kind::Form(forms::date),
    Kind::Table(&HOLIDAY_FILE),
]);

/// An element of `holidays` that names a file.
pub(super) const HOLIDAY_FILE: Section = Section::new(&[
    Key::needed(
        "ics",
        Kind::Said,
        "An iCalendar file: all-day events close their dates, others their hours. The path is relative to the policy \
        file that names it.",
    )
    .like("\"company.ics\""),
    Key::new(
        "categories",
        Kind::List(&Kind::Said, 1),
        "Only events of one of these categories, as written in the file.",
    )
    .like("[\"Holiday\"]"),
    Key::new("except", Kind::List(&Kind::Said, 1), "Not the events with one of these summaries.")
        .like("[\"Columbus Day\"]"),
]);

/// `[[severity]]`.
pub(super) const SEVERITY: Section = Section::new(&[
    Key::needed("level", Kind::Whole(1, 9), "The severity's number: 1 is the most severe. No level twice.")
        .like("1"),
    Key::new("name", Kind::Said, "What the report calls it. Without it: the level.").like("\"Critical\""),
    Key::new(
        "calendar",
        Kind::Said,
        "The calendar on which it is measured; needed where the policy has several.",
    )
    .like("\"support\""),
    Key::new(
        "first_response",
        TARGET,
        "Target from the opening to the first answer: one whole number and one unit, elapsed or business \
        time.",
    )
    .like("\"1 business hour\""),
    Key::new("next_response", TARGET, "Target from a customer's message to the next answer.")
        .like("\"4 business hours\""),
    Key::new("update", TARGET, "Target for how long support may stay silent.").like("\"1 business day\""),
    Key::new("resolution", TARGET, "Target from the opening to resolved or closed, without pauses.")
        .like("\"8 business hours\""),
]);

/// `[after_hours]`.
pub(super) const AFTER_HOURS: Section = Section::new(&[
    Key::new("first_response", TARGET, "Target from the opening to the first answer.").like("\"24 hours\""),
    Key::new(
        "kind",
        Kind::Word(|| PromiseKind::ALL.map(PromiseKind::word).to_vec()),
        "Whether it counts toward compliance, or is reported beside it.",
    )
    .or("\"best_effort\""),
]);

/// `[clock]`.
pub(super) const CLOCK: Section = Section::new(&[
    Key::new(
        "pause_in",
        Kind::List(&Kind::Word(categories), 0),
        "Status categories in which `update` and `resolution` stand still; resolved, closed and void have \
        no effect here.",
    )
    .or("[\"waiting_customer\", \"waiting_other\"]"),
    Key::new("response_by", Kind::List(&Kind::Word(answering), 1), "Whose public messages are answers.")
        .or("[\"agent\"]"),
    Key::new(
        "agent_opened",
        Kind::Word(|| AgentOpened::ALL.map(AgentOpened::word).to_vec()),
        "Whether the response clocks of a case that support opened itself are measured.",
    )
    .or("\"exempt\""),
    Key::new(
        "on_reclassify",
        Kind::Word(|| OnReclassify::ALL.map(OnReclassify::word).to_vec()),
        "What a change of severity does to a running clock.",
    )
    .or("\"retarget\""),
    Key::new(
        "on_reopen",
        Kind::Word(|| OnReopen::ALL.map(OnReopen::word).to_vec()),
        "What a reopening does to the resolution clock.",
    )
    .or("\"resume\""),
    Key::new(
        "customer_message_resumes",
        Kind::Flag,
        "A pause for the customer ends at the customer's next message, whatever the status says.",
    )
    .or("true"),
    Key::new(
        "resolution_answers",
        Kind::Flag,
        "A resolution or a close by an agent without a message counts as the answer.",
    )
    .or("false"),
]);

/// The words of `pause_in`.
pub(super) fn categories() -> Vec<&'static str> {
    Category::ALL.map(Category::word).to_vec()
}

/// The words of `response_by`.
pub(super) fn answering() -> Vec<&'static str> {
    RoleSet::ANSWERING.into_iter().filter_map(Role::word).collect()
}

/// `[[inactivity]]`.
pub(super) const INACTIVITY: Section = Section::new(&[
    Key::needed(
        "basis",
        Kind::Word(|| InactivityRule::BASES.map(Category::word).to_vec()),
        "The status category that counts as inactive. No basis twice.",
    )
    .like("\"waiting_customer\""),
    Key::new(
        "infer",
        Kind::Flag,
        "Where no row of the input has the category, take each answer that leaves the case open for its \
        start.",
    )
    .or("false"),
    Key::new(
        "close_after",
        TARGET,
        "After how long the case is to be closed. Without it: measured, not judged.",
    )
    .like("\"10 business days\""),
    Key::new("grace", DURATION, "How much later is still on time. Without it: zero.")
        .like("\"1 business day\""),
]);

/// `[priority]`.
pub(super) const PRIORITY: Section = Section::new(&[Key::new(
    "tolerance",
    DURATION,
    "A more severe case that had waited at least this long was overtaken. Without it: zero.",
)
.like("\"15 business minutes\"")]);

/// `[scope]`.
pub(super) const SCOPE: Section = Section::new(&[
    Key::new(
        "entitled",
        Kind::Table(&ENTITLED),
        "The customers who may have support, and when. Without it: everybody.",
    ),
    Key::new(
        "include",
        Kind::Named(None, &Kind::List(&Kind::Said, 1)),
        "Case attribute = values, of which a case must have one, exactly, for every attribute named. \
        Without it: every case.",
    )
    .like("{ channel = [\"portal\"] }"),
]);

/// `scope.entitled`.
pub(super) const ENTITLED: Section = Section::new(&[
    Key::new(
        "file",
        Kind::Said,
        "CSV in UTF-8 with the columns customer, from, until: local dates, both included, empty is open. \
        Needed unless it is inherited.",
    )
    .like("\"customers.csv\""),
    Key::new("key", Kind::Said, "The case attribute that names the customer. Needed unless it is inherited.")
        .like("\"customer\""),
]);

/// `[[clause]]`.
pub(super) const CLAUSE: Section = Section::new(&[
    Key::needed("text", Kind::Said, "The clause in a sentence.").like("\"answers within a day\""),
    Key::new("metrics", Kind::List(&Kind::Word(measures), 0), "What measures it.")
        .or("[]")
        .like("[\"first_response\"]"),
]);

/// The words of a clause's `metrics`.
pub(super) fn measures() -> Vec<&'static str> {
    METRICS.into_iter().chain(OTHER_MEASURES).collect()
}
