//! Words that the keys of a fact column point into, each of them once. Knows no table.
//!
//! Arrow and Parquet let a word stand twice in a dictionary, but not every reader does: pyarrow and pandas refuse such a
//! column or give another word of it, and what counts by keys counts one word as two. So a [`Dictionary`] is made of words
//! that something else keeps apart, or by [`Dictionary::distinct`], which gives the key of each word with it.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::StringArray;

use crate::history::Words;

/// A shared list of distinct words that dictionary keys point into.
#[derive(Clone)]
pub(super) struct Dictionary(Arc<StringArray>);

impl Dictionary {
    /// Words that are distinct because each stands for another value of an enum; the keys are their indices.
    pub(super) fn fixed<'a>(words: impl IntoIterator<Item = &'a str>) -> Dictionary {
        Dictionary(Arc::new(StringArray::from_iter_values(words)))
    }

    /// A word list of the history, which is distinct; the keys are its indices.
    pub(super) fn of(words: &Words) -> Dictionary {
        Dictionary::fixed(words.iter())
    }

    /// Words of which some may be equal, in order of their first place, and for each place in `words` its key.
    pub(super) fn distinct<'a>(words: impl IntoIterator<Item = &'a str>) -> (Dictionary, Vec<usize>) {
        let mut known: HashMap<&str, usize> = HashMap::new();
        let mut once = Vec::new();
        let key = |word: &'a str| {
            *known.entry(word).or_insert_with(|| {
                once.push(word);
                once.len() - 1
            })
        };
        let keys = words.into_iter().map(key).collect();
        (Dictionary::fixed(once), keys)
    }

    /// As Arrow takes it.
    pub(super) fn to_array(&self) -> Arc<StringArray> {
        Arc::clone(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Dictionary;

    #[test]
    fn an_equal_word_has_the_key_of_the_first() {
        let (words, keys) = Dictionary::distinct(["b", "a", "b", "", "a", "c"]);
        let words = words.to_array();
        assert_eq!(words.iter().flatten().collect::<Vec<_>>(), ["b", "a", "", "c"]);
        assert_eq!(keys, [0, 1, 0, 2, 1, 3]);
    }
}
