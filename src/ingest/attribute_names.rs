//! The names of case attributes over all files of an input, each once and numbered as they come; and the columns of one file
//! that become attributes because nobody else asks for them. A header may have thousands of columns of one name.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// Names with their numbers.
#[derive(Debug, Default)]
pub(super) struct AttributeNames {
    names: Vec<String>,
    places: HashMap<String, usize, FixedState>,
}

impl AttributeNames {
    /// The number of `name`; a new one where it was not there.
    pub(super) fn place(&mut self, name: String) -> usize {
        if let Some(place) = self.places.get(&name) {
            return *place;
        }
        self.places.insert(name.clone(), self.names.len());
        self.names.push(name);
        self.names.len() - 1
    }

    /// All of them by number.
    pub(super) fn into_names(self) -> Vec<String> {
        self.names
    }
}

/// A name for each of `columns`, given by its place: its own, with a number where a column before has it; `column_N` for
/// one without a name.
pub(super) fn unlike<'h>(columns: impl Iterator<Item = (usize, &'h str)>) -> Vec<(usize, String)> {
    // For each name the last number that was tried.
    let mut taken: HashMap<String, usize, FixedState> = HashMap::default();
    let mut all = Vec::new();
    for (column, name) in columns {
        let base = if name.is_empty() { format!("column_{}", column + 1) } else { name.to_owned() };
        let mut number = taken.get(&base).copied().unwrap_or(0) + 1;
        let mut name = if number == 1 { base.clone() } else { format!("{base}_{number}") };
        while number > 1 && taken.contains_key(&name) {
            number += 1;
            name = format!("{base}_{number}");
        }
        taken.insert(base, number);
        if number > 1 {
            taken.insert(name.clone(), 1);
        }
        all.push((column, name));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{AttributeNames, unlike};

    #[test]
    fn columns_of_one_name_get_numbers_that_no_other_column_has() {
        let header = ["x", "x_2", "x", "", "x", "x_2", "column_4"];
        let named = unlike(header.iter().enumerate().map(|(i, name)| (i, *name)));
        let names: Vec<&str> = named.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["x", "x_2", "x_3", "column_4", "x_4", "x_2_2", "column_4_2"]);
        let many: Vec<String> = vec!["x".to_owned(); 20_000];
        assert_eq!(unlike(many.iter().enumerate().map(|(i, name)| (i, name.as_str())))[19_999].1, "x_20000");
        let mut all = AttributeNames::default();
        assert_eq!(["a", "b", "a"].map(|name| all.place(name.to_owned())), [0, 1, 0]);
        assert_eq!(all.into_names(), ["a", "b"]);
    }
}
