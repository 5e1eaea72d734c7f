//! Several files: which of them join, and by which column.

use std::fs;

use super::{plain, said};

/// Two tables that share no case, and two that share all once their ids are read alike.
#[test]
fn tables_that_do_not_join_are_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let list =
        write("list.csv", "ticket id,created,status\n1001,2026-03-02 09:00,New\n1002,2026-03-02 10:00,New\n");
    let floats = write(
        "floats.csv",
        "ticket id,when,private\n1001.0,2026-03-02 09:30,0\n1001.0,2026-03-02 09:40,0\n1002.0\u{a0},2026-03-02 10:30,0\n",
    );
    let text = plain(&said(&["inspect", &list, &floats]));
    assert!(
        text.contains("2 cases in both, of 2 and 2 3 of the ids are written with decimals or unseen blanks"),
        "{text}"
    );
    let prefixed = write(
        "prefixed.csv",
        "ticket id,when,private\nT-1001,2026-03-02 09:30,0\nT-1001,2026-03-02 09:40,0\nT-1002,2026-03-02 10:30,0\n",
    );
    let text = plain(&said(&["inspect", &list, &prefixed]));
    assert!(
        text.contains("the two files share no case, but would share some by the number at the end"),
        "{text}"
    );
}

/// Where each case has one message, the id of the message and that of the case both differ in every row.
#[test]
fn of_messages_one_a_case_the_name_tells_which_column_is_the_case() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("comments.csv");
    for (names, case) in [("comment_id,ticket_id", "ticket_id"), ("id,issueid", "issueid")] {
        let rows: String =
            (1..6).map(|i| format!("{i},{},2026-03-0{i} 09:30,agent,true\n", 900 + i)).collect();
        fs::write(&path, format!("{names},created_at,role,public\n{rows}")).unwrap();
        let text = plain(&said(&["inspect", path.to_str().unwrap()]));
        assert!(text.contains(&format!("case_id {case} ")) && text.contains("5 cases"), "{text}");
    }
}
