//! The keys of a profile (SPEC 3): what its readers know, and the schema for editors. The readers find no key that is
//! not declared here.

use super::encoding::Encoding;
use super::profile_file::{EVENTS, ROLES};
use super::profile_shapes::{JOINS_ON, SHAPES, UNLISTED};
use super::shape_lengths::Unit;
use crate::history::Category;
use crate::schema::{Key, Kind, Section, Variants, document};

/// The JSON Schema (draft 2020-12) of a profile, for editors; `docs/schema/profile.json` is a copy.
///
/// A valid profile is valid under it; timestamp patterns and paths into JSON are checked by the reader only.
pub fn profile_schema() -> String {
    let about = "A profile of slaudit: how the columns and words of one export become events. Unknown \
        keys are errors.";
    document("slaudit profile", about, &PROFILE)
}

/// A text, or a list of texts.
const TEXTS: Kind = Kind::Shared("texts", &Kind::Any(&[Kind::Text, Kind::List(&Kind::Text, 0)]));
/// The name of a column or what one is made of, or several of which the first present is taken.
const COLUMN: Kind =
    Kind::Shared("column", &Kind::Any(&[Kind::Filled, Kind::Table(&DERIVED), Kind::List(&ONE_COLUMN, 1)]));
const ONE_COLUMN: Kind = Kind::Any(&[Kind::Filled, Kind::Table(&DERIVED)]);
/// Words, or those that it is none of.
const CONDITION: Kind =
    Kind::Shared("condition", &Kind::Any(&[Kind::Text, Kind::Table(&NOT), Kind::List(&Kind::Text, 0)]));
const QUESTIONS: Key = Key::new(
    "questions",
    TEXTS,
    "What a person has to decide before the profile reads anything: each is an error until its line is deleted.",
);
const ZONE: Kind = Kind::Shared("timezone", &Kind::Word(zones));
const ROLE: Kind = Kind::Shared("role", &Kind::WordInAnyCase(|| ROLES.map(|(word, _)| word).to_vec()));
const EVENT: Kind = Kind::Shared("event", &Kind::WordInAnyCase(|| EVENTS.map(|(word, _)| word).to_vec()));
const LEVEL: Kind = Kind::Whole(1, 9);
const DELIMITER: Kind = Kind::Form(|| "^[\\t!#-/:-@\\[-`{-~]$".to_owned());

fn zones() -> Vec<&'static str> {
    crate::zones::names().collect()
}

/// The top level.
pub(super) const PROFILE: Section = Section::new(&[
    Key::new("name", Kind::Text, "For people. Without it: the file's name without `.toml`."),
    Key::new("description", Kind::Text, "For people."),
    Key::new("assumptions", TEXTS, "Lines that the report shows: what the profile takes for granted."),
    QUESTIONS,
    Key::new("timezone", ZONE, "IANA name of the zone of local times; a table may have its own.")
        .or("\"UTC\""),
    Key::new("statuses", Kind::Table(&STATUSES), "Category = status words of the export, case aside."),
    Key::new(
        "one_act",
        Kind::Form(|| "^ *[0-9]+ +(second|minute|hour)s? *$".to_owned()),
        "How long after an agent's resolution or close a public message of the same agent is part of it, nobody \
        else's event between: such a message counts as sent directly before.",
    )
    .like("\"60 seconds\""),
    Key::new("default_severity", LEVEL, "The severity of a case that never gives one.").like("3"),
    Key::needed("table", Kind::Tables(&TABLE), "One kind of file; at least one."),
]);

/// A column that no file has.
const DERIVED: Section = Section::new(&[
    Key::new("join", Kind::List(&Kind::Filled, 2), "Columns that are put together; cells that are empty are left out.")
        .like("[\"Date\", \"Time\"]"),
    Key::new("with", Kind::Text, "What stands between the columns of `join`.").or("\" \""),
    Key::new("column", Kind::Filled, "The one column of which a part is taken."),
    Key::new(
        "take",
        Kind::Text,
        "A regular expression: the cell is its first group, or what it matches; empty where it does not match.",
    )
    .like("\"^[A-Z]+-[0-9]+\""),
    Key::new(
        "words",
        Kind::Named(None, &Kind::Text),
        "The export's word = what is to stand in its place, where numbers stand for words; others stay.",
    ),
    Key::new("text", Kind::Text, "What stands in every row, in place of a column."),
]);
/// What a condition excludes.
const NOT: Section =
    Section::new(&[
        Key::needed("not", TEXTS, "Words that do not stand there; `\"\"` is nothing there.").like("\"\"")
    ]);
/// The value of a column that `--set` gives.
pub(super) const ASSIGNED: Section = Section::new(&[Key::needed("column", COLUMN, "A column.")]);

