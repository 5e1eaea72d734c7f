//! Growing columns: values are appended one by one, without allocation a row, and become Arrow arrays.
//! Knows types, not tables.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, DictionaryArray, PrimitiveArray, StringArray,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};
use arrow::datatypes::{ArrowNativeType, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;

use crate::calendar::{Instant, SECOND};
use crate::history::WordId;

use super::dictionary::Dictionary;

/// A column that can be finished.
pub(super) trait Grow {
    /// Asks for the room of `n` values at once: columns that double leave half of what they take to be cleared for nothing.
    fn make_room(&mut self, n: usize);

    /// The Arrow array of everything appended.
    ///
    /// # Errors
    /// A dictionary key outside of its dictionary: a mistake of this program.
    fn finish_array(self) -> Result<ArrayRef, ArrowError>;
}

/// Bits in a row.
#[derive(Default)]
struct Bits {
    full: Vec<u64>,
    last: u64,
    n: usize,
}

impl Bits {
    #[inline]
    fn push(&mut self, bit: bool) {
        self.last |= u64::from(bit) << (self.n % 64);
        self.n += 1;
        if self.n.is_multiple_of(64) {
            self.turn();
        }
    }

    /// The next 64. Not in line, so that a push is.
    #[inline(never)]
    fn turn(&mut self) {
        self.full.push(std::mem::take(&mut self.last));
    }

    fn finish(mut self) -> BooleanBuffer {
        self.full.push(self.last);
        // The first bit is the lowest of the first byte, on any machine.
        let words: Vec<u64> = self.full.into_iter().map(u64::to_le).collect();
        BooleanBuffer::new(Buffer::from_vec(words), 0, self.n)
    }
}

/// Which values are there. Those that cannot be missing are not noted, but made up for before the next one that can.
#[derive(Default)]
struct There(Bits);

impl There {
    /// Of the value at index `n`.
    #[inline]
    fn note(&mut self, n: usize, is_there: bool) {
        if self.0.n < n {
            self.make_up(n);
        }
        self.0.push(is_there);
    }

    #[cold]
    fn make_up(&mut self, n: usize) {
        while self.0.n < n {
            self.0.push(true);
        }
    }

    /// Of `n` values.
    fn finish(mut self, n: usize) -> Option<NullBuffer> {
        if self.0.n == 0 {
            return None;
        }
        self.make_up(n);
        Some(NullBuffer::new(self.0.finish())).filter(|nulls| nulls.null_count() > 0)
    }
}

/// Values of one width, some of them missing. Arrow's own builders ask several questions a value, and a clock has thirty
/// values.
struct Values<T> {
    values: Vec<T>,
    there: There,
}

impl<T: ArrowNativeType> Values<T> {
    const fn new() -> Values<T> {
        Values { values: Vec::new(), there: There(Bits { full: Vec::new(), last: 0, n: 0 }) }
    }

    #[inline]
    fn push(&mut self, value: T) {
        self.values.push(value);
    }

    #[inline]
    fn push_option(&mut self, value: Option<T>) {
        self.there.note(self.values.len(), value.is_some());
        self.values.push(value.unwrap_or_default());
    }

    fn finish<A: ArrowPrimitiveType<Native = T>>(self) -> PrimitiveArray<A> {
        let there = self.there.finish(self.values.len());
        PrimitiveArray::new(self.values.into(), there)
    }
}

/// Dictionary-encoded text.
pub(super) struct Keys {
    keys: Values<i32>,
    words: Dictionary,
}

impl Keys {
    pub(super) fn new(words: &Dictionary) -> Keys {
        Keys { keys: Values::new(), words: words.clone() }
    }

    /// Appends the word at `index`.
    #[inline]
    pub(super) fn push(&mut self, index: usize) {
        self.keys.push(index as i32);
    }

    /// Appends the word at `index`, or null.
    #[inline]
    pub(super) fn push_option(&mut self, index: Option<usize>) {
        self.keys.push_option(index.map(|i| i as i32));
    }

    /// Appends a word of the history, or null.
    #[inline]
    pub(super) fn push_word(&mut self, word: WordId) {
        self.push_option(word.get());
    }
}

impl Grow for Keys {
    fn make_room(&mut self, n: usize) {
        self.keys.values.reserve_exact(n);
    }

    fn finish_array(self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(self.keys.finish(), self.words.to_array())?))
    }
}

/// UTC instants.
pub(super) struct Instants(Values<i64>);

impl Instants {
    pub(super) const fn new() -> Instants {
        Instants(Values::new())
    }

    #[inline]
    pub(super) fn push(&mut self, at: Instant) {
        self.0.push(at.micros());
    }

    #[inline]
    pub(super) fn push_option(&mut self, at: Option<Instant>) {
        self.0.push_option(at.map(Instant::micros));
    }
}

impl Grow for Instants {
    fn make_room(&mut self, n: usize) {
        self.0.values.reserve_exact(n);
    }

    fn finish_array(self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(self.0.finish::<TimestampMicrosecondType>().with_timezone("UTC")))
    }
}

/// Durations: microseconds go in, whole seconds toward minus infinity come out.
pub(super) struct Durations(Values<i64>);

impl Durations {
    pub(super) const fn new() -> Durations {
        Durations(Values::new())
    }

