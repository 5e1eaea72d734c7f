//! Changes a file in every place and asks schema and reader: other types, unknown keys, keys left out.

use serde_json::Value as Json;
use toml::{Table, Value};

use super::doubles::{json, toml};
use super::validator::{is_valid, problems};

/// What a reader says of a file: the codes of its problems.
pub type Reader<'r> = &'r dyn Fn(&str) -> Vec<&'static str>;

/// The way to a value: keys and positions.
type Place = Vec<String>;

/// Every key that `schema` declares, some more than once.
pub fn declared(schema: &Json, each: &mut dyn FnMut(&str)) {
    match schema {
        Json::Object(object) => {
            for (keyword, inner) in object {
                if keyword == "properties" {
                    inner.as_object().unwrap().keys().for_each(|key| each(key));
                    inner.as_object().unwrap().values().for_each(|schema| declared(schema, each));
                } else if !matches!(keyword.as_str(), "default" | "examples" | "if") {
                    declared(inner, each);
                }
            }
        }
        Json::Array(all) => all.iter().for_each(|schema| declared(schema, each)),
        _ => {}
    }
}

/// Every place of `value` and below, itself first.
fn places(value: &Value) -> Vec<Place> {
    let mut all = vec![Vec::new()];
    let mut below = |step: String, inner: &Value| {
        all.extend(places(inner).into_iter().map(|place| [vec![step.clone()], place].concat()));
    };
    match value {
        Value::Table(table) => table.iter().for_each(|(key, inner)| below(key.clone(), inner)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, inner)| below(i.to_string(), inner)),
        _ => {}
    }
    all
}

fn at<'v>(value: &'v mut Value, place: &[String]) -> &'v mut Value {
    place.iter().fold(value, |value, step| match value {
        Value::Table(table) => table.get_mut(step).unwrap(),
        Value::Array(list) => &mut list[step.parse::<usize>().unwrap()],
        other => panic!("no step {step} into {other:?}"),
    })
}

/// The file with a change, in both forms.
fn changed(file: &Table, change: impl FnOnce(&mut Value)) -> (String, Json) {
    let mut value = Value::Table(file.clone());
    change(&mut value);
    let Value::Table(table) = &value else { panic!("the file is a table") };
    (toml(table), json(&value))
}

/// A value of each type that TOML has.
fn one_of_each() -> Vec<Value> {
    let date: Table = toml::from_str("date = 2026-01-01").unwrap();
    vec![
        Value::String("x".to_owned()),
        Value::String(String::new()),
        Value::Integer(0),
        Value::Float(0.5),
        Value::Boolean(true),
        date["date"].clone(),
        Value::Array(Vec::new()),
        Value::Table(Table::new()),
    ]
}

/// The file itself is taken by both, and has every key that the schema declares in the place where it does.
pub fn is_whole(schema: &Json, file: &Table, reader: Reader<'_>) {
    let (text, value) = changed(file, |_| {});
    assert_eq!(reader(&text), Vec::<&str>::new(), "{text}");
    assert_eq!(problems(schema, &value), Vec::<String>::new());
    let mut walk = Absent { root: schema, missing: Vec::new(), either: Vec::new() };
    walk.of(schema, &[&value], "");
    // A table that stands in many places in place of a word has every key in some of them.
    for (table, values) in std::mem::take(&mut walk.either) {
        walk.of(table, &values, "a table in place of a word");
    }
    assert!(walk.missing.is_empty(), "the file of the test lacks {:?}", walk.missing);
}

/// Declared keys that no value has.
struct Absent<'j> {
    root: &'j Json,
    missing: Vec<String>,
    /// Tables among other kinds of values, with all values that are such.
    either: Vec<(&'j Json, Vec<&'j Json>)>,
}

