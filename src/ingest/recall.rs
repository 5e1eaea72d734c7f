//! What a cell meant when it was read before: a word of a column comes in many rows, and is looked up in the profile's
//! lists and in the block's words once. It decides nothing: what is remembered is what was read. Words that a column
//! has numbers for are `columns`'; rows all of whose words are remembered, `fields`'.

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
/// Places for them, a power of two.
const PLACES: usize = 64;

/// What the cells of one column are read as.
pub(super) struct Memo<T> {
    /// Two words that ask for one place stand next to each other.
    places: Box<[Place<T>; PLACES]>,
    n_words: usize,
}

/// A word and what it means; without meaning there is no word.
struct Place<T> {
    head: u64,
    word: Box<[u8]>,
    meaning: Option<T>,
}

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        let free = |_| Place { head: 0, word: Box::default(), meaning: None };
        Memo { places: Box::new(std::array::from_fn(free)), n_words: 0 }
    }
}

impl<T: Copy> Memo<T> {
    /// What a word of at most eight bytes meant before, if it stands in the first place that is looked at.
    #[inline(always)]
    pub(super) fn short(&self, head: u64, length: usize) -> Option<T> {
        let known = &self.places[first_place(head)];
        let is_same = known.head == head && known.word.len() == length && length <= 8;
        known.meaning.filter(|_| is_same)
    }

    /// What a word meant before, by its [`head`].
    #[inline]
    pub(super) fn at(&self, head: u64, word: &[u8]) -> Option<T> {
        let mut place = first_place(head);
        loop {
            let known = &self.places[place];
            let meaning = known.meaning?;
            // The head of a short word is the whole word.
            let is_same = known.head == head && known.word.len() == word.len();
            if is_same && (word.len() <= 8 || same(&known.word, word)) {
                return Some(meaning);
            }
            place = (place + 1) % PLACES;
        }
    }

    /// What a word means: what it meant before, or what `read` makes of it. Words that it can make nothing of are not
    /// remembered.
    #[inline]
    pub(super) fn recall(&mut self, word: &[u8], read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let head = head(word);
        if let Some(meaning) = self.at(head, word) {
            return Some(meaning);
        }
        let meaning = read(word)?;
        if self.n_words < WORDS {
            let mut place = first_place(head);
            while self.places[place].meaning.is_some() {
                place = (place + 1) % PLACES;
            }
            self.places[place] = Place { head, word: word.into(), meaning: Some(meaning) };
            self.n_words += 1;
        }
        Some(meaning)
    }
}

/// Where to look for a word first: the top bits of a product by an odd number (of the golden ratio) depend on all bits of
/// the head.
#[inline]
fn first_place(head: u64) -> usize {
    (head.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize % PLACES
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
        assert_eq!(memo.n_words, WORDS);
    }
}
