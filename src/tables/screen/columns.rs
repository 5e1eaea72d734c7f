//! Columns of facts, row by row, as SQL compares them: what is missing is less, more, equal and unequal to nothing.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Int32Type, Int64Type, TimestampMicrosecondType};

/// The rows of one table. A column that it does not have, or not of that type, is `None`.
#[derive(Clone, Copy)]
pub(super) struct Rows<'t> {
    table: &'t RecordBatch,
}

impl<'t> Rows<'t> {
    pub(super) fn new(table: &'t RecordBatch) -> Rows<'t> {
        Rows { table }
    }

    fn column(&self, name: &str) -> Option<&'t ArrayRef> {
        self.table.column_by_name(name)
    }

    /// True where `fails` holds of no row.
    pub(super) fn none(&self, fails: impl Fn(usize) -> bool) -> bool {
        !(0..self.table.num_rows()).any(fails)
    }

    /// How many rows `is_counted`.
    pub(super) fn count(&self, is_counted: impl Fn(usize) -> bool) -> usize {
        (0..self.table.num_rows()).filter(|&row| is_counted(row)).count()
    }

    /// Where the column `name` of any type is missing.
    pub(super) fn missing(&self, name: &str) -> Option<Missing<'t>> {
        self.column(name).map(|array| Missing(array.nulls()))
    }

    /// Whole numbers, or instants.
    pub(super) fn numbers(&self, name: &str) -> Option<Numbers<'t>> {
        let array = self.column(name)?;
        let values: &[i64] = match array.data_type() {
            DataType::Timestamp(..) => array.as_primitive_opt::<TimestampMicrosecondType>()?.values(),
            _ => array.as_primitive_opt::<Int64Type>()?.values(),
        };
        Some(Numbers { values, missing: Missing(array.nulls()) })
    }

    pub(super) fn flags(&self, name: &str) -> Option<Flags<'t>> {
        self.column(name)?.as_boolean_opt().map(Flags)
    }

    /// Which rows have one of `words` in the column `name`: the dictionary is looked through, not every row.
    pub(super) fn among(&self, name: &str, words: &[&str]) -> Option<Among<'t>> {
        let array = self.column(name)?.as_dictionary_opt::<Int32Type>()?;
        let dictionary = array.values().as_string_opt::<i32>()?;
        let is_one = dictionary.iter().map(|word| word.is_some_and(|word| words.contains(&word))).collect();
        Some(Among { keys: array.keys().values(), missing: Missing(array.nulls()), is_one })
    }
}

/// Where a column is missing.
#[derive(Clone, Copy)]
pub(super) struct Missing<'t>(Option<&'t NullBuffer>);

impl Missing<'_> {
    #[inline]
    pub(super) fn at(&self, row: usize) -> bool {
        self.0.is_some_and(|nulls| nulls.is_null(row))
    }
}

/// A column of whole numbers or instants.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'t> {
    values: &'t [i64],
    missing: Missing<'t>,
}

impl Numbers<'_> {
    #[inline]
    pub(super) fn at(&self, row: usize) -> Option<i64> {
        (!self.missing.at(row)).then(|| self.values[row])
    }

    #[inline]
    pub(super) fn is_missing(&self, row: usize) -> bool {
        self.missing.at(row)
    }
}

/// A column of true and false.
#[derive(Clone, Copy)]
pub(super) struct Flags<'t>(&'t BooleanArray);

impl Flags<'_> {
    #[inline]
    pub(super) fn is_true(&self, row: usize) -> bool {
        self.0.is_valid(row) && self.0.value(row)
    }
}

/// Whether a row's word is one of some.
pub(super) struct Among<'t> {
    keys: &'t [i32],
    missing: Missing<'t>,
    /// By number of the word.
    is_one: Vec<bool>,
}

impl Among<'_> {
    #[inline]
    fn at(&self, row: usize) -> Option<bool> {
        if self.missing.at(row) { None } else { self.is_one.get(self.keys[row] as usize).copied() }
    }

    /// `IN`, or `=`.
    #[inline]
    pub(super) fn yes(&self, row: usize) -> bool {
        self.at(row) == Some(true)
    }

    /// `NOT IN`, or `<>`.
    #[inline]
    pub(super) fn no(&self, row: usize) -> bool {
        self.at(row) == Some(false)
    }
}

/// `a < b`.
#[inline]
pub(super) fn less(a: Option<i64>, b: Option<i64>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a < b)
}

/// `a <= b`.
#[inline]
pub(super) fn at_most(a: Option<i64>, b: Option<i64>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a <= b)
}

/// `a = b`.
#[inline]
pub(super) fn same(a: Option<i64>, b: Option<i64>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a == b)
}

/// `a <> b`.
#[inline]
pub(super) fn differs(a: Option<i64>, b: Option<i64>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a != b)
}

/// `a + b`.
#[inline]
pub(super) fn sum(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    a.zip(b).map(|(a, b)| a.wrapping_add(b))
}
