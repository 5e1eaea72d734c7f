//! A Parquet file that is damaged inside can make its reader panic. Here such a panic becomes a message; nothing of
//! ours runs inside but the reading of one file or row group.

use std::cell::Cell;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What `work` gives, its errors and panics as text. What it had changed is not used after a failure.
pub(crate) fn guarded<T, E: Display>(work: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        // Other panics are mistakes of ours and are told as always.
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if !IS_GUARDED.get() {
                before(info);
            }
        }));
    });
    IS_GUARDED.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(false);
    match result {
        Ok(result) => result.map_err(|cause| cause.to_string()),
        Err(_) => Err("it is damaged inside".to_string()),
    }
}
