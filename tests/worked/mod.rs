//! Six cases worked by hand, as facts: no policy file, no input, no replay is needed to test what comes after.

use chrono_tz::America::Denver;
use slaudit::calendar::{Duration, Form, Instant, SECOND, Unit};
use slaudit::history::{
    Attribute, CaseEvents, Category, Event, EventKind, Events, History, Role, StatusId, WordId, Words,
};
use slaudit::policy::{Book, ClockRules, Policy, PromiseKind, ScopeRules};
use slaudit::replay::{About, CaseFact, CaseFacts, CaseFinding, ClockFact, Metric, Reason, Source, Verdict};

/// Monday 2026-01-05, 09:00 UTC; everything below is told in minutes after it.
pub const MONDAY: Instant = Instant::from_seconds(1_767_603_600);

/// Minutes after [`MONDAY`].
pub fn minute(n: i64) -> Instant {
    MONDAY.plus(n * 60 * SECOND)
}

const ONE_HOUR: Duration = Duration { count: 1, unit: Unit::BusinessHours, form: Form::Long };

/// One version, in Denver, with no severity rule of its own: the facts bring their verdicts with them.
pub fn book() -> Book {
    let rule = slaudit::policy::SeverityRule {
        level: 1,
        name: "Critical".into(),
        calendar: 0,
        first_response: Some(ONE_HOUR),
        next_response: None,
        update: None,
        resolution: None,
    };
    let policy = Policy {
        name: "Worked".into(),
        version: "worked".into(),
        effective_from: None,
        timezone: Denver,
        calendars: vec![],
        severities: vec![rule],
        after_hours: None,
        clock: ClockRules::default(),
        inactivity: vec![],
        priority: None,
        scope: ScopeRules::default(),
        objectives: vec![],
        clauses: vec![],
    };
    Book { versions: vec![policy], files: vec![] }
}

fn words(all: &[&str]) -> Words {
    let mut words = Words::default();
    all.iter().for_each(|w| {
        words.push(w);
    });
    words
}

/// Six cases `a` to `f`; one event each, since nothing here replays them.
pub fn history() -> History {
    let opening = (EventKind::Opened, Role::Customer, WordId::NONE);
    let events = [Event::new(minute(0), opening, StatusId::NONE, 0)];
    History {
        case_ids: words(&["a", "b", "c", "d", "e", "f"]),
        events: Events::of((0..6).map(|_| &events[..])),
        actors: words(&["Ann", "=cmd()"]),
        statuses: words(&["Open"]),
        categories: vec![Category::Open],
        attributes: vec![
            Attribute {
                name: "customer".into(),
                words: words(&["Acme", "Blue"]),
                values: [0, 0, 1, 1, u32::MAX, 0].map(WordId).to_vec(),
            },
            Attribute { name: "scope".into(), words: words(&["EU"]), values: vec![WordId(0); 6] },
        ],
        has_messages: true,
        has_statuses: true,
        span: Some((minute(0), minute(600))),
    }
}

fn case(case: u32, severity: u8) -> CaseFact {
    CaseFact {
        case,
        opened_at: minute(0),
        opened_in_hours: Some(true),
        opened_by_role: Role::Customer,
        severity_first: Some(severity),
        severity_last: Some(severity),
        status_last: StatusId(0),
        category_last: Category::Open,
        first_response_at: None,
        resolved_at: None,
        closed_at: None,
        closed_by_role: Role::Unknown,
        n_events: 2,
        n_events_before_opening: 0,
        n_customer_messages: 0,
        n_agent_messages: 1,
        n_notes: 0,
        n_severity_changes: 0,
        n_reopenings: 0,
        n_rounds: 0,
        n_overtaken: 0,
        category_open: Some([0, 60 * SECOND, 0, 0, 0]),
        out_of_scope: None,
        version: 0,
    }
}

