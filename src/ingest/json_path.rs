//! Where in a JSON object a value stands: `ticket_id`, `author.id`, `events[].type`, `components[0].name`. Text to
//! steps and nothing else: `json_tree` walks them.

/// One step down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To the member of this name.
    Member(String),
    /// To every element, each in its turn.
    Each,
    /// To the element of this number, from 0.
    At(usize),
}

/// Which values of an object make rows: `events[]`, `changelog.histories[].items[]`, or `.`, the object itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Path {
    /// As the profile has it.
    pub(super) text: String,
    pub(super) steps: Vec<Step>,
}

impl Path {
    /// Reads `text`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Path, String> {
        let steps = if text == "." { Vec::new() } else { steps(text)? };
        Ok(Path { text: text.to_string(), steps })
    }
}

fn steps(text: &str) -> Result<Vec<Step>, String> {
    let mut all = Vec::new();
    for part in text.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if name.is_empty() {
            return Err(format!("path `{text}`: expected the name of a member between dots"));
        }
        all.push(Step::Member(name.to_string()));
        while !rest.is_empty() {
            let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            let Some((number, after)) = inner else {
                return Err(format!("path `{text}`: expected `[]` or `[0]` behind `{name}`"));
            };
            all.push(match number {
                "" => Step::Each,
                number => Step::At(number.parse().map_err(|_| {
                    format!("path `{text}`: expected a number or nothing in the brackets, found `{number}`")
                })?),
            });
            rest = after;
        }
    }
    Ok(all)
}

/// A column of a table: where its value stands, seen from the elements on the way to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lookup {
    /// How many arrays deep it starts: 0 is the object itself.
    pub(super) level: usize,
    /// A member of the object may have a dot in its own name: that name goes first.
    pub(super) literal: Option<Step>,
    /// Down from there, without [`Step::Each`].
    pub(super) steps: Vec<Step>,
}

impl Lookup {
    /// Reads the column `text` of a table whose rows are at `rows`. An array in it has to be one of those.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str, rows: &Path) -> Result<Lookup, String> {
        let all = steps(text)?;
        let outer = all.iter().rposition(|step| *step == Step::Each).map_or(0, |last| last + 1);
        if rows.steps.get(..outer) != Some(&all[..outer]) {
            return Err(format!(
                "path `{text}`: its `[]` is none of `rows`, `{}`: name one element, such as `[0]`",
                rows.text
            ));
        }
        let level = all[..outer].iter().filter(|step| **step == Step::Each).count();
        let is_flat = outer == 0 && all.len() > 1 && !text.contains('[');
        Ok(Lookup {
            level,
            literal: is_flat.then(|| Step::Member(text.to_string())),
            steps: all[outer..].to_vec(),
        })
    }

    /// Any text: one that is no path is the name of a member as it stands.
    pub(super) fn of(text: &str, rows: &Path) -> Lookup {
        let name = || Lookup { level: 0, literal: None, steps: vec![Step::Member(text.to_string())] };
        Lookup::parse(text, rows).unwrap_or_else(|_| name())
    }
}

#[cfg(test)]
mod tests {
    use super::{Lookup, Path, Step};

    #[test]
    fn a_column_is_seen_from_the_innermost_array_that_it_names() {
        let rows = Path::parse("changelog.histories[].items[]").unwrap();
        let level = |text| Lookup::parse(text, &rows).map(|lookup| (lookup.level, lookup.steps.len()));
        assert_eq!(level("key"), Ok((0, 1)));
        assert_eq!(level("changelog.histories[].author.name"), Ok((1, 2)));
        assert_eq!(level("changelog.histories[].items[]"), Ok((2, 0)));
        assert_eq!(level("fields.components[0].name"), Ok((0, 4)));
        assert!(level("fields.components[].name").unwrap_err().contains("is none of `rows`"));
        assert_eq!(Path::parse(".").unwrap().steps, []);
        assert_eq!(Path::parse("a[2]").unwrap().steps, [Step::Member("a".into()), Step::At(2)]);
        for wrong in ["", "a..b", "a[", "a[x]", "a[]b"] {
            assert!(Path::parse(wrong).unwrap_err().contains("expected"), "{wrong}");
        }
    }
}
