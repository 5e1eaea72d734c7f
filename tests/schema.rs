//! The JSON Schemas of policies and profiles against the readers: what a reader takes the schema takes, and both
//! refuse the same keys and types. A date is the exception: JSON has none, so text stands for it.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "schema/doubles.rs"]
mod doubles;
#[path = "schema/forms.rs"]
mod forms;
#[path = "schema/policy.rs"]
mod policy;
#[path = "schema/profile.rs"]
mod profile;
#[path = "schema/validator.rs"]
mod validator;
#[path = "schema/walk.rs"]
mod walk;

use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Every TOML file under `folder`, in order of path.
fn toml_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The file as JSON; `None` where it is no TOML.
fn as_json(path: &Path) -> Option<Value> {
    let table: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).ok()?;
    Some(doubles::json(&toml::Value::Table(table)))
}

/// The copy in docs/schema is what the command prints; `BLESS=1` writes it.
fn is_committed(name: &str, text: &str) {
    let path = root().join("docs/schema").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "docs/schema/{name} is out of date: BLESS=1 cargo test --release --test schema"
    );
}

/// The user's page names every key that the schema has.
fn is_documented(page: &str, schema: &Value) {
    let text = std::fs::read_to_string(root().join(page)).unwrap();
    let mut missing = Vec::new();
    walk::declared(schema, &mut |key| {
        // In back-ticks, in brackets as a section, or with its value.
        let named = format!("[`\\[.]{key}[`\\].]|\\b{key} = ");
        if !validator::matches(&named, &text) {
            missing.push(key.to_owned());
        }
    });
    assert!(missing.is_empty(), "{page} does not name {missing:?}");
}
