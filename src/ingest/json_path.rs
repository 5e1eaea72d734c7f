//! Where in a JSON object a value stands: `ticket_id`, `author.id`, `events[].type`, `components[0].name`,
//! `tickets{}.status`, and `tickets{key}`, the name of such a member. Text to steps and nothing else: `json_tree` walks
//! them.

/// One step down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To the member of this name.
    Member(String),
    /// To every element, each in its turn.
    Each,
    /// To every member of an object whose names are no names of columns but ids, each in its turn.
    EachMember,
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

impl Step {
    /// True where it leads to several values.
    fn is_each(&self) -> bool {
        matches!(self, Step::Each | Step::EachMember)
    }
}

fn steps(text: &str) -> Result<Vec<Step>, String> {
    let mut all = Vec::new();
    for part in text.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').or(part.find("{}")).unwrap_or(part.len()));
        match name {
            // The members of the object itself.
            "" if all.is_empty() && rest.starts_with("{}") => {}
            "" => return Err(format!("path `{text}`: expected the name of a member between dots")),
            name => all.push(Step::Member(name.to_string())),
        }
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(EACH_MEMBER) {
                all.push(Step::EachMember);
                rest = after;
                continue;
            }
            let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            let Some((number, after)) = inner else {
                return Err(format!("path `{text}`: expected `[]`, `[0]` or `{{}}` behind `{name}`"));
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

/// Each member of an object.
const EACH_MEMBER: &str = "{}";
/// The name of the member on the way to the row.
const KEY: &str = "{key}";

/// A column of a table: where its value stands, seen from the elements on the way to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lookup {
    /// How many arrays, or objects of ids, deep it starts: 0 is the object itself.
    pub(super) level: usize,
    /// It is the name of the value there, and not the value.
    pub(super) is_key: bool,
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
        let Some(of) = text.strip_suffix(KEY) else { return Lookup::of_value(text, rows) };
        let is_of_rows = rows.steps.first() == Some(&Step::EachMember);
        if of.is_empty() && !is_of_rows {
            // The name under which the object itself stands in a list of them.
            return Ok(Lookup { level: 0, is_key: true, literal: None, steps: Vec::new() });
        }
        let value = Lookup::of_value(&format!("{of}{EACH_MEMBER}"), rows)?;
        Ok(Lookup { is_key: true, ..value })
    }

    fn of_value(text: &str, rows: &Path) -> Result<Lookup, String> {
        let all = steps(text)?;
        let outer = all.iter().rposition(Step::is_each).map_or(0, |last| last + 1);
        if rows.steps.get(..outer) != Some(&all[..outer]) {
            let each = if text.contains(EACH_MEMBER) { EACH_MEMBER } else { "[]" };
            return Err(format!(
                "path `{text}`: its `{each}` is none of `rows`, `{}`: name one element, such as `[0]`",
                rows.text
            ));
        }
        let level = all[..outer].iter().filter(|step| step.is_each()).count();
        let is_flat = outer == 0 && all.len() > 1 && !text.contains('[');
        Ok(Lookup {
            level,
            is_key: false,
            literal: is_flat.then(|| Step::Member(text.to_string())),
            steps: all[outer..].to_vec(),
        })
    }

    /// Any text: one that is no path is the name of a member as it stands.
    pub(super) fn of(text: &str, rows: &Path) -> Lookup {
        let name =
            || Lookup { level: 0, is_key: false, literal: None, steps: vec![Step::Member(text.to_string())] };
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
        let rows = Path::parse("{}.items{}.log[]").unwrap();
        let key = |text| Lookup::parse(text, &rows).map(|lookup| (lookup.level, lookup.is_key));
        assert_eq!(
            (key("{key}"), key("{}.items{key}"), key("{}.at")),
            (Ok((1, true)), Ok((2, true)), Ok((1, false)))
        );
        assert!(key("{}.others{key}").unwrap_err().contains("is none of `rows`"));
        let of_object = Lookup::parse("{key}", &Path::default()).unwrap();
        assert_eq!((of_object.level, of_object.is_key), (0, true));
        assert_eq!(Path::parse("odd{name").unwrap().steps, [Step::Member("odd{name".into())]);
        assert_eq!(Path::parse(".").unwrap().steps, []);
        assert_eq!(Path::parse("a[2]").unwrap().steps, [Step::Member("a".into()), Step::At(2)]);
        for wrong in ["", "a..b", "a[", "a[x]", "a[]b", "a.{}", "a{}b"] {
            assert!(Path::parse(wrong).unwrap_err().contains("expected"), "{wrong}");
        }
    }
}
