//! A validator of JSON Schema, draft 2020-12, for the keywords that our schemas use and no others: a keyword that
//! it does not know fails the test. Small, because the crates for it change features of what slaudit is built from.

use std::cell::RefCell;
use std::collections::BTreeMap;

use regex::Regex;
use serde_json::{Map, Value};

/// Keywords that say nothing about what is valid, and those that their neighbours look at.
const SILENT: [&str; 9] = [
    "$schema",
    "$defs",
    "title",
    "description",
    "default",
    "examples",
    "format",
    "then",
    "patternProperties",
];

/// What is wrong with `value` under `schema`: places and keywords.
pub fn problems(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(&Root(schema), schema, value, "", &mut found);
    found
}

/// True where `schema` takes `value`.
pub fn is_valid(schema: &Value, value: &Value) -> bool {
    problems(schema, value).is_empty()
}

struct Root<'s>(&'s Value);

impl Root<'_> {
    fn takes(&self, schema: &Value, value: &Value) -> bool {
        let mut found = Vec::new();
        check(self, schema, value, "", &mut found);
        found.is_empty()
    }
}

fn check(root: &Root<'_>, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = match schema {
        Value::Bool(true) => return,
        Value::Bool(false) => return found.push(format!("{at}: not allowed")),
        Value::Object(schema) => schema,
        other => panic!("no schema: {other}"),
    };
    for (keyword, wanted) in schema {
        if SILENT.contains(&keyword.as_str()) {
            continue;
        }
        if !holds(root, schema, (keyword, wanted), value, at, found) {
            found.push(format!("{at}: {keyword}"));
        }
    }
}

/// Whether `value` passes one keyword; problems of what lies in it go to `found`.
fn holds(
    root: &Root<'_>,
    schema: &Map<String, Value>,
    (keyword, wanted): (&str, &Value),
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
) -> bool {
    let number = |limit: fn(f64, f64) -> bool| {
        value.as_f64().is_none_or(|number| limit(number, wanted.as_f64().unwrap()))
    };
    let listed = || wanted.as_array().unwrap();
    match keyword {
        "$ref" => {
            let target = wanted.as_str().unwrap().strip_prefix('#').unwrap();
            check(root, root.0.pointer(target).unwrap(), value, at, found);
            true
        }
        "type" => is_of(value, wanted.as_str().unwrap()),
        "enum" => listed().contains(value),
        "const" => wanted == value,
        "pattern" => value.as_str().is_none_or(|text| matches(wanted.as_str().unwrap(), text)),
        "minLength" => {
            value.as_str().is_none_or(|text| text.chars().count() as u64 >= wanted.as_u64().unwrap())
        }
        "minimum" => number(|number, limit| number >= limit),
        "maximum" => number(|number, limit| number <= limit),
        "exclusiveMinimum" => number(|number, limit| number > limit),
        "minItems" => value.as_array().is_none_or(|all| all.len() as u64 >= wanted.as_u64().unwrap()),
        "anyOf" => listed().iter().any(|schema| root.takes(schema, value)),
        "allOf" => {
            listed().iter().for_each(|schema| check(root, schema, value, at, found));
            true
        }
        "if" => {
            if root.takes(wanted, value) {
                check(root, &schema["then"], value, at, found);
            }
            true
        }
        "items" => {
            for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                check(root, wanted, item, &format!("{at}/{i}"), found);
            }
            true
        }
        "required" => {
            let keys = listed().iter().map(|key| key.as_str().unwrap());
            value.as_object().is_none_or(|object| keys.into_iter().all(|key| object.contains_key(key)))
        }
        "properties" | "additionalProperties" => {
            members(root, schema, keyword, value, at, found);
            true
        }
        other => panic!("the validator of the tests does not know `{other}`"),
    }
}

/// The members of an object that `keyword` is about.
fn members(
    root: &Root<'_>,
    schema: &Map<String, Value>,
    keyword: &str,
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
) {
    let known = schema.get("properties").and_then(Value::as_object);
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    for (key, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{key}");
        let own = known.and_then(|known| known.get(key));
        if keyword == "properties" {
            own.into_iter().for_each(|schema| check(root, schema, member, &at, found));
            continue;
        }
        let fitting: Vec<&Value> =
            patterns.into_iter().flatten().filter(|(form, _)| matches(form, key)).map(|(_, s)| s).collect();
        fitting.iter().for_each(|schema| check(root, schema, member, &at, found));
        if own.is_none() && fitting.is_empty() {
            check(root, &schema["additionalProperties"], member, &at, found);
        }
    }
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        other => panic!("no type `{other}`"),
    }
}

/// Whether `text` fits a pattern of a schema.
pub fn matches(pattern: &str, text: &str) -> bool {
    thread_local! {
        // A walk asks each pattern thousands of times.
        static COMPILED: RefCell<BTreeMap<String, Regex>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|compiled| match compiled.get(pattern) {
        Some(regex) => regex.is_match(text),
        None => {
            let regex = Regex::new(pattern).unwrap();
            let is_match = regex.is_match(text);
            compiled.insert(pattern.to_owned(), regex);
            is_match
        }
    })
}

#[test]
fn each_keyword_can_fail() {
    let schema = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for (text, good, bad) in [
        (r#"{ "type": "integer", "minimum": 1, "maximum": 9 }"#, "9", "10"),
        (r#"{ "type": "integer" }"#, "1", "1.5"),
        (r#"{ "exclusiveMinimum": 0 }"#, "0.1", "0"),
        (r#"{ "enum": ["a"] }"#, r#""a""#, r#""b""#),
        (r#"{ "pattern": "^a+$" }"#, r#""aa""#, r#""ab""#),
        (r#"{ "minLength": 1 }"#, r#""a""#, r#""""#),
        (r#"{ "type": "array", "items": { "type": "boolean" }, "minItems": 1 }"#, "[true]", "[1]"),
        (r#"{ "minItems": 1 }"#, "[1]", "[]"),
        (r#"{ "anyOf": [{ "type": "string" }, { "const": 1 }] }"#, "1", "2"),
        (r#"{ "allOf": [{ "required": ["a"] }, { "properties": { "a": false } }] }"#, "1", r#"{ "a": 1 }"#),
        (r##"{ "$ref": "#/$defs/a", "$defs": { "a": { "type": "string" } } }"##, r#""x""#, "1"),
        (
            r#"{ "patternProperties": { "^a": { "type": "string" } }, "additionalProperties": false }"#,
            r#"{ "ab": "" }"#,
            r#"{ "b": "" }"#,
        ),
        (
            r#"{ "patternProperties": { "^a": { "type": "string" } }, "additionalProperties": false }"#,
            "{}",
            r#"{ "a": 1 }"#,
        ),
        (
            r#"{ "if": { "required": ["a"] }, "then": { "required": ["b"] } }"#,
            r#"{ "b": 1 }"#,
            r#"{ "a": 1 }"#,
        ),
    ] {
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert!(is_valid(&schema(text), &value(good)), "{text} {good}");
        assert!(!is_valid(&schema(text), &value(bad)), "{text} {bad}");
    }
}
