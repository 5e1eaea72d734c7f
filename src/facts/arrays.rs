//! Growing columns: values are appended one by one, without allocation a row, and become Arrow arrays.
//! Knows types, not tables.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, DictionaryArray, Float64Builder, Int32Builder, Int64Builder, StringArray,
    StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::Int32Type;
use arrow::error::ArrowError;

use crate::calendar::{Instant, SECOND};
use crate::history::{WordId, Words};

/// A shared list of words that dictionary keys point into.
pub(super) type Dictionary = Arc<StringArray>;

/// The dictionary of `words`, in order.
pub(super) fn dictionary<'a>(words: impl IntoIterator<Item = &'a str>) -> Dictionary {
    Arc::new(StringArray::from_iter_values(words))
}

/// The dictionary of a word list of the history: its keys are the list's indices.
pub(super) fn word_dictionary(words: &Words) -> Dictionary {
    dictionary(words.iter())
}

/// A column that can be finished.
pub(super) trait Grow {
    /// The Arrow array of everything appended.
    ///
    /// # Errors
    /// A dictionary key outside of its dictionary: a mistake of this program.
    fn finish_array(self) -> Result<ArrayRef, ArrowError>;
}

/// Dictionary-encoded text.
pub(super) struct Keys {
    keys: Int32Builder,
    values: Dictionary,
}

impl Keys {
    pub(super) fn new(values: &Dictionary) -> Keys {
        Keys { keys: Int32Builder::new(), values: Arc::clone(values) }
    }

    /// Appends the word at `index`.
    pub(super) fn push(&mut self, index: usize) {
        self.keys.append_value(index as i32);
    }

    /// Appends the word at `index`, or null.
    pub(super) fn push_option(&mut self, index: Option<usize>) {
        self.keys.append_option(index.map(|i| i as i32));
    }

    /// Appends a word of the history, or null.
    pub(super) fn push_word(&mut self, word: WordId) {
        self.push_option(word.get());
    }
}

impl Grow for Keys {
    fn finish_array(mut self) -> Result<ArrayRef, ArrowError> {
        let keys = self.keys.finish();
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, self.values)?))
    }
}

/// UTC instants.
pub(super) struct Instants(TimestampMicrosecondBuilder);

impl Instants {
    pub(super) fn new() -> Instants {
        Instants(TimestampMicrosecondBuilder::new().with_timezone("UTC"))
    }

    pub(super) fn push(&mut self, at: Instant) {
        self.0.append_value(at.micros());
    }

    pub(super) fn push_option(&mut self, at: Option<Instant>) {
        self.0.append_option(at.map(Instant::micros));
    }
}

impl Grow for Instants {
    fn finish_array(mut self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(self.0.finish()))
    }
}

/// Durations: microseconds go in, whole seconds toward minus infinity come out.
pub(super) struct Durations(Int64Builder);

impl Durations {
    pub(super) fn new() -> Durations {
        Durations(Int64Builder::new())
    }

    pub(super) fn push(&mut self, micros: i64) {
        self.0.append_value(micros.div_euclid(SECOND));
    }

    pub(super) fn push_option(&mut self, micros: Option<i64>) {
        self.0.append_option(micros.map(|m| m.div_euclid(SECOND)));
    }
}

impl Grow for Durations {
    fn finish_array(mut self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(self.0.finish()))
    }
}

/// Counts, numbers from 1 and severities.
pub(super) struct Counts(Int64Builder);

impl Counts {
    pub(super) fn new() -> Counts {
        Counts(Int64Builder::new())
    }

    pub(super) fn push(&mut self, n: impl Into<i64>) {
        self.0.append_value(n.into());
    }

    pub(super) fn push_option(&mut self, n: Option<impl Into<i64>>) {
        self.0.append_option(n.map(Into::into));
    }
}

impl Grow for Counts {
    fn finish_array(mut self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(self.0.finish()))
    }
}

macro_rules! grow {
    ($($builder:ty),*) => {$(
        impl Grow for $builder {
            fn finish_array(mut self) -> Result<ArrayRef, ArrowError> {
                Ok(Arc::new(self.finish()))
            }
        }
    )*};
}

grow!(BooleanBuilder, Float64Builder, StringBuilder);

/// Declares a table's growing columns, named as in the registry and in its order, with `new` and `finish`.
macro_rules! columns {
    ($(#[$doc:meta])* $name:ident($context:ident) { $($field:ident: $kind:ty = $make:expr,)* }) => {
        $(#[$doc])*
        pub(super) struct $name { $($field: $kind,)* }

        impl $name {
            pub(super) fn new($context: &$crate::facts::Context<'_>) -> $name {
                // A table without words needs no dictionary.
                let _ = $context;
                $name { $($field: $make,)* }
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
