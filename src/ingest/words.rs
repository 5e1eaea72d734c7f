//! Distinct words by index, found again by hash: the interner of one block and, later, of the whole input.
//! It stores bytes that the caller has already found to be UTF-8. Not shared between threads.

use foldhash::fast::RandomState;
use std::hash::BuildHasher;

/// Words, each once.
pub(super) struct Interner {
    bytes: Vec<u8>,
    /// Where each word ends.
    ends: Vec<u32>,
    /// Index of each word, and half of its hash: a look at the other lists is a look at memory far away. Two words that
    /// ask for one place stand in the next ones that are free; a power of two, or none yet.
    table: Vec<(u32, u32)>,
    /// Of eight places so many hold words at most.
    most: usize,
    /// A word was not taken: there were 2 GiB of them, which is what an Arrow dictionary can hold.
    is_full: bool,
    state: RandomState,
    keys: [u64; 4],
}

/// A word that is looked for with others.
pub(super) struct Found {
    pub(super) number: u32,
    /// Where it ends.
    end: u32,
}

/// How many places most searches look at.
const NEAR: usize = 4;

/// A place of the table without a word.
const FREE: (u32, u32) = (u32::MAX, 0);

impl Interner {
    /// An empty one. Hashes of two interners are comparable where they share `state`.
    pub(super) fn new(state: &RandomState) -> Interner {
        Interner {
            bytes: Vec::new(),
            ends: Vec::new(),
            table: Vec::new(),
            most: 6,
            is_full: false,
            state: state.clone(),
            keys: [1u64, 2, 3, 4].map(|n| state.hash_one(n)),
        }
    }

    /// The hash of a word. Short ones, as nearly all are, are hashed here: their two ends and their length, multiplied
    /// under keys that nobody knows beforehand. That is 15 instructions, and the hasher's own way 40.
    #[inline(always)]
    pub(super) fn hash_of(&self, word: &[u8]) -> u64 {
        let length = word.len() as u64;
        if let Some((first, last)) = ends(word) {
            return folded(first ^ self.keys[0], last ^ self.keys[1] ^ length << 56);
        }
        match halves(word) {
            Some([a, b, c, d]) => {
                let first = folded(a ^ self.keys[0], b ^ self.keys[1] ^ length << 56);
                first ^ folded(c ^ self.keys[2], d ^ self.keys[3])
            }
            None => self.state.hash_one(word),
        }
    }

    /// The index of `word`; a new one where it was not there.
    pub(super) fn intern(&mut self, word: &[u8]) -> u32 {
        self.intern_hashed(self.hash_of(word), word)
    }

    /// The same for a word whose hash is known.
    pub(super) fn intern_hashed(&mut self, hash: u64, word: &[u8]) -> u32 {
        self.find(hash, word).unwrap_or_else(|| self.push(hash, word))
    }

    /// The index of a word, where it is there.
    #[inline(always)]
    pub(super) fn find(&self, hash: u64, word: &[u8]) -> Option<u32> {
        let last = self.table.len().wrapping_sub(1);
        let mut place = hash as usize & last;
        loop {
            let (index, half) = *self.table.get(place)?;
            if half == hash as u32 && index != FREE.0 && same(self.at(index), word) {
                return Some(index);
            }
            if index == FREE.0 {
                return None;
            }
            place = (place + 1) & last;
        }
    }

    /// The numbers of many words by their hashes, as [`Interner::intern_hashed`] gives them one by one, in `found`. One
    /// search after the other waits three times for memory far away, as what is read decides what is read next; here each
    /// look is one for all words, so that the machine waits for many of them at a time.
    pub(super) fn intern_all<'w>(
        &mut self,
        words: impl Iterator<Item = (u64, &'w [u8])> + Clone,
        found: &mut Vec<Found>,
    ) {
        let hashes = words.clone().map(|(hash, _)| hash);
        self.approach(hashes.clone());
        found.clear();
        found.extend(hashes.map(|hash| Found { number: self.likely(hash), end: 0 }));
        let last = self.ends.len().saturating_sub(1);
        for of in &mut *found {
            // Where there is no word any place does.
            of.end = self.ends.get((of.number as usize).min(last)).map_or(0, |end| *end);
        }
        let last_byte = |of: &Found| self.bytes.get((of.end as usize).wrapping_sub(1)).copied().unwrap_or(0);
        std::hint::black_box(found.iter().fold(0, |all, of| all ^ last_byte(of)));
        for ((hash, word), of) in words.zip(found) {
            if of.number == FREE.0 || !same(self.at(of.number), word) {
                of.number = self.intern_hashed(hash, word);
            }
        }
    }

