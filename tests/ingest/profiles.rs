//! Profiles: what they map, what is wrong with them and how they say so.

use slaudit::diag::Error;
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::{attribute, folder, shown};

fn problems(toml: &str) -> String {
    match Profile::parse(toml, "mine.toml") {
        Err(error @ Error::Invalid(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_export_under_other_names_and_words() {
    let profile = r#"
timezone = "Europe/Rome"
[statuses]
open = ["Aperto"]
[[table]]
shape = "events"
delimiter = ";"
timestamps = ["%d/%m/%Y %H.%M", "%d %b %Y %I:%M %p"]
missing = ["n/a"]
default_role = "agent"
columns = { case_id = ["ticket", "id"], at = "when", event = "what", actor = "who", severity = "prio", status = "stato" }
events = { "reply" = "message" }
severities = { "high" = 1 }
attributes = { product = "Prodotto" }
[[table.actors]]
role = "system"
like = ["*bot"]
"#;
    let profile = Profile::parse(profile, "mine.toml").unwrap();
    let file = "id;when;what;who;prio;stato;Prodotto;other\n\
                1;5/1/2026 9.05;Reply;nightbot;High;APERTO;n/a;x\n\
                1;5 Jan 2026 12:10 am;note;ann;;n/a;pump;y\n";
    let (_folder, paths) = folder(&[("a.csv", file.as_bytes())]);
    let made = read(&Plan::new(paths, profile), &Silent).unwrap();
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-04T23:10:00Z Note Agent ann - 0",
            "1 2026-01-05T08:05:00Z Message System nightbot APERTO 1",
        ]
    );
    assert_eq!(attribute(&made.history, "product"), [Some("pump".to_string())]);
    assert!(made.findings.is_empty());
}

#[test]
fn messages_have_place_and_suggestion() {
    insta::assert_snapshot!(problems("timezone = \"Europe/Rom\"\n[[table]]\nshape = \"changes\"\ncolumns = { case_id = \"a\", att = \"b\" }\n"), @r##"
    error[F104]: `Europe/Rom` is no time zone: expected a name like `Europe/Berlin`
     --> mine.toml:1:12
      |
    1 | timezone = "Europe/Rom"
      |            ^^^^^^^^^^^^
    hint: did you mean `Europe/Rome`?

    error[F105]: `fields` is missing: expected `[table.fields]` with `status`, `severity` or both
     --> mine.toml:2:1
      |
    2 | [[table]]
      | ^^^^^^^^^

    error[F105]: `field` is missing: expected the name of the column
     --> mine.toml:4:11
      |
    4 | columns = { case_id = "a", att = "b" }
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[F105]: `new` is missing: expected the name of the column
     --> mine.toml:4:11
      |
    4 | columns = { case_id = "a", att = "b" }
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[F105]: `at` is missing: expected the name of the column
     --> mine.toml:4:11
      |
    4 | columns = { case_id = "a", att = "b" }
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[F102]: unknown key `att`
     --> mine.toml:4:28
      |
    4 | columns = { case_id = "a", att = "b" }
      |                            ^^^
    hint: did you mean `at`?
    "##);
    insta::assert_snapshot!(problems("name = \"x\"\n"), @r##"
    error[F105]: `table` is missing: expected at least one `[[table]]`
     --> mine.toml:1:1
      |
    1 | name = "x"
      | ^
    "##);
}

#[test]
fn messages_about_patterns_and_types_have_their_place() {
    insta::assert_snapshot!(problems("[[table]]\nshape = \"events\"\ntimestamps = [\"%H:%M\", \"%Y-%m-%d %I\", \"%Q\"]\ncolumns = { case_id = 1, at = \"b\" }\n"), @r##"
    error[F104]: timestamp pattern `%H:%M`: it gives no whole date: year, month and day, or year and day of the year
     --> mine.toml:3:14
      |
    3 | timestamps = ["%H:%M", "%Y-%m-%d %I", "%Q"]
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[F104]: timestamp pattern `%Y-%m-%d %I`: `%I` needs `%p`: a half of the day is never guessed
     --> mine.toml:3:14
      |
    3 | timestamps = ["%H:%M", "%Y-%m-%d %I", "%Q"]
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[F104]: timestamp pattern `%Q`: `%Q` is not a directive that is read here
     --> mine.toml:3:14
      |
    3 | timestamps = ["%H:%M", "%Y-%m-%d %I", "%Q"]
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[F105]: `case_id` is missing: expected the name of the column
     --> mine.toml:4:11
      |
    4 | columns = { case_id = 1, at = "b" }
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^

    error[F103]: expected the name of a column or a list of such, found integer
     --> mine.toml:4:23
      |
    4 | columns = { case_id = 1, at = "b" }
      |                       ^

    error[F104]: `case_id` needs the name of a column
     --> mine.toml:4:23
      |
    4 | columns = { case_id = 1, at = "b" }
      |                       ^
    "##);
    insta::assert_snapshot!(problems("a ="), @r##"
    error[F101]: string values must be quoted, expected literal string
     --> mine.toml:1:4
      |
    1 | a =
      |    ^
    "##);
    match Profile::named("servcenow") {
        Err(error) => insta::assert_snapshot!(error, @"
        error: no profile `servcenow`: expected one of `canonical`, `netsuite`, `servicenow`, `zendesk`, `jira`, `salesforce`, `freshdesk`, `xes-csv` or the path of a file
        hint: did you mean `servicenow`?
        "),
        Ok(_) => panic!(),
    }
}

#[test]
fn snapshots_of_servicenow() {
    let file = "number,incident_state,opened_at,sys_updated_by,sys_updated_at,priority,caller_id,resolved_at,closed_at\n\
                I1,New,29/2/2016 08:50,Updated by 908,29/2/2016 08:55,3 - Moderate,Caller 1,7/3/2016 08:45,12/3/2016 09:00\n\
                I1,Active,29/2/2016 08:50,Updated by 5,29/2/2016 10:07,2 - High,Caller 1,7/3/2016 08:45,12/3/2016 09:00\n\
                I1,-100,29/2/2016 08:50,Updated by 5,29/2/2016 11:00,2 - High,?,?,?\n\
                I2,Active,29/2/2016 09:41,?,29/2/2016 07:27,?,?,?,?\n";
    let (_folder, paths) = folder(&[("a.csv", file.as_bytes())]);
    let made = read(&Plan::new(paths, Profile::named("servicenow").unwrap()), &Silent).unwrap();
    assert_eq!(
        shown(&made.history),
        [
            "I1 2016-02-29T08:50:00Z Opened Customer Updated by 908 New 3",
            "I1 2016-02-29T10:07:00Z Update Agent Updated by 5 Active 2",
            "I1 2016-02-29T11:00:00Z Update Agent Updated by 5 -100 2",
            "I2 2016-02-29T07:27:00Z Opened Customer - Active 0",
        ]
    );
    assert_eq!(attribute(&made.history, "customer"), [Some("Caller 1".to_string()), None]);
    assert_eq!(made.findings.iter().map(|f| (f.code, f.n)).collect::<Vec<_>>(), [("D506", 1)]);
    assert_eq!(made.assumptions.len(), 7);
    assert!(made.assumptions[5].contains("status `-100`"), "{:?}", made.assumptions);
    assert!(made.assumptions[6].contains("2 of 4 events have the role"), "{:?}", made.assumptions);
}

/// The footer of a report is no row: its lines have one field and are rejected, and no more than that.
#[test]
fn a_report_of_salesforce_ends_in_lines_that_are_no_rows() {
    let file = "\"Case Number\",\"Field / Event\",\"Old Value\",\"New Value\",\"Edited By\",\"Edit Date\"\r\n\
                \"00020001\",\"Created.\",\"\",\"\",\"Ines Falk\",\"4/6/2026 8:57 AM\"\r\n\
                \"00020001\",\"Priority\",\"Medium\",\"High\",\"Mona Reyes\",\"4/6/2026 1:02 PM\"\r\n\
                \"00020001\",\"Status\",\"Working\",\"Closed\",\"Mona Reyes\",\"4/8/2026 5:30 PM\"\r\n\
                \r\n\r\n\"Case History Report\"\r\n\"Confidential Information - Do Not Distribute\"\r\n";
    let (_folder, paths) = folder(&[("case_history_report.csv", file.as_bytes())]);
    let plan = Plan { max_rejected: 1.0, ..Plan::new(paths, Profile::named("salesforce").unwrap()) };
    let made = read(&plan, &Silent).unwrap();
    assert_eq!(
        shown(&made.history),
        [
            "00020001 2026-04-06T08:57:00Z Opened Customer Ines Falk Working 2",
            "00020001 2026-04-06T13:02:00Z Update Agent Mona Reyes - 1",
            "00020001 2026-04-08T17:30:00Z Update Agent Mona Reyes Closed 0",
        ]
    );
    assert_eq!(made.ledger.by_code().into_iter().collect::<Vec<_>>(), [("D510", 2)]);
}

#[test]
fn a_role_that_is_misspelt_is_guessed() {
    let table = "[[table]]\nshape = \"events\"\ncolumns = { case_id = \"a\", at = \"b\" }\n";
    insta::assert_snapshot!(problems(&format!("{table}default_role = \"agnet\"\n")), @r##"
    error[F104]: no role `agnet`: expected `customer`, `agent`, `system` or `unknown`
     --> mine.toml:4:16
      |
    4 | default_role = "agnet"
      |                ^^^^^^^
    hint: did you mean `agent`?
    "##);
    let roles = problems(&format!("{table}roles = {{ \"Staff\" = \"agnet\" }}\n"));
    assert!(
        roles.contains("`unknown`, found `agnet`") && roles.ends_with("hint: did you mean `agent`?"),
        "{roles}"
    );
}

/// What is made of rows under a table of shape `events` with these lines.
fn under(lines: &str, rows: &str) -> Result<Ingested, String> {
    let table = format!("[[table]]\nname = \"mine\"\nshape = \"events\"\n{lines}\n");
    let profile = Profile::parse(&table, "mine.toml").map_err(|error| error.to_string())?;
    super::build::try_ingest(rows, |plan| plan.profile = profile.clone()).map_err(|error| error.to_string())
}

#[test]
fn a_state_that_is_named_and_not_there_is_refused_unless_it_is_optional() {
    const ROWS: &str = "id,at,stats\na,2026-01-05 09:00,New\n";
    let columns = "columns = { case_id = \"id\", at = \"at\", status = \"state\", severity = \"prio\", role = \"who\" }";
    let refused = under(columns, ROWS).unwrap_err();
    assert_eq!(
        refused.lines().filter(|line| !line.contains("-->")).collect::<Vec<_>>(),
        [
            "error[F303]: no column `state`, which the profile names for `status`: the header has `id`, `at`, `stats`",
            "hint: did you mean `stats`? say `--set mine.columns.status=\"stats\"`; where the export has none, \
             `--set mine.optional=status`, or `optional` in the profile"
        ]
    );
    let other = under(&format!("optional = [\"status\"]\n{columns}"), ROWS).unwrap_err();
    assert!(other.contains("no column `prio`, which the profile names for `severity`"), "{other}");
    let made = under(&format!("optional = [\"status\", \"severity\"]\n{columns}"), ROWS).unwrap();
    assert_eq!(made.warnings.len(), 1, "of the role alone: {:?}", made.warnings);
    assert!(made.assumptions.iter().any(|text| text.contains("`state` (status), `prio` (severity)")));
    let mut profile =
        Profile::parse(&format!("[[table]]\nname = \"mine\"\nshape = \"events\"\n{columns}\n"), "a").unwrap();
    profile.set("mine.optional=status,severity,role").unwrap();
    let made = super::build::ingest(ROWS, |plan| plan.profile = profile.clone());
    assert!(made.warnings.is_empty());
    for (word, wanted) in [("at", "no row can be read without `at`"), ("statsu", "did you mean `status`")] {
        let wrong = under(&format!("optional = [\"{word}\"]\n{columns}"), ROWS).unwrap_err();
        assert!(wrong.contains("F104") && wrong.contains(wanted), "{wrong}");
    }
    assert!(profile.set("mine.optional=old").is_err());
}

#[test]
fn a_shipped_profile_takes_no_log_whose_state_has_another_name() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples/defects/F303-status-missing.csv");
    let mut plan = Plan::new(vec![path.into()], Profile::named("servicenow").unwrap());
    let refused = read(&plan, &Silent).unwrap_err().to_string();
    for said in
        ["no column `incident_state`, which the profile names for `status`", "did you mean `ident_state`?"]
    {
        assert!(refused.contains("error[F303]") && refused.contains(said), "{refused}");
    }
    // As the hint says.
    plan.profile.set("snapshots.columns.status=ident_state").unwrap();
    assert_eq!(read(&plan, &Silent).unwrap().history.statuses.len(), 2);
}

#[test]
fn of_columns_of_one_name_a_profile_says_which_it_means() {
    const ROWS: &str = "id,at,note,note\na,2026-01-05 09:00,x,y\n";
    let with = |name: &str| {
        under(
            &format!(
                "columns = {{ case_id = \"id\", at = \"at\" }}\nattributes = {{ product = \"{name}\" }}"
            ),
            ROWS,
        )
    };
    let twice = with("note").unwrap_err();
    assert!(twice.contains("error[F303]: column `note` is there twice: columns 3 and 4"), "{twice}");
    for (name, value) in [("note[0]", "x"), ("note[1]", "y")] {
        assert_eq!(
            super::build::attribute(&with(name).unwrap().history, "product"),
            [Some(value.to_owned())]
        );
    }
    assert!(with("note[2]").unwrap().history.attributes.is_empty());
}

#[test]
fn thousands_of_columns_of_one_name_take_no_time() {
    let header = format!("case_id,at{}\n", ",x".repeat(20_000));
    let row = format!("a,2026-01-05 09:00{}\n", ",1".repeat(20_000));
    let made = super::build::ingest(header + &row, |_| ());
    assert_eq!(made.history.attributes.len(), 20_000);
    assert_eq!(made.history.attributes[19_999].name, "x_20000");
}

/// Each question is told at its own line, and reads nothing until the line is deleted.
#[test]
fn questions_refuse_until_they_are_answered() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/defects/F111-question.toml");
    let text = std::fs::read_to_string(path).unwrap();
    insta::assert_snapshot!(problems(&text), @r#"
    error[F111]: not answered yet: is 1 the most severe? write the levels under [table.severities]
     --> mine.toml:2:14
      |
    2 | questions = ["is 1 the most severe? write the levels under [table.severities]"]
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: answer it in the profile as it says, then delete its line
    "#);
    let answered: Vec<&str> = text.lines().filter(|line| !line.starts_with("questions")).collect();
    assert!(Profile::parse(&answered.join("\n"), "mine.toml").is_ok());
    let of_table = text
        .replace("questions", "name")
        .replace("shape = ", "questions = [\n  \"a?\",\n  \"b?\"\n]\nshape = ");
    let of_table = of_table.replace("name = [", "assumptions = [");
    let told = problems(&of_table);
    assert!(told.contains("not answered yet: a?\n --> mine.toml:6:3"), "{told}");
    assert!(told.contains("not answered yet: b?\n --> mine.toml:7:3"), "{told}");
}
