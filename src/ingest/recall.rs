//! What a cell meant when it was read before: a word of a column comes in many rows, and is looked up in the profile's
//! lists and in the block's words once. In a column that is a dictionary (Parquet) by its number there, in text by
//! the word itself. It decides nothing: what is remembered is what was read.

use super::words::same;

/// The cells of one row.
pub(super) trait Cells<'v> {
    /// The text of a cell without the blanks around it.
    fn text(&self, column: usize) -> &'v [u8];

    /// The number of the cell's text in the dictionary of its column; `None`: the column is none.
    fn code(&self, column: usize) -> Option<usize>;
}

/// Cells that are text and no more.
pub(super) struct Text<G>(pub(super) G);

impl<'v, G: Fn(usize) -> &'v [u8]> Cells<'v> for Text<G> {
    #[inline]
    fn text(&self, column: usize) -> &'v [u8] {
        self.0(column)
    }

    #[inline]
    fn code(&self, _column: usize) -> Option<usize> {
        None
    }
}

/// Words remembered by their text; a column of more is no column of a few words.
const WORDS: usize = 16;

/// What the cells of one column are read as.
pub(super) struct Memo<T> {
    codes: Vec<Option<T>>,
    /// A mark that tells most words apart, the word, what it means.
    words: Vec<(u32, Box<[u8]>, T)>,
}

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo { codes: Vec::new(), words: Vec::new() }
    }
}

impl<T: Copy> Memo<T> {
    /// The dictionary of the column is another one from now on.
    pub(super) fn forget_codes(&mut self) {
        self.codes.clear();
    }

    /// What the cell meant in a row before, by its number alone.
    #[inline]
    pub(super) fn known<'v>(&self, cells: &impl Cells<'v>, column: usize) -> Option<T> {
        cells.code(column).and_then(|code| self.codes.get(code).copied().flatten())
    }

    /// Remembers by its number what the cell means.
    #[inline]
    pub(super) fn learn<'v>(&mut self, cells: &impl Cells<'v>, column: usize, value: T) {
        if let Some(code) = cells.code(column) {
            if self.codes.len() <= code {
                self.codes.resize(code + 1, None);
            }
            self.codes[code] = Some(value);
        }
    }

    /// What the cell means: what it meant before, or what `read` makes of it. Cells that it can make nothing of are not
    /// remembered.
    #[inline]
    pub(super) fn recall<'v>(
        &mut self,
        cells: &impl Cells<'v>,
        column: usize,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let Some(code) = cells.code(column) else { return self.recall_word(cells.text(column), read) };
        if let Some(value) = self.codes.get(code).copied().flatten() {
            return Some(value);
        }
        let value = read(cells.text(column))?;
        self.learn(cells, column, value);
        Some(value)
    }

    #[inline]
    fn recall_word(&mut self, word: &[u8], read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let (Some(&first), Some(&last)) = (word.first(), word.last()) else { return read(word) };
        let mark = (word.len() as u32) << 16 | u32::from(first) << 8 | u32::from(last);
        let is = |known: &&(u32, Box<[u8]>, T)| known.0 == mark && same(&known.1, word);
        if let Some(&(_, _, value)) = self.words.iter().find(is) {
            return Some(value);
        }
        let value = read(word)?;
        if self.words.len() < WORDS {
            self.words.push((mark, word.into(), value));
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Memo, Text, WORDS};

    #[test]
    fn a_word_is_read_once_and_its_look_alike_for_itself() {
        let mut memo = Memo::default();
        let mut n_read = 0;
        for word in ["open", "oven", "open", "oven", "", "none"] {
            let read = |word: &[u8]| {
                n_read += 1;
                (word != b"none").then_some(word.to_vec().iter().map(|b| u32::from(*b)).sum::<u32>())
            };
            let expected = (word != "none").then_some(word.bytes().map(u32::from).sum());
            assert_eq!(memo.recall(&Text(|_| word.as_bytes()), 0, read), expected, "{word}");
        }
        assert_eq!(n_read, 4);
    }

    #[test]
    fn a_column_of_many_words_is_not_remembered_without_bound() {
        let mut memo = Memo::default();
        for i in 0..10 * WORDS {
            let word = i.to_string();
            assert_eq!(memo.recall(&Text(|_| word.as_bytes()), 0, |_| Some(i)), Some(i));
        }
        assert_eq!(memo.words.len(), WORDS);
    }
}