/// `[statuses]`.
const STATUSES: Section = Section::new(&[
    Key::new(Category::New.word(), TEXTS, "Not yet taken up."),
    Key::new(Category::Open.word(), TEXTS, "Worked on; also what a word that is nowhere means."),
    Key::new(Category::WaitingCustomer.word(), TEXTS, "Support waits for the customer."),
    Key::new(Category::WaitingOther.word(), TEXTS, "Support waits for somebody else."),
    Key::new(Category::Resolved.word(), TEXTS, "Resolved, may still be reopened."),
    Key::new(Category::Closed.word(), TEXTS, "Closed."),
    Key::new(Category::Void.word(), TEXTS, "Merged, duplicate, spam: not a case of its own."),
]);

/// `[[table]]`: what every shape has, and what only some have.
const TABLE: Section = Section {
    keys: &[
        Key::needed(
            "shape",
            Kind::Word(|| SHAPES.map(|(word, _)| word).to_vec()),
            "What a row of the table is.",
        ),
        Key::new("name", Kind::Text, "What `--set` and messages call the table. Without it: its shape."),
        QUESTIONS,
        Key::new(
            "files",
            TEXTS,
            "Patterns of file names (`*`, `?`), case aside. Without: every file that no table before it \
            takes.",
        )
        .like("[\"storico*\"]"),
        Key::new(
            "needs",
            TEXTS,
            "Names of `columns` without which a file is none of this table: it is left alone, and named.",
        )
        .like("[\"status\"]"),
        Key::new("list", TEXTS, "JSON: the member of the outermost object whose elements are the objects.")
            .like("\"issues\""),
        Key::new(
            "rows",
            Kind::Filled,
            "JSON: which values of an object are the rows; `.` is the object itself.",
        )
        .like("\"events[]\""),
        Key::new(
            "where",
            Kind::Named(None, &CONDITION),
            "JSON: column = words; a row with another word there is not of this table. `{ not = \"\" }`: \
            something is there. Needs `rows`.",
        ),
        Key::new(
            "delimiter",
            DELIMITER,
            "One ASCII character between fields. Without it: `,`, `;`, tab or `|`, as the header has it.",
        )
        .like("\";\""),
        Key::new(
            "encoding",
            Kind::WordInAnyCase(|| Encoding::NAMES.map(|(name, _)| name).to_vec()),
            "Of text that is not UTF-8 and has no byte order mark.",
        )
        .or("\"utf-8\""),
        Key::new("sheet", Kind::Text, "Sheet of an Excel workbook. Without it: the first that has cells."),
        Key::new(
            "timezone",
            ZONE,
            "IANA name of the zone of this table's local times. Without it: the profile's.",
        ),
        Key::new(
            "timestamps",
            TEXTS,
            "strftime patterns, tried in order, and `canonical`; `%s` and `epoch_ms` are seconds and \
            milliseconds since 1970.",
        )
        .or("[\"canonical\"]"),
        Key::new("missing", TEXTS, "Cells that mean that nothing is there.").like("[\"?\"]"),
        Key::new(
            "optional",
            TEXTS,
            "Columns, by our names, that a file may lack. A status or severity that is named and not there is an \
            error otherwise.",
        )
        .like("[\"severity\"]"),
        Key::new(
            "events",
            Kind::Named(None, &EVENT),
            "The export's word = event: opened, message, note, update.",
        ),
        Key::new(
            "roles",
            Kind::Named(None, &ROLE),
            "The export's word = role; `unknown` leaves it to the actor.",
        ),
        Key::new(
            "severities",
            Kind::Named(None, &LEVEL),
            "The export's word = severity from 1, the most severe, to 9; the digits need none.",
        ),
        Key::new(
            "actors",
            Kind::Tables(&ACTOR),
            "The role of actors where the row gives none; the first that fits.",
        ),
        Key::new("default_role", ROLE, "The role of everyone else.").or("\"unknown\""),
        Key::new(
            "first_role",
            ROLE,
            "Who opens a case, where nothing else tells. Without it: customer, in `events` as `default_role`.",
        ),
        Key::new(
            "other_roles",
            ROLE,
            "What a role word that is not in `roles` means. Without it: the row is rejected.",
        ),
        Key::new(
            "attributes",
            Kind::Named(None, &COLUMN),
            "Case attribute = column, or columns of which the first present is taken. Without it: every \
            other column; in changes and messages none.",
        ),
    ],
    variants: Some(Variants {
        key: "shape",
        of: &[
            ("events", &[columns(&EVENT_COLUMNS), OPENER, OPENERS]),
            ("snapshots", &[columns(&SNAPSHOT_COLUMNS), OPENER]),
            (
                "changes",
                &[
                    columns(&CHANGE_COLUMNS),
                    CASE_ID_AFTER,
                    JOINS,
                    OPENER,
                    FIELDS,
                    FIELD_ATTRIBUTES,
                    MERGED_WORDS,
                ],
            ),
            ("messages", &[columns(&MESSAGE_COLUMNS), CASE_ID_AFTER, JOINS, OPENER, YES, NO]),
            (
                "activities",
                &[
                    columns(&ACTIVITY_COLUMNS),
                    CASE_ID_AFTER,
                    JOINS,
                    OPENER,
                    ACTIVITIES,
                    UNLISTED_KEY,
                    LIFECYCLES,
                ],
            ),
            ("cases", &[columns(&CASE_COLUMNS), CASE_ID_AFTER, OPENER, OPENERS, MERGED_WORDS, MILESTONES]),
            ("people", &[columns(&PEOPLE_COLUMNS)]),
        ],
    }),
};