    #[inline]
    pub(super) fn push(&mut self, micros: i64) {
        self.0.push(micros.div_euclid(SECOND));
    }

    #[inline]
    pub(super) fn push_option(&mut self, micros: Option<i64>) {
        self.0.push_option(micros.map(|m| m.div_euclid(SECOND)));
    }
}

impl Grow for Durations {
    fn make_room(&mut self, n: usize) {
        self.0.values.reserve_exact(n);
    }

    fn finish_array(self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(self.0.finish::<Int64Type>()))
    }
}

/// Counts, numbers from 1 and severities.
pub(super) struct Counts(Values<i64>);

impl Counts {
    pub(super) const fn new() -> Counts {
        Counts(Values::new())
    }

    #[inline]
    pub(super) fn push(&mut self, n: impl Into<i64>) {
        self.0.push(n.into());
    }

    #[inline]
    pub(super) fn push_option(&mut self, n: Option<impl Into<i64>>) {
        self.0.push_option(n.map(Into::into));
    }
}

impl Grow for Counts {
    fn make_room(&mut self, n: usize) {
        self.0.values.reserve_exact(n);
    }

    fn finish_array(self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(self.0.finish::<Int64Type>()))
    }
}

/// Shares.
pub(super) struct Shares(Values<f64>);

impl Shares {
    pub(super) const fn new() -> Shares {
        Shares(Values::new())
    }

    #[inline]
    pub(super) fn push_option(&mut self, share: Option<f64>) {
        self.0.push_option(share);
    }
}

impl Grow for Shares {
    fn make_room(&mut self, n: usize) {
        self.0.values.reserve_exact(n);
    }

    fn finish_array(self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(self.0.finish::<Float64Type>()))
    }
}

/// What is true or not.
#[derive(Default)]
pub(super) struct Flags {
    flags: Bits,
    there: There,
}

impl Flags {
    pub(super) fn new() -> Flags {
        Flags::default()
    }

    #[inline]
    pub(super) fn push(&mut self, flag: bool) {
        self.flags.push(flag);
    }

    #[inline]
    pub(super) fn push_option(&mut self, flag: Option<bool>) {
        self.there.note(self.flags.n, flag.is_some());
        self.flags.push(flag.unwrap_or_default());
    }
}

impl Grow for Flags {
    fn make_room(&mut self, n: usize) {
        self.flags.full.reserve_exact(n / 64 + 1);
    }

    fn finish_array(self) -> Result<ArrayRef, ArrowError> {
        let there = self.there.finish(self.flags.n);
        Ok(Arc::new(BooleanArray::new(self.flags.finish(), there)))
    }
}

/// Bytes of a text as short as ids are; longer ones ask for more.
const ID: usize = 12;

/// Text.
#[derive(Default)]
pub(super) struct Texts {
    bytes: String,
    ends: Vec<usize>,
    there: There,
}

impl Texts {
    pub(super) fn new() -> Texts {
        Texts::default()
    }

    #[inline]
    pub(super) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    #[inline]
    pub(super) fn push_option(&mut self, text: Option<&str>) {
        self.there.note(self.ends.len(), text.is_some());
        self.bytes.push_str(text.unwrap_or_default());
        self.ends.push(self.bytes.len());
    }
}

impl Grow for Texts {
    fn make_room(&mut self, n: usize) {
        self.ends.reserve_exact(n);
        self.bytes.reserve_exact(n.saturating_mul(ID));
    }

    fn finish_array(self) -> Result<ArrayRef, ArrowError> {
        if i32::try_from(self.bytes.len()).is_err() {
            return Err(ArrowError::OffsetOverflowError(self.bytes.len()));
        }
        let offsets: Vec<i32> = std::iter::once(0).chain(self.ends.iter().map(|&end| end as i32)).collect();
        let (offsets, bytes) = (OffsetBuffer::new(offsets.into()), Buffer::from_vec(self.bytes.into_bytes()));
        Ok(Arc::new(StringArray::try_new(offsets, bytes, self.there.finish(self.ends.len()))?))
    }
}

/// Declares a table's growing columns, named as in the registry and in its order, with `new` and `finish`.
macro_rules! columns {
    ($(#[$doc:meta])* $name:ident($context:ident) { $($field:ident: $kind:ty = $make:expr,)* }) => {
        $(#[$doc])*
        pub(super) struct $name { $($field: $kind,)* }

        impl $name {
            /// Empty ones, with room for about `n` rows.
            pub(super) fn new($context: &$crate::facts::Context<'_>, n: usize) -> $name {
                // A table without words needs no dictionary.
                let _ = $context;
                let mut columns = $name { $($field: $make,)* };
                $($crate::facts::arrays::Grow::make_room(&mut columns.$field, n);)*
                columns
            }

            /// The arrays, in order of the registry.
            pub(super) fn finish(
                self,
            ) -> Result<Vec<arrow::array::ArrayRef>, arrow::error::ArrowError> {
                Ok(vec![$($crate::facts::arrays::Grow::finish_array(self.$field)?,)*])
            }

            /// The columns' names, in order.
            #[cfg(test)]
            pub(super) const NAMES: &[&str] = &[$(stringify!($field),)*];
        }
    };
}
pub(super) use columns;