fn clock(metric: Metric, severity: u8, verdict: Verdict, minutes: i64) -> ClockFact {
    let used = minutes * 60 * SECOND;
    let target = (metric == Metric::FirstResponse).then_some(ONE_HOUR);
    ClockFact {
        metric,
        cycle: 1,
        started_at: minute(0),
        stopped_at: None,
        stopped_by_role: Role::Unknown,
        stopped_by: WordId::NONE,
        source: None,
        is_done: false,
        due_at: target.map(|_| minute(60)),
        elapsed: used,
        paused: 0,
        business: Some(used),
        stale_pause: 0,
        target,
        target_amount: target.map(|_| 3_600 * SECOND),
        margin: target.map(|_| 3_600 * SECOND - used),
        used: target.map(|_| used),
        used_share: None,
        verdict,
        reason: None,
        kind: target.map(|_| PromiseKind::Commitment),
        severity_at_start: Some(severity),
        severity_at_stop: Some(severity),
        n_severity_changes: 0,
        started_in_hours: Some(true),
        over_before: false,
        masked: false,
        exposed: false,
        verdict_at_first_severity: verdict,
    }
}

fn stopped(clock: ClockFact, role: Role, actor: u32) -> ClockFact {
    let is_answer = role == Role::Agent && clock.verdict != Verdict::Unanswered;
    let source = Some(if is_answer { Source::Message } else { Source::Status });
    let stopped_at = Some(MONDAY.plus(clock.elapsed));
    let stopped_by = WordId(actor);
    ClockFact { stopped_at, stopped_by_role: role, stopped_by, source, is_done: is_answer, ..clock }
}

fn facts(case: CaseFact, first: ClockFact) -> CaseFacts {
    let resolution = clock(Metric::Resolution, first.severity_at_start.unwrap_or(0), Verdict::NoTarget, 600);
    let (changes, spells, asked, findings) = (vec![], vec![], vec![], vec![]);
    let clocks = vec![first, resolution];
    CaseFacts { case, clocks, changes, spells, asked, ended: vec![], overtaken: None, findings }
}

/// What the replay would make of case number `n`:
/// `a` met after 30 minutes, `b` missed half a second over the hour, `c` ended by support after 10 minutes
/// without an answer, `d` still running after 40, `e` ended by the customer after 20, `f` opened by an agent.
pub fn replayed(n: u32) -> CaseFacts {
    let first = |severity, verdict, minutes| clock(Metric::FirstResponse, severity, verdict, minutes);
    match n {
        0 => {
            let answered = CaseFact { first_response_at: Some(minute(30)), ..case(0, 1) };
            facts(answered, stopped(first(1, Verdict::Met, 30), Role::Agent, 0))
        }
        1 => missed_by_half_a_second(),
        2 => {
            let closed = CaseFact {
                category_last: Category::Closed,
                closed_at: Some(minute(10)),
                closed_by_role: Role::Agent,
                ..case(2, 2)
            };
            let mut all = facts(closed, stopped(first(2, Verdict::Unanswered, 10), Role::Agent, 0));
            all.findings.push(finding(slaudit::codes::R102, minute(10)));
            all
        }
        3 => facts(case(3, 2), first(2, Verdict::Pending, 40)),
        4 => facts(case(4, 2), stopped(first(2, Verdict::Withdrawn, 20), Role::Customer, u32::MAX)),
        _ => {
            let exempt = ClockFact { reason: Some(Reason::AgentOpened), ..first(2, Verdict::Exempt, 40) };
            facts(
                CaseFact { opened_by_role: Role::Agent, opened_in_hours: Some(false), ..case(5, 2) },
                exempt,
            )
        }
    }
}

fn missed_by_half_a_second() -> CaseFacts {
    let used = 3_600 * SECOND + SECOND / 2;
    let over = ClockFact {
        elapsed: used,
        business: Some(used),
        margin: Some(-SECOND / 2),
        ..clock(Metric::FirstResponse, 1, Verdict::Missed, 60)
    };
    let answered = CaseFact { first_response_at: Some(MONDAY.plus(used)), ..case(1, 1) };
    let mut all = facts(answered, stopped(over, Role::Agent, 1));
    all.findings.push(finding(slaudit::codes::R101, MONDAY.plus(used)));
    all
}

fn finding(code: &'static str, at: Instant) -> CaseFinding {
    CaseFinding {
        code,
        at,
        clock: Some((Metric::FirstResponse, 1)),
        about: About::Case,
        event: None,
        n_events: 1,
    }
}

/// The replay of the six cases.
pub struct Worked;

impl slaudit::facts::Replay for Worked {
    type Workspace = Option<CaseFacts>;

    fn replay<'w>(
        &self,
        events: CaseEvents<'_>,
        workspace: &'w mut Option<CaseFacts>,
    ) -> Option<&'w CaseFacts> {
        *workspace = Some(replayed(events.case));
        workspace.as_ref()
    }
}
