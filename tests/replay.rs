//! The replay against a second, slow, obvious one, over random adversarial histories.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "replay/asked.rs"]
mod asked;
#[path = "replay/compare.rs"]
mod compare;
#[path = "replay/compared.rs"]
mod compared;
#[path = "replay/explained.rs"]
mod explained;
#[path = "replay/histories.rs"]
mod histories;
#[path = "replay/laws.rs"]
mod laws;
#[path = "replay/once.rs"]
mod once;
#[path = "replay/oracle/mod.rs"]
mod oracle;
#[path = "replay/policies.rs"]
mod policies;
#[path = "replay/proposed.rs"]
mod proposed;
#[path = "replay/random.rs"]
mod random;
#[path = "replay/worked.rs"]
mod worked;
