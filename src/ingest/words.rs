//! Distinct words by index, found again by hash: the interner of one block and, later, of the whole input.
//! It stores bytes that the caller has already found to be UTF-8. Not shared between threads.

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// Words, each once, with their hashes.
pub(super) struct Interner {
    bytes: Vec<u8>,
    spans: Vec<(u32, u32)>,
    hashes: Vec<u64>,
    /// Index of each word, and half of its hash: a look at the other lists is a look at memory far away.
    table: HashTable<(u32, u32)>,
    state: RandomState,
    last: u32,
}

impl Interner {
    /// An empty one. Hashes of two interners are comparable where they share `state`.
    pub(super) fn new(state: &RandomState) -> Interner {
        Interner {
            bytes: Vec::new(),
            spans: Vec::new(),
            hashes: Vec::new(),
            table: HashTable::new(),
            state: state.clone(),
            last: u32::MAX,
        }
    }

    /// The index of `word`; a new one where it was not there. The word of the call before is known by its bytes.
    #[inline]
    pub(super) fn intern(&mut self, word: &[u8]) -> u32 {
        if self.last != u32::MAX && same(self.at(self.last), word) {
            return self.last;
        }
        let hash = self.state.hash_one(word);
        self.last = self.intern_hashed(hash, word);
        self.last
    }

    /// The same for a word whose hash is known.
    pub(super) fn intern_hashed(&mut self, hash: u64, word: &[u8]) -> u32 {
        let (bytes, spans) = (&self.bytes, &self.spans);
        let half = hash as u32;
        let is = |&(i, of): &(u32, u32)| {
            let (from, to) = spans[i as usize];
            of == half && same(&bytes[from as usize..to as usize], word)
        };
        if let Some(&(found, _)) = self.table.find(hash, is) {
            return found;
        }
        let index = self.spans.len() as u32;
        let from = self.bytes.len() as u32;
        self.bytes.extend_from_slice(word);
        self.spans.push((from, self.bytes.len() as u32));
        self.hashes.push(hash);
        let hashes = &self.hashes;
        self.table.insert_unique(hash, (index, half), |&(i, _)| hashes[i as usize]);
        index
    }

    /// Adds the words of `other`; their numbers here.
    pub(super) fn add(&mut self, other: &Interner) -> Vec<u32> {
        (0..other.len() as u32).map(|i| self.intern_hashed(other.hash(i), other.at(i))).collect()
    }

    /// Forgets all words, and keeps their room.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
        self.hashes.clear();
        self.table.clear();
        self.last = u32::MAX;
    }

    /// No word is looked up any more.
    pub(super) fn seal(&mut self) {
        (self.table, self.hashes) = (HashTable::new(), Vec::new());
    }

    /// The word at `index`.
    #[inline]
    pub(super) fn at(&self, index: u32) -> &[u8] {
        let (from, to) = self.spans[index as usize];
        &self.bytes[from as usize..to as usize]
    }

    /// The hash of the word at `index`.
    pub(super) fn hash(&self, index: u32) -> u64 {
        self.hashes[index as usize]
    }

    /// How many words.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }
}

/// True where `a` is `b`. Most words are short: two looks at their two ends, which may overlap, are less than a call.
#[inline]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    fn ends<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.first_chunk::<N>() == b.first_chunk::<N>() && a.last_chunk::<N>() == b.last_chunk::<N>()
    }
    a.len() == b.len()
        && match a.len() {
            4..=8 => ends::<4>(a, b),
            9..=16 => ends::<8>(a, b),
            17..=32 => ends::<16>(a, b),
            _ => a == b,
        }
}

/// `bytes` as text; what is not UTF-8 has been rejected before, so nothing is lost here.
pub(super) fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn words_are_the_same_where_every_byte_is() {
        for n in 0..70 {
            let word: Vec<u8> = (0..n).collect();
            assert!(same(&word, &word.clone()) && !same(&word, &[&word[..], b"x"].concat()));
            for i in 0..word.len() {
                let mut other = word.clone();
                other[i] ^= 0x80;
                assert!(!same(&word, &other), "{i} of {n}");
            }
        }
    }
}
