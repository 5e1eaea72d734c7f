//! The policies that ship inside the binary. Their text is the files under `data-samples/policies/`.

/// Name and text of each shipped policy; the first is the default.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("in8sync.toml", include_str!("../../data-samples/policies/in8sync.toml")),
    ("in8sync-targets.toml", include_str!("../../data-samples/policies/in8sync-targets.toml")),
];

/// The shipped policy called `name`, which is one of [`BUILT_IN`]; else no text.
pub(super) fn text(name: &str) -> &'static str {
    BUILT_IN.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
}

/// The shipped policy's own spelling of `name`.
pub(super) fn named(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(known, _)| *known)
}
