//! Rows of a fact table counted by some of their columns, batch by batch and on any number of threads: what SQL's
//! `COUNT(*)` with `GROUP BY` gives, without all rows in memory. Knows Arrow, not what the columns mean.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, DictionaryArray, Int32Array, Int64Array, RecordBatch,
};
use arrow::datatypes::{Field, Int32Type, Int64Type, Schema};
use arrow::error::ArrowError;
use foldhash::fast::RandomState;
use hashbrown::HashMap;

/// A column that rows are counted by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key {
    /// Words, or flags.
    Word(&'static str),
    /// Whole numbers from 0 of which `1` of them fit into so many bits; larger ones are counted together.
    Number(&'static str, u32),
}

impl Key {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Key::Word(name) | Key::Number(name, _) => name,
        }
    }
}

/// One column with its place in a row's code: 0 is missing.
#[derive(Clone, Debug)]
struct Part {
    name: &'static str,
    values: Values,
    shift: u32,
    bits: u32,
}

#[derive(Clone, Debug)]
enum Values {
    /// All batches share the dictionary.
    Words(ArrayRef),
    Numbers,
    Flags,
}

/// Rows counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    parts: Vec<Part>,
    /// Rows of each code, and groups of them, as [`Counted::add`] says.
    counts: HashMap<u128, [i64; 2], RandomState>,
}

impl Counted {
    /// Adds the rows whose columns are `columns`, one for each of `keys`. A row also counts as a group where it is the
    /// first of its `group` with these values of the columns `by`; rows of a group stand together.
    pub(super) fn add(
        &mut self,
        keys: &[Key],
        columns: &[ArrayRef],
        groups: &[u32],
        by: &[&str],
        is_wanted: impl Fn(usize) -> bool,
    ) {
        if self.parts.is_empty() {
            self.parts = parts(keys, columns);
        }
        let mut codes = vec![0_u128; groups.len()];
        for (part, column) in self.parts.iter().zip(columns) {
            pack(part, column, &mut codes);
        }
        let mask = |part: &Part| ((1_u128 << part.bits) - 1) << part.shift;
        let mask = self.parts.iter().filter(|part| by.contains(&part.name)).map(mask).sum::<u128>();
        let (mut group, mut seen) = (None, Vec::new());
        let rows = codes.iter().zip(groups).enumerate();
        for (_, (&code, &of)) in rows.filter(|(row, _)| is_wanted(*row)) {
            if group != Some(of) {
                group = Some(of);
                seen.clear();
            }
            let is_first = !seen.contains(&(code & mask));
            if is_first {
                seen.push(code & mask);
            }
            let count = self.counts.entry(code).or_default();
            count[0] += 1;
            count[1] += i64::from(is_first);
        }
    }

    /// Takes over what `other` counted by the same keys.
    pub(super) fn merge(&mut self, other: Counted) {
        if self.parts.is_empty() {
            *self = other;
            return;
        }
        for (code, [rows, groups]) in other.counts {
            let count = self.counts.entry(code).or_default();
            count[0] += rows;
            count[1] += groups;
        }
    }

    /// A row for each code, in their order: the keys, then the counts under the names `counts`.
    pub(super) fn rows(&self, counts: &[&str]) -> Result<RecordBatch, ArrowError> {
        let mut codes: Vec<u128> = self.counts.keys().copied().collect();
        codes.sort_unstable();
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for part in &self.parts {
            arrays.push(unpack(part, &codes)?);
            fields.push(Field::new(part.name, arrays[arrays.len() - 1].data_type().clone(), true));
        }
        for (i, name) in counts.iter().enumerate() {
            let column: Int64Array = codes.iter().map(|code| self.counts.get(code).map(|n| n[i])).collect();
            fields.push(Field::new(*name, column.data_type().clone(), true));
            arrays.push(Arc::new(column));
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
    }
}

/// Where each column stands in a code. Six words, of which four are ours and short, two numbers and five flags are less
/// than 128 bits.
fn parts(keys: &[Key], columns: &[ArrayRef]) -> Vec<Part> {
    let mut shift = 0;
    let part = |(key, column): (&Key, &ArrayRef)| {
        let (values, bits) = match (key, column.as_any_dictionary_opt()) {
            (_, Some(words)) => (
                Values::Words(Arc::clone(words.values())),
                usize::BITS - words.values().len().leading_zeros(),
            ),
            (Key::Number(_, bits), None) => (Values::Numbers, *bits),
            (Key::Word(_), None) => (Values::Flags, 2),
        };
        let part = Part { name: key.name(), values, shift, bits };
        shift += bits;
        part
    };
    keys.iter().zip(columns).map(part).collect()
}

/// Adds the values of one column to the rows' codes.
fn pack(part: &Part, column: &ArrayRef, codes: &mut [u128]) {
    let put = |(into, code): (&mut u128, u32)| *into |= u128::from(code) << part.shift;
    let codes = codes.iter_mut();
    match &part.values {
        Values::Words(_) => {
            let keys = column.as_dictionary::<Int32Type>().keys();
            // Most columns have no missing word, and then nothing is asked of each row.
            if keys.null_count() == 0 {
                codes.zip(keys.values().iter().map(|&key| key as u32 + 1)).for_each(put);
            } else {
                codes.zip(keys.iter().map(|key| key.map_or(0, |key| key as u32 + 1))).for_each(put);
            }
        }
        Values::Numbers => {
            let most = u32::MAX >> (u32::BITS - part.bits);
            let code = |n: Option<i64>| n.map_or(0, |n| u32::try_from(n + 1).unwrap_or(most).min(most));
            codes.zip(column.as_primitive::<Int64Type>().iter().map(code)).for_each(put);
        }
        Values::Flags => {
            let flags = column.as_boolean();
            if flags.null_count() == 0 {
                codes.zip(flags.values().iter().map(|flag| 1 + u32::from(flag))).for_each(put);
            } else {
                let code = |flag: Option<bool>| flag.map_or(0, |flag| 1 + u32::from(flag));
                codes.zip(flags.iter().map(code)).for_each(put);
            }
        }
    }
}

/// One column of the rows with these codes.
fn unpack(part: &Part, codes: &[u128]) -> Result<ArrayRef, ArrowError> {
    let mask = (1_u128 << part.bits) - 1;
    let values = codes.iter().map(|code| ((code >> part.shift) & mask) as i64 - 1);
    let values = values.map(|value| (value >= 0).then_some(value));
    Ok(match &part.values {
        Values::Words(words) => {
            let keys: Int32Array = values.map(|value| value.map(|key| key as i32)).collect();
            Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(words))?)
        }
        Values::Numbers => Arc::new(values.collect::<Int64Array>()),
        Values::Flags => Arc::new(values.map(|value| value.map(|flag| flag == 1)).collect::<BooleanArray>()),
    })
}
