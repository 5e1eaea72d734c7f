//! Questions that stand in a profile until a person has answered them. A profile with one reads nothing: whoever wrote it,
//! mostly `inspect`, could not know, and a guess would be in every figure.

use super::toml_reader::Keys;
use crate::codes;

/// Reports every question under `questions`, each at its own line (F111).
pub(super) fn refuse(keys: &mut Keys<'_, '_>) {
    for entry in keys.take("questions").into_iter().flat_map(|entry| entry.elements()) {
        let Some(question) = entry.text() else { continue };
        let hint = "answer it in the profile as it says, then delete its line";
        entry.refuse(codes::F111, &format!("not answered yet: {question}"), hint);
    }
}