    /// Brings near where a search for words of these hashes begins.
    pub(super) fn approach(&self, hashes: impl Iterator<Item = u64>) {
        let last = self.table.len().wrapping_sub(1);
        let half = |place: usize| self.table.get(place & last).map_or(0, |place| place.1);
        // A search goes a few places further, which may be those of the next line of memory.
        let both = |hash: u64| half(hash as usize) ^ half((hash as usize).wrapping_add(NEAR));
        std::hint::black_box(hashes.fold(0, |all, hash| all ^ both(hash)));
    }

    /// The first word of a hash's half, if there is one: likely the word.
    #[inline]
    fn likely(&self, hash: u64) -> u32 {
        let last = self.table.len().wrapping_sub(1);
        let mut place = hash as usize & last;
        loop {
            match self.table.get(place) {
                Some(&(index, half)) if half != hash as u32 && index != FREE.0 => place = (place + 1) & last,
                Some(&(index, _)) => return index,
                None => return FREE.0,
            }
        }
    }

    /// Adds a word that is not there; its index. Where there is no room for it, that of another, and [`Interner::is_full`]
    /// says so.
    #[inline(never)]
    fn push(&mut self, hash: u64, word: &[u8]) -> u32 {
        if (self.ends.len() + 1) * 8 > self.table.len() * self.most {
            self.grow();
        }
        let index = self.ends.len() as u32;
        let Ok(end) = i32::try_from(self.bytes.len() + word.len()).map(i32::cast_unsigned) else {
            self.is_full = true;
            return index.saturating_sub(1);
        };
        self.bytes.extend_from_slice(word);
        self.ends.push(end);
        self.seat(index, hash);
        index
    }

    /// Puts a word of the list in the table.
    fn seat(&mut self, index: u32, hash: u64) {
        let last = self.table.len() - 1;
        let mut place = hash as usize & last;
        while self.table[place].0 != FREE.0 {
            place = (place + 1) & last;
        }
        self.table[place] = (index, hash as u32);
    }

    fn grow(&mut self) {
        let n = (self.table.len() * 2).max(16);
        self.table.clear();
        self.table.resize(n, FREE);
        // A hash is worked out again for less than it would take to keep it.
        for index in 0..self.len() as u32 {
            self.seat(index, self.hash(index));
        }
    }

    /// Room for about `n` words, as short as ids are: lists that double leave holes behind, of which those of a thousand
    /// interners add up, and memory that is never touched costs nothing. So does a table of twice the places: a search
    /// looks at a few more of them instead.
    pub(super) fn expect(&mut self, n: usize) {
        if self.ends.capacity() == 0 {
            self.most = 7;
            self.ends.reserve_exact(n);
            self.bytes.reserve_exact(n.saturating_mul(12));
        }
    }

    /// Adds the words of `other` that are not in `numbers` yet: for each its number here.
    pub(super) fn add(&mut self, other: &Interner, numbers: &mut Vec<u32>) {
        let new = numbers.len() as u32..other.len() as u32;
        numbers.extend(new.map(|i| self.intern(other.at(i))));
    }

    /// Some word has the number of another: nothing can be told of such an input.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Forgets all words, and keeps their room.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.table.fill(FREE);
    }

    /// No word is looked up any more.
    pub(super) fn seal(&mut self) {
        self.table = Vec::new();
    }

    /// The word at `index`.
    #[inline]
    pub(super) fn at(&self, index: u32) -> &[u8] {
        let index = index as usize;
        let from = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[from as usize..self.ends[index] as usize]
    }

    /// The hash of the word at `index`.
    fn hash(&self, index: u32) -> u64 {
        self.hash_of(self.at(index))
    }

    /// How many words.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// The product of both, its halves put together.
#[inline]
fn folded(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// The first and the last eight bytes of a word, which may overlap, or all bytes of a shorter one: with its length they
/// tell every word from every other. `None` for one of more than sixteen bytes.
#[inline(always)]
fn ends(word: &[u8]) -> Option<(u64, u64)> {
    match word.len() {
        8..=16 => {
            let (first, last) = (word.first_chunk()?, word.last_chunk()?);
            Some((u64::from_le_bytes(*first), u64::from_le_bytes(*last)))
        }
        4..8 => {
            let (first, last) = (word.first_chunk()?, word.last_chunk()?);
            Some((u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last))))
        }
        0..4 => {
            let three = |i: usize| u64::from(word.get(i).copied().unwrap_or(0));
            Some((three(0) | three(1) << 8, three(2)))
        }
        _ => None,
    }
}

