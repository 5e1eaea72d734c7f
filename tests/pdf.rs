//! `report.pdf`: refused in plain words by a build without it, and otherwise a file like the others, with the same bytes
//! every time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn slaudit(arguments: &[&str], out: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_slaudit"))
        .args([
            "audit",
            "tests/cli/events.csv",
            "--policy",
            "data-samples/policies/in8sync-targets.toml",
            "--quiet",
        ])
        .args(arguments)
        .arg("--out")
        .arg(out)
        .current_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")))
        .output()
        .unwrap()
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_without_it_says_so_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    let output = slaudit(&["--pdf"], &out);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @r"
    error: `--pdf` is not in this build of slaudit
    hint: build it with `cargo build --release --features pdf`, or print `report.html` to a file
    ");
    assert!(!out.exists());
}

#[cfg(feature = "pdf")]
mod written {
    use std::fs;

    use slaudit::report::{Recorded, sha256};

    use super::*;

    fn has(bytes: &[u8], wanted: &str) -> bool {
        bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes())
    }

    #[test]
    fn it_is_a_file_like_the_others_and_its_bytes_are_always_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("report");
        let make = || {
            let output = slaudit(&["--pdf", "--title", "Support in March"], &out);
            assert!(output.status.success(), "{output:?}");
            fs::read(out.join("report.pdf")).unwrap()
        };
        let first = make();
        assert!(make() == first);

        let manifest = fs::read_to_string(out.join("manifest.json")).unwrap();
        let recorded: Recorded = serde_json::from_str(&manifest).unwrap();
        let own = recorded.outputs.iter().find(|one| one.path == "report.pdf").unwrap();
        assert_eq!(own.sha256, sha256(&first));
        let verified = Command::new(env!("CARGO_BIN_EXE_slaudit"))
            .args(["verify", "--replay", "--quiet"])
            .arg(&out)
            .current_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")))
            .output()
            .unwrap();
        assert!(verified.status.success(), "{verified:?}");
    }

    #[test]
    fn it_holds_what_the_page_holds() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("report");
        assert!(slaudit(&["--pdf", "--title", "Support in March"], &out).status.success());
        let pdf = fs::read(out.join("report.pdf")).unwrap();
        let page = fs::read_to_string(out.join("report.html")).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"));
        // Bookmarks, a title, a language, a picture's description for each chart of the page.
        for wanted in [
            "/Title(At a glance)",
            "/Title(Findings)",
            "/Title(Support in March)",
            "/Lang(en)",
            "pdfuaid:part",
        ] {
            assert!(has(&pdf, wanted), "{wanted}");
        }
        let n =
            |wanted: &str| pdf.windows(wanted.len()).filter(|window| *window == wanted.as_bytes()).count();
        assert!(page.matches("<figure").count() > 3);
        assert_eq!(n("/Alt"), page.matches("<figure").count());
        // Every table of the page that has rows, but for the last section, of which one table tells.
        let (shown, _) = page.split_once("<section id=\"tables\"").unwrap();
        assert_eq!(n("/S/Table"), shown.matches("<tbody>\n<tr>").count() + 1);
        assert!((3..30).contains(&n("/Type/Page/")), "{}", n("/Type/Page/"));
        assert!(!has(&pdf, "/JavaScript") && !has(&pdf, "/URI"));
    }

    #[test]
    fn a_logo_that_cannot_be_set_is_told_before_any_work() {
        let folder = tempfile::tempdir().unwrap();
        let theme = folder.path().join("theme.toml");
        fs::write(folder.path().join("logo.png"), b"\x89PNG, but not whole").unwrap();
        fs::write(&theme, "logo = \"logo.png\"\n").unwrap();
        let out = folder.path().join("report");
        let output = slaudit(&["--pdf", "--theme", theme.to_str().unwrap()], &out);
        assert_eq!(output.status.code(), Some(3));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("error[F109]: logo cannot be set into `report.pdf`"), "{said}");
        assert!(!out.exists());
    }
}