const fn columns(section: &'static Section) -> Key {
    Key::needed(
        "columns",
        Kind::Table(section),
        "Our name = column, or a list of columns of which the first present is taken.",
    )
}

const CASE_ID: Key = Key::needed("case_id", COLUMN, "The column of the case's id.");
const AT: Key = Key::needed("at", COLUMN, "The column of the time; in `cases` that of the opening.");
const ROLE_COLUMN: Key = Key::new("role", COLUMN, "The column of who did it: customer, agent or system.");
const ACTOR_COLUMN: Key = Key::new("actor", COLUMN, "The column of the name of who did it.");
const STATUS: Key = Key::new("status", COLUMN, "The column of the status; empty is unchanged.");
const SEVERITY: Key = Key::new("severity", COLUMN, "The column of the severity; empty is unchanged.");
const EVENT_COLUMN: Key =
    Key::new("event", COLUMN, "The column of what the row is: opened, message, note, update.");

const REQUESTER: Key = Key::new("requester", COLUMN, "The column of who asks, as `actor` names people.");
const OPENED_BY: Key = Key::new(
    "opened_by",
    COLUMN,
    "The column of who opened the case, where that may be another than who asks; with `openers`, of how.",
);

const EVENT_COLUMNS: Section = Section::new(&[
    CASE_ID,
    AT,
    ROLE_COLUMN,
    ACTOR_COLUMN,
    STATUS,
    SEVERITY,
    EVENT_COLUMN,
    REQUESTER,
    OPENED_BY,
]);
const PEOPLE_COLUMNS: Section = Section::new(&[
    Key::needed("actor", COLUMN, "The column of what the other tables call a person."),
    Key::needed("role", COLUMN, "The column of the person's role."),
    Key::new("name", COLUMN, "The column of what a table may call the person otherwise."),
    Key::new("team", COLUMN, "The column of the person's team; not used yet."),
]);
const SNAPSHOT_COLUMNS: Section = Section::new(&[
    CASE_ID,
    AT,
    ROLE_COLUMN,
    ACTOR_COLUMN,
    STATUS,
    SEVERITY,
    Key::new("opened_at", COLUMN, "The column of the opening, where that is before the first row."),
    REQUESTER,
    OPENED_BY,
]);
const CHANGE_COLUMNS: Section = Section::new(&[
    CASE_ID,
    AT,
    ROLE_COLUMN,
    ACTOR_COLUMN,
    Key::needed("field", COLUMN, "The column of the name of the field that changed."),
    Key::new("old", COLUMN, "The column of its value before."),
    Key::needed("new", COLUMN, "The column of its value after."),
]);
const MESSAGE_COLUMNS: Section = Section::new(&[
    CASE_ID,
    AT,
    ROLE_COLUMN,
    ACTOR_COLUMN,
    EVENT_COLUMN,
    Key::new("public", COLUMN, "The column that says yes where the customer may read the message."),
    Key::new("internal", COLUMN, "The column that says yes where the customer may not."),
    REQUESTER,
]);
const ACTIVITY_COLUMNS: Section = Section::new(&[
    CASE_ID,
    AT,
    ROLE_COLUMN,
    ACTOR_COLUMN,
    STATUS,
    SEVERITY,
    Key::needed("activity", COLUMN, "The column of the activity."),
    Key::new("lifecycle", COLUMN, "The column of the activity's lifecycle word."),
]);
const CASE_COLUMNS: Section = Section::new(&[
    CASE_ID,
    AT,
    ROLE_COLUMN,
    ACTOR_COLUMN,
    STATUS,
    SEVERITY,
    Key::new("status_at", COLUMN, "The column of the time since which the case has its status."),
    REQUESTER,
    Key::new("requester_name", COLUMN, "The column of what `opened_by` may call the one who asks otherwise."),
    OPENED_BY,
    Key::new("merged", COLUMN, "The column that says whether the case was merged into another."),
    Key::new("other_id", COLUMN, "The column of another id of the case, for tables that `joins_on` it."),
]);

