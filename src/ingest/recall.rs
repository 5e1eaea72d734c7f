//! What a cell meant when it was read before: a word of a column comes in many rows, and is looked up in the profile's
//! lists and in the block's words once. It decides nothing: what is remembered is what was read. Words that a column
//! has numbers for are `columns`'.

use super::words::{head, same};

/// The cells of one row.
pub(super) trait Cells<'v> {
    /// The text of a cell without the blanks around it.
    fn text(&self, column: usize) -> &'v [u8];
}

/// Cells that are text and no more.
pub(super) struct Text<G>(pub(super) G);

impl<'v, G: Fn(usize) -> &'v [u8]> Cells<'v> for Text<G> {
    #[inline]
    fn text(&self, column: usize) -> &'v [u8] {
        self.0(column)
    }
}

/// Words remembered; a column of more is no column of a few words.
const WORDS: usize = 16;
/// Places for their numbers, a power of two.
const PLACES: usize = 64;

/// What the cells of one column are read as.
pub(super) struct Memo<T> {
    /// For each place the number of a word from 1 on; 0: none. Two words that ask for one place stand next to each other.
    places: [u8; PLACES],
    words: Vec<Known<T>>,
}

struct Known<T> {
    head: u64,
    word: Box<[u8]>,
    value: T,
}

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo { places: [0; PLACES], words: Vec::new() }
    }
}

impl<T: Copy> Memo<T> {
    /// What a word means: what it meant before, or what `read` makes of it. Words that it can make nothing of are not
    /// remembered.
    #[inline]
    pub(super) fn recall(&mut self, word: &[u8], read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        if word.is_empty() {
            return read(word);
        }
        let head = head(word);
        // The top bits of a product by an odd number (of the golden ratio) depend on all bits of the head.
        let mut place = (head.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize % PLACES;
        while let Some(known) = self.words.get(usize::from(self.places[place]).wrapping_sub(1)) {
            // The head of a short word is the whole word.
            if known.head == head && (word.len() < 8 || same(&known.word, word)) {
                return Some(known.value);
            }
            place = (place + 1) % PLACES;
        }
        let value = read(word)?;
        if self.words.len() < WORDS {
            self.words.push(Known { head, word: word.into(), value });
            self.places[place] = self.words.len() as u8;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Memo, WORDS};

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
            assert_eq!(memo.recall(word.as_bytes(), read), expected, "{word}");
        }
        assert_eq!(n_read, 4);
    }

    #[test]
    fn a_column_of_many_words_is_not_remembered_without_bound() {
        let mut memo = Memo::default();
        for i in 0..10 * WORDS {
            let word = i.to_string();
            assert_eq!(memo.recall(word.as_bytes(), |_| Some(i)), Some(i));
        }
        assert_eq!(memo.words.len(), WORDS);
    }
}
