//! "Did you mean": the nearest of the words that would have been right. Only proposes, never decides.

/// The word of `known` that `found` most likely meant: differs in case only, or by few letters.
pub(crate) fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_lowercase();
    let allowed = (found.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&found, &word.to_lowercase()), word))
        .filter(|&(distance, _)| distance <= allowed)
        .min()
        .map(|(_, word)| word)
}

/// `` `a`, `b`, `c` ``.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// The hint for a misspelt word: the nearest one, else `otherwise`.
pub(super) fn hint<'a>(found: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(found, known).map_or_else(|| otherwise.to_owned(), |word| format!("did you mean `{word}`?"))
}
