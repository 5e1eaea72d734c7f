//! Random policies as TOML text: a few sets of calendars and levels, any `[clock]`, any `[after_hours]`,
//! any `[[inactivity]]`, any `[priority]`.
//!
//! The oracle and the library each read the text in their own way.

use super::random::Random;

/// Calendars and levels. The days round the changes of America/Denver to and from daylight saving time are
/// crowded with windows.
pub const BASES: [&str; 5] = [PLAIN, TWO_ZONES, NIGHT, NO_CALENDAR, ALWAYS_AND_OFFICE];

const PLAIN: &str = r#"name = "plain"
timezone = "UTC"
[calendars.office]
hours = { mon-fri = "08:00-17:00" }
[[severity]]
level = 1
first_response = "1bh"
next_response = "2bh"
update = "4bh"
resolution = "8bh"
[[severity]]
level = 2
first_response = "2bh"
next_response = "4bh"
update = "8bh"
resolution = "16bh"
[[severity]]
level = 3
first_response = "4bh"
next_response = "8bh"
update = "2bd"
resolution = "5bd"
[[severity]]
level = 4
"#;

const TWO_ZONES: &str = r#"name = "two zones"
timezone = "America/Denver"
[calendars.support]
hours = { mon-fri = "08:00-17:00" }
holidays = ["2026-01-06", "2026-03-09"]
closed = ["2026-01-07T12:00/2026-01-07T14:00", "2026-11-02T16:00/2026-11-02T20:00"]
days = { 2026-03-08 = "01:00-05:00", 2026-11-01 = "00:30-03:00", 2026-01-08 = "closed" }
[calendars.zulu]
timezone = "UTC"
hours = { mon-sun = "24h" }
[[severity]]
level = 1
calendar = "zulu"
first_response = "1 hour"
next_response = "2 hours"
update = "4 hours"
resolution = "24 hours"
[[severity]]
level = 2
calendar = "support"
first_response = "1 business hour"
next_response = "90bm"
update = "4bh"
resolution = "8bh"
[[severity]]
level = 3
calendar = "support"
first_response = "1bd"
next_response = "2 business days"
update = "1 day"
resolution = "2bd"
[[severity]]
level = 4
calendar = "support"
resolution = "16 hours"
[[severity]]
level = 5
calendar = "zulu"
first_response = "2bd"
update = "3bh"
resolution = "8bh"
"#;

const NIGHT: &str = r#"name = "night"
timezone = "America/Denver"
[calendars.night]
hours = { mon-fri = "22:00-06:00" }
holidays = ["2026-03-10"]
days = { 2026-03-07 = "22:00-06:00", 2026-03-08 = "05:00-09:00", 2026-10-31 = "20:00-02:00" }
[calendars.split]
timezone = "UTC"
hours = { mon-fri = "08:00-12:00, 13:00-17:00", sat = "10:00-11:00" }
[[severity]]
level = 1
calendar = "night"
first_response = "1bh"
update = "2bh"
resolution = "1bd"
[[severity]]
level = 2
calendar = "split"
first_response = "30bm"
next_response = "1bd"
update = "1bd"
resolution = "8bh"
[[severity]]
level = 3
calendar = "night"
next_response = "2bh"
resolution = "2 days"
"#;

const NO_CALENDAR: &str = r#"name = "no calendar"
timezone = "America/Denver"
[[severity]]
level = 1
first_response = "1h"
next_response = "1h"
update = "1bd"
resolution = "1bd"
[[severity]]
level = 2
first_response = "3600 seconds"
resolution = "24bh"
[[severity]]
level = 3
first_response = "2bd"
resolution = "1 week"
"#;

const ALWAYS_AND_OFFICE: &str = r#"name = "always and office"
timezone = "America/Denver"
[calendars.always]
hours = { mon-sun = "24h" }
[calendars.office]
hours = { mon-fri = "08:00-17:00" }
[[severity]]
level = 1
calendar = "always"
first_response = "1bh"
next_response = "1bh"
update = "1bd"
resolution = "2bd"
[[severity]]
level = 2
calendar = "office"
first_response = "1bh"
next_response = "1bh"
update = "1bd"
resolution = "2bd"
[[severity]]
level = 3
calendar = "office"
first_response = "1 hour"
resolution = "8 hours"
"#;

const INCLUDE: &str = "include = { customer = [\"acme\"] }\n";
const ENTITLED: &str = "entitled = { file = \"customers.csv\", key = \"customer\" }\n";