/// The same of a word of 16 to 32 bytes: its first and its last sixteen, as two halves each.
#[inline]
fn halves(word: &[u8]) -> Option<[u64; 4]> {
    let (first, last) = (word.first_chunk::<16>()?, word.last_chunk::<16>()?);
    let (first, last) = (u128::from_le_bytes(*first), u128::from_le_bytes(*last));
    let all = [first as u64, (first >> 64) as u64, last as u64, (last >> 64) as u64];
    (word.len() <= 32).then_some(all)
}

/// True where `a` is `b`. Most words are short: looks at their ends, which may overlap, are less than a call.
#[inline(always)]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match ends(a) {
        Some(of_a) => Some(of_a) == ends(b),
        None => match halves(a) {
            Some(of_a) => Some(of_a) == halves(b),
            None => a == b,
        },
    }
}

/// The first eight bytes of a word, zeros where it has fewer: a number that tells most words of one length apart, and
/// all short ones.
#[inline]
pub(super) fn head(word: &[u8]) -> u64 {
    if let Some(eight) = word.first_chunk::<8>() {
        return u64::from_le_bytes(*eight);
    }
    let mut eight = [0; 8];
    eight[..word.len()].copy_from_slice(word);
    u64::from_le_bytes(eight)
}

/// The head of the word of `length` bytes at the start of `bytes`; `None` where fewer than eight bytes are there. It asks
/// for no length to be guessed before it is known.
#[inline(always)]
pub(super) fn head_of(bytes: &[u8], length: usize) -> Option<u64> {
    const KEPT: [u64; 9] =
        [0, 0xFF, 0xFFFF, 0xFF_FFFF, u64::MAX >> 32, u64::MAX >> 24, u64::MAX >> 16, u64::MAX >> 8, u64::MAX];
    Some(u64::from_le_bytes(*bytes.first_chunk()?) & KEPT[length.min(8)])
}

/// `bytes` as text; what is not UTF-8 has been rejected before, so nothing is lost here.
pub(super) fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[cfg(test)]
mod tests {
    use foldhash::fast::RandomState;

    use super::{Interner, head, head_of, same};

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
    #[test]
    fn a_word_has_one_number_whatever_else_is_there() {
        let mut all = Interner::new(&RandomState::default());
        let word = |i: u32| "x".repeat(i as usize % 23) + &i.to_string();
        for round in 0..2 {
            for i in 0..5_000 {
                assert_eq!(all.intern(word(i).as_bytes()), i, "round {round}");
            }
        }
        assert_eq!(all.len(), 5_000);
        assert!((0..5_000).all(|i| all.at(i) == word(i).as_bytes()));
        assert_eq!(all.find(all.hash_of(b"none"), b"none"), None);
        let (mut found, words) = (Vec::new(), (4_990..5_010).chain([5_003]).map(word).collect::<Vec<_>>());
        let hashed: Vec<_> =
            words.iter().map(|word| (all.hash_of(word.as_bytes()), word.as_bytes())).collect();
        all.intern_all(hashed.iter().copied(), &mut found);
        let numbers: Vec<u32> = found.iter().map(|found| found.number).collect();
        assert_eq!(numbers, (4_990..5_010).chain([5_003]).collect::<Vec<u32>>());
        all.clear();
        all.intern_all(hashed.iter().copied(), &mut found);
        assert_eq!((found[0].number, found[20].number, all.len()), (0, 13, 20));
        all.clear();
        assert_eq!(all.intern(b""), 0);
        assert_eq!(all.intern(b"0"), 1);
        assert_eq!(all.intern(b""), 0);
    }

    #[test]
    fn what_has_no_room_is_told() {
        let mut all = Interner::new(&RandomState::default());
        assert_eq!(all.intern(b"first"), 0);
        // Never touched: it takes no memory.
        all.bytes = vec![0; i32::MAX as usize];
        assert!(!all.is_full());
        assert_eq!(all.intern(b"x"), 0);
        assert!(all.is_full());
    }

    #[test]
    fn short_words_have_heads_of_their_own() {
        let words = ["", "a", "aa", "aaa", "aab", "aaaa", "aaaaa", "abaaa", "aaaaaa", "aaaaaaa", "aaaabaa"];
        for a in words {
            for b in words {
                assert_eq!(head(a.as_bytes()) == head(b.as_bytes()), a == b, "{a} {b}");
            }
            let followed = format!("{a},and more");
            assert_eq!(head_of(followed.as_bytes(), a.len()), Some(head(a.as_bytes())), "{a}");
        }
        assert_eq!(head(b"longer words"), head(b"longer w"));
        assert_eq!(head_of(b"longer words", 12), Some(head(b"longer w")));
        assert_eq!(head_of(b"at end", 6), None);
    }
}
