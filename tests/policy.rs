//! What holds of policy files: every message, inheritance, books, the shipped policies, and that a policy shown
//! loads again.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "policy/books.rs"]
mod books;
#[path = "policy/calendar_messages.rs"]
mod calendar_messages;
#[path = "policy/commands.rs"]
mod commands;
#[path = "policy/diff.rs"]
mod diff;
#[path = "policy/inherit.rs"]
mod inherit;
#[path = "policy/messages.rs"]
mod messages;
#[path = "policy/model.rs"]
mod model;
#[path = "policy/round_trip.rs"]
mod round_trip;

use slaudit::policy::{Book, Policy, load};

/// The only version of a policy file of the repository.
fn one(path: &str) -> Policy {
    let mut book = book(path);
    assert_eq!(book.versions.len(), 1);
    book.versions.remove(0)
}

fn book(path: &str) -> Book {
    load(path.as_ref()).unwrap_or_else(|error| panic!("{error}"))
}

/// The only version of a policy given as text.
fn text(toml: &str) -> Policy {
    slaudit::policy::parse("policy.toml", toml.as_bytes())
        .unwrap_or_else(|error| panic!("{error}"))
        .versions
        .remove(0)
}

/// Every problem of a policy given as text.
fn problems(toml: &str) -> String {
    slaudit::policy::parse("policy.toml", toml.as_bytes()).unwrap_err().to_string()
}
