//! Sections as a JSON Schema, draft 2020-12, in which a TOML date is text of the format `date`: JSON has none. Every
//! table of known keys refuses others. What a schema cannot say (a name that is defined elsewhere, hours that
//! overlap) is left to the reader.

use serde_json::{Map, Value, json};

use super::{Key, Kind, Section, Variants};

/// The schema of a file whose top level is `section`, with a line end after it.
pub(crate) fn document(title: &str, about: &str, section: &Section) -> String {
    let mut shared = Shared::default();
    let mut schema = shared.table(section);
    schema.insert("$defs".to_owned(), Value::Object(shared.0));
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(title));
    schema.insert("description".to_owned(), json!(about));
    format!("{:#}\n", Value::Object(schema))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => Map::from_iter([("const".to_owned(), other)]),
    }
}

/// What is spelled out once, by name.
#[derive(Default)]
struct Shared(Map<String, Value>);

impl Shared {
    fn table(&mut self, section: &Section) -> Map<String, Value> {
        let mut properties: Map<String, Value> =
            section.keys.iter().map(|key| (key.name.to_owned(), Value::Object(self.property(key)))).collect();
        let mut schema = object(json!({ "type": "object", "additionalProperties": false }));
        if let Some(variants) = &section.variants {
            schema.insert("allOf".to_owned(), Value::Array(self.conditions(variants)));
            for (name, schemas) in self.all_variants(variants) {
                // Here every variant's, so that an editor proposes and explains the key; the conditions choose.
                let either = match schemas.as_slice() {
                    [only] => only.clone(),
                    _ => json!({ "anyOf": schemas }),
                };
                properties.insert(name.to_owned(), either);
            }
        }
        schema.insert("properties".to_owned(), Value::Object(properties));
        require(&mut schema, section.keys);
        schema
    }

    /// Every key of any variant with its different schemas, in order of name.
    fn all_variants(&mut self, variants: &Variants) -> Vec<(&'static str, Vec<Value>)> {
        let mut all: Vec<(&'static str, Vec<Value>)> = Vec::new();
        for key in variants.of.iter().flat_map(|(_, keys)| *keys) {
            let schema = Value::Object(self.property(key));
            match all.iter_mut().find(|(name, _)| *name == key.name) {
                Some((_, schemas)) if schemas.contains(&schema) => {}
                Some((_, schemas)) => schemas.push(schema),
                None => all.push((key.name, vec![schema])),
            }
        }
        all
    }

    /// For each word: keys of other words not at all, and its own where words differ in what they may be.
    fn conditions(&mut self, variants: &Variants) -> Vec<Value> {
        let all = self.all_variants(variants);
        let conditions = variants.of.iter().map(|(word, keys)| {
            let mut properties = Map::new();
            for (name, schemas) in &all {
                match keys.iter().find(|key| key.name == *name) {
                    None => properties.insert((*name).to_owned(), Value::Bool(false)),
                    Some(key) if schemas.len() > 1 => {
                        properties.insert((*name).to_owned(), Value::Object(self.property(key)))
                    }
                    Some(_) => None,
                };
            }
            let mut then = object(json!({ "properties": properties }));
            require(&mut then, keys);
            json!({
                "if": { "properties": { variants.key: { "const": word } }, "required": [variants.key] },
                "then": then,
            })
        });
        conditions.collect()
    }

    fn property(&mut self, key: &Key) -> Map<String, Value> {
        let mut schema = self.of(&key.kind);
        schema.insert("description".to_owned(), json!(key.doc));
        if let Some(default) = key.default.and_then(value) {
            schema.insert("default".to_owned(), default);
        }
        if let Some(example) = key.example.and_then(value) {
            schema.insert("examples".to_owned(), json!([example]));
        }
        schema
    }

    fn of(&mut self, kind: &Kind) -> Map<String, Value> {
        object(match kind {
            Kind::Text => json!({ "type": "string" }),
            Kind::Filled => json!({ "type": "string", "minLength": 1 }),
            Kind::Said => json!({ "type": "string", "pattern": "\\S" }),
            Kind::Form(form) => json!({ "type": "string", "pattern": form() }),
            Kind::Word(words) => json!({ "type": "string", "enum": words() }),
            Kind::WordInAnyCase(words) => {
                let words = words();
                let forms: Vec<String> = words.iter().map(|word| in_any_case(word)).collect();
                let pattern = format!("^({})$", forms.join("|"));
                json!({ "type": "string", "anyOf": [{ "enum": words }, { "pattern": pattern }] })
            }
            Kind::Whole(from, to) => json!({ "type": "integer", "minimum": from, "maximum": to }),
            Kind::Share => json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }),
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Date => {
                json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
            }
            Kind::List(kind, 0) => json!({ "type": "array", "items": self.of(kind) }),
            Kind::List(kind, least) => json!({ "type": "array", "items": self.of(kind), "minItems": least }),
            Kind::Any(kinds) => {
                json!({ "anyOf": kinds.iter().map(|kind| self.of(kind)).collect::<Vec<_>>() })
            }
            Kind::Shared(name, kind) => {
                if !self.0.contains_key(*name) {
                    let schema = Value::Object(self.of(kind));
                    self.0.insert((*name).to_owned(), schema);
                }
                json!({ "$ref": format!("#/$defs/{name}") })
            }
            Kind::Table(section) => Value::Object(self.table(section)),
            Kind::Tables(section) => json!({ "type": "array", "items": self.table(section) }),
            Kind::Named(None, kind) => json!({ "type": "object", "additionalProperties": self.of(kind) }),
            Kind::Named(Some(form), kind) => json!({
                "type": "object",
                "patternProperties": { form(): self.of(kind) },
                "additionalProperties": false,
            }),
        })
    }
}

fn require(schema: &mut Map<String, Value>, keys: &[Key]) {
    let needed: Vec<&str> = keys.iter().filter(|key| key.is_needed).map(|key| key.name).collect();
    if !needed.is_empty() {
        schema.insert("required".to_owned(), json!(needed));
    }
}

/// A TOML value as JSON; nothing where it is none.
fn value(toml: &str) -> Option<Value> {
    let document: toml::Table = toml::from_str(&format!("value = {toml}")).ok()?;
    document.get("value").map(json)
}

fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(all) => all.iter().map(json).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
    }
}

/// An expression for `word` in any case, spaces in it of any length: the expressions of JSON Schema have no flags.
pub(crate) fn in_any_case(word: &str) -> String {
    let letter = |c: char| match c {
        ' ' => "\\s+".to_owned(),
        c if c.is_ascii_alphabetic() => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
        '-' | '_' => c.to_string(),
        c if c.is_ascii_digit() => c.to_string(),
        c => format!("\\{c}"),
    };
    word.chars().map(letter).collect()
}