/// The entitlements that [`ENTITLED`] names; dates near those of the histories, both included.
pub const CUSTOMERS: &str = "customer,from,until
acme,,2026-01-06
acme,2026-03-08,2026-03-08
acme,2026-11-01,
blip,2026-01-07,2026-03-07
blip,2026-10-31,2026-10-31
";

/// Which parts of SPEC 7 a random policy may ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// `on_reclassify = "retarget"` and `on_reopen = "resume"` alone.
    Retarget,
    /// All of it.
    Everything,
}

/// One policy: which of [`BASES`] it has, and its text.
#[derive(Clone)]
pub struct PolicyText {
    pub base: usize,
    pub text: String,
}

/// Any policy within `reach`.
pub fn any(random: &mut Random, reach: Reach) -> PolicyText {
    let base = random.below(BASES.len());
    let after = ["", "first_response = \"24 hours\"\n", "first_response = \"2bh\"\nkind = \"commitment\"\n"];
    let after = [after[0], after[1], after[2], "first_response = \"1bd\"\nkind = \"best_effort\"\n"];
    let mut text = BASES[base].to_string();
    match random.pick(&after) {
        "" => {}
        rule => text += &format!("[after_hours]\n{rule}"),
    }
    text += "[clock]\n";
    let pauses = ["[]", "[\"waiting_customer\"]", "[\"waiting_other\"]", "[\"new\"]"];
    let more = ["[\"waiting_customer\", \"resolved\"]", "[\"open\", \"waiting_customer\"]"];
    if random.one_in(2) {
        let pause = if random.one_in(2) { random.pick(&pauses) } else { random.pick(&more) };
        text += &format!("pause_in = {pause}\n");
    }
    if random.one_in(4) {
        text += "response_by = [\"agent\", \"system\"]\n";
    }
    if random.one_in(3) {
        text += "agent_opened = \"measure\"\n";
    }
    if random.one_in(3) {
        text += "customer_message_resumes = false\n";
    }
    if random.one_in(3) {
        text += "resolution_answers = true\n";
    }
    if reach == Reach::Everything {
        let mode = random.pick(&["retarget", "restart", "keep", "prorate"]);
        let reopen = random.pick(&["resume", "restart"]);
        text += &format!("on_reclassify = \"{mode}\"\non_reopen = \"{reopen}\"\n");
    }
    inactivity(random, &mut text);
    priority(random, &mut text);
    if random.one_in(3) {
        let scopes = [INCLUDE, ENTITLED, ENTITLED, "include = { customer = [\"acme\", \"blip\"] }\n"];
        text += "[scope]\n";
        text += random.pick(&scopes);
    }
    PolicyText { base, text }
}

/// Rules for neither basis, one or both, in either order; lengths and graces of each kind, of none and of zero.
fn inactivity(random: &mut Random, text: &mut String) {
    let orders: [&[&str]; 6] = [
        &[],
        &["waiting_customer"],
        &["resolved"],
        &["waiting_customer", "resolved"],
        &["waiting_customer", "resolved"],
        &["resolved", "waiting_customer"],
    ];
    for basis in random.pick(&orders) {
        *text += &format!("[[inactivity]]\nbasis = \"{basis}\"\n");
        if random.one_in(2) {
            *text += random.pick(&["infer = true\n", "infer = true\n", "infer = false\n"]);
        }
        let lengths =
            ["30m", "1 hour", "24h", "2 days", "90bm", "1 business hour", "8bh", "1bd", "3 business days"];
        if !random.one_in(6) {
            *text += &format!("close_after = \"{}\"\n", random.pick(&lengths));
        }
        let graces = ["0 minutes", "0bd", "1h", "1 day", "30bm", "4bh", "1bd", "2 business days"];
        if !random.one_in(3) {
            *text += &format!("grace = \"{}\"\n", random.pick(&graces));
        }
    }
}

/// No `[priority]`, one without tolerance, tolerances of each kind.
fn priority(random: &mut Random, text: &mut String) {
    if random.one_in(3) {
        return;
    }
    *text += "[priority]\n";
    let tolerances =
        ["0 minutes", "0bs", "0bd", "30m", "1 hour", "1 day", "15 business minutes", "2bh", "1bd"];
    if !random.one_in(6) {
        *text += &format!("tolerance = \"{}\"\n", random.pick(&tolerances));
    }
}