impl<'j> Absent<'j> {
    fn of(&mut self, schema: &'j Json, values: &[&'j Json], at: &str) {
        let schema = match schema.get("$ref").and_then(Json::as_str) {
            Some(target) => self.root.pointer(&target[1..]).unwrap(),
            None => schema,
        };
        for (key, inner) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
            let found: Vec<&Json> = values.iter().filter_map(|value| value.get(key)).collect();
            if found.is_empty() {
                self.missing.push(format!("{at}/{key}"));
            }
            self.of(inner, &found, &format!("{at}/{key}"));
        }
        let listed: Vec<&Json> = values.iter().filter_map(|value| value.as_array()).flatten().collect();
        if let Some(items) = schema.get("items") {
            self.of(items, &listed, at);
        }
        let members: Vec<&Json> =
            values.iter().filter_map(|v| v.as_object()).flat_map(|o| o.values()).collect();
        let free = schema.get("additionalProperties").filter(|free| free.is_object());
        let formed =
            schema.get("patternProperties").and_then(Json::as_object).into_iter().flat_map(|f| f.values());
        formed.chain(free).for_each(|inner| self.of(inner, &members, at));
        let is_table = |schema: &Json| schema.get("type").and_then(Json::as_str) == Some("object");
        let either = schema.get("anyOf").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        for inner in either {
            if !is_table(inner) || either.iter().all(is_table) {
                self.of(inner, values, at);
                continue;
            }
            let tables = values.iter().copied().filter(|value| value.is_object());
            match self.either.iter_mut().find(|(known, _)| *known == inner) {
                Some((_, all)) => all.extend(tables),
                None => self.either.push((inner, tables.collect())),
            }
        }
    }
}

/// Each value replaced by one of each type: what the schema refuses the reader refuses, and of another type neither
/// takes it. A date where the reader wants text is text in JSON: of that the schema says nothing.
pub fn types_agree(schema: &Json, file: &Table, reader: Reader<'_>) {
    let mut n_refused = 0;
    for place in places(&Value::Table(file.clone())).iter().filter(|place| !place.is_empty()) {
        for other in one_of_each() {
            let (text, value) = changed(file, |value| *at(value, place) = other.clone());
            let (codes, valid) = (reader(&text), is_valid(schema, &value));
            assert!(valid || !codes.is_empty(), "{place:?} as {other:?}: only the schema refuses it");
            let is_typed = codes.iter().any(|code| matches!(*code, "F102" | "F103"));
            assert!(
                !valid || !is_typed || other.is_datetime(),
                "{place:?} as {other:?}: only the reader refuses it"
            );
            n_refused += usize::from(!valid);
        }
    }
    assert!(n_refused > 300, "{n_refused}");
}

/// A key that nobody knows, in each table: both refuse it, or neither.
pub fn unknown_keys_agree(schema: &Json, file: &Table, reader: Reader<'_>) {
    for place in places(&Value::Table(file.clone())) {
        if !at(&mut Value::Table(file.clone()), &place).is_table() {
            continue;
        }
        let (text, value) = changed(file, |value| insert(at(value, &place), "zzz", Value::Integer(1)));
        let refused = !reader(&text).is_empty();
        assert_eq!(refused, !is_valid(schema, &value), "{place:?}");
    }
}

/// Adds a key to a table.
fn insert(value: &mut Value, key: &str, new: Value) {
    let Value::Table(table) = value else { panic!("no table") };
    table.insert(key.to_owned(), new);
}

/// Each key left out: what the schema misses the reader misses. Gives the places where only the reader does.
pub fn left_out(schema: &Json, file: &Table, reader: Reader<'_>) -> Vec<String> {
    let mut only_reader = Vec::new();
    for place in places(&Value::Table(file.clone())) {
        let Some((key, above)) = place.split_last() else { continue };
        let (text, value) = changed(file, |value| {
            if let Value::Table(table) = at(value, above) {
                table.remove(key);
            }
        });
        let (codes, valid) = (reader(&text), is_valid(schema, &value));
        assert!(valid || codes.contains(&"F105"), "{place:?}: only the schema misses it: {codes:?}");
        if valid && codes.contains(&"F105") {
            only_reader.push(place.join("."));
        }
    }
    only_reader
}

/// `key` of one table in another one: whether the reader and the schema take it.
pub fn moved(
    schema: &Json,
    file: &Table,
    reader: Reader<'_>,
    place: &[&str],
    key: &str,
    new: &Value,
) -> (bool, bool) {
    let place: Place = place.iter().map(|step| (*step).to_owned()).collect();
    let (text, value) = changed(file, |value| insert(at(value, &place), key, new.clone()));
    (!reader(&text).contains(&"F102"), is_valid(schema, &value))
}