const CASE_ID_AFTER: Key =
    Key::new("case_id_after", TEXTS, "Texts that stand before the id in the cell; they are taken off.")
        .like("\"Case #\"");
const JOINS: Key = Key::new(
    "joins_on",
    Kind::WordInAnyCase(|| JOINS_ON.map(|(word, _)| word).to_vec()),
    "By which id the table knows a case: its `case_id`, or the `other_id` that a `cases` table gives.",
)
.or("\"case_id\"");
const OPENER: Key = Key::new(
    "opener_is_customer",
    Kind::Flag,
    "Where nobody is named as the requester, whoever opened the case is; rows of whom nobody tells are theirs.",
)
.or("false");
const OPENERS: Key = Key::new(
    "openers",
    Kind::Named(None, &ROLE),
    "A word of `opened_by` = the role of who opened; other words tell nothing.",
);
const MERGED_WORDS: Key =
    Key::new("merged", TEXTS, "Words of which one says that the case was merged. Without: all but no.")
        .like("[\"closed_by_merge\"]");
const FIELDS: Key =
    Key::needed("fields", Kind::Table(&FIELD_WORDS), "What of ours = the export's field words.");
const FIELD_ATTRIBUTES: Key =
    Key::new("field_attributes", Kind::Named(None, &TEXTS), "Case attribute = field words.");
const YES: Key = Key::new("yes", TEXTS, "Further words that mean yes.");
const NO: Key = Key::new("no", TEXTS, "Further words that mean no.");
const ACTIVITIES: Key =
    Key::new("activities", Kind::Named(None, &Kind::Table(&MEANING)), "The export's activity = what it is.");
const UNLISTED_KEY: Key = Key::new(
    "unlisted",
    Kind::Word(|| UNLISTED.map(|(word, _)| word).to_vec()),
    "What every other activity is.",
)
.or("\"update\"");
const LIFECYCLES: Key = Key::new("lifecycles", TEXTS, "The lifecycle words that count. Without: all.");
const MILESTONES: Key =
    Key::new("milestones", Kind::Tables(&MILESTONE), "Columns that hold the time of something.");

/// `[table.fields]`.
const FIELD_WORDS: Section = Section::new(&[
    Key::new("status", TEXTS, "Fields whose values are statuses."),
    Key::new("severity", TEXTS, "Fields whose values are severities."),
    Key::new("opened", TEXTS, "Fields whose rows open the case."),
    Key::new("message", TEXTS, "Fields whose rows are public messages."),
    Key::new("note", TEXTS, "Fields whose rows are internal notes."),
    Key::new("requester", TEXTS, "Fields whose values are who asks, as `actor` names people."),
    Key::new("merged", TEXTS, "Fields whose values say that the case was merged into another."),
]);

/// `[[table.actors]]`.
const ACTOR: Section = Section::new(&[
    Key::needed(
        "role",
        Kind::WordInAnyCase(|| ROLES.map(|(word, _)| word)[..3].to_vec()),
        "The role of these actors.",
    ),
    Key::new("like", TEXTS, "Patterns of names (`*`, `?`), case aside.").like("[\"system\"]"),
    Key::new("always", Kind::Flag, "They hold whatever else tells: for bots that an export calls agents.")
        .or("false"),
]);

const MEANING_EVENT: Key = Key::new("event", EVENT, "What it is.").or("\"update\"");
const MEANING_ROLE: Key = Key::new("role", ROLE, "Who did it.");
const MEANING_STATUS: Key = Key::new("status", Kind::Text, "The status word from then on.");
const MEANING_SEVERITY: Key = Key::new("severity", LEVEL, "The severity from then on.");

/// An entry of `[table.activities]`.
const MEANING: Section = Section::new(&[MEANING_EVENT, MEANING_ROLE, MEANING_STATUS, MEANING_SEVERITY]);

/// `[[table.milestones]]`.
const MILESTONE: Section = Section::new(&[
    Key::needed("column", COLUMN, "The column of the time; empty where it did not happen."),
    Key::new(
        "since_opening",
        Kind::Word(|| Unit::WORDS.map(|(word, _)| word).to_vec()),
        "The column holds how long after the opening it was, in this unit.",
    ),
    Key::new("actor", COLUMN, "The column of who did it."),
    MEANING_EVENT,
    MEANING_ROLE,
    MEANING_STATUS,
    MEANING_SEVERITY,
]);
