//! The JSON Schema of `deckle.json`, made from the types that read it and from the edits table.

use deckle::edit::table::{MAX_SIDE, ROWS};
use deckle::edit::{Kind, Place};
use deckle::image::{Cmyk, Format};
use deckle::request::{READY, SettingsSource};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::config::Source;
use crate::hosts::Hosts;

/// Deckle's configuration: one file for every host. All members are optional.
#[derive(JsonSchema)]
struct Document {
    /// Where this schema is.
    #[schemars(rename = "$schema")]
    _schema: Option<String>,
    #[schemars(flatten)]
    _settings: SettingsSource,
    #[schemars(flatten)]
    _source: Source,
    #[schemars(flatten)]
    _hosts: Hosts,
}

/// The schema, of draft 2020-12.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Document>().to_value();
    schema["title"] = json!("deckle.json");
    schema["additionalProperties"] = json!(false);
    plain(&mut schema);
    let formats: Vec<&str> = words("format").into_iter().filter(|word| Format::from_word(word).is_some()).collect();
    let mut format: Vec<Value> = formats.iter().map(|word| Value::from(*word)).collect();
    format.extend([Value::from("auto"), Value::Null]);
    let mut tell = |member: &str, more: Value| {
        if let (Some(known), Value::Object(more)) = (schema["properties"].get_mut(member), more) {
            for (name, value) in more {
                known[name] = value;
            }
        }
    };
    let name = json!({ "pattern": "^[A-Za-z0-9_-]{1,40}$" });
    tell("presets", json!({ "propertyNames": name }));
    tell("styles", json!({ "propertyNames": name }));
    let ready: Vec<&str> = READY.iter().flat_map(|ready| [ready.name, ready.group]).collect();
    tell("readyPresets", json!({ "items": { "type": "string", "enum": unique(&ready) } }));
    tell("only", json!({ "enum": ["presets", null] }));
    tell("format", json!({ "enum": format }));
    tell("autoFormats", json!({ "items": { "type": "string", "enum": formats } }));
    let side = json!({ "type": "integer", "minimum": 1, "maximum": MAX_SIDE });
    tell("devices", json!({ "propertyNames": { "enum": words("device-type") }, "additionalProperties": side }));
    tell("breakpoints", json!({ "items": side, "maxItems": 50 }));
    let dialects = ["native", "sih", "thumbor", "dit", "shopify", "wordpress"];
    tell("dialects", json!({ "items": { "type": "string", "enum": dialects }, "minItems": 1 }));
    tell("quality", json!({ "minimum": 1, "maximum": 100 }));
    tell("effort", json!({ "minimum": 0, "maximum": 6 }));
    tell("cmyk", json!({ "enum": [Cmyk::Press.word(), Cmyk::Naive.word(), null] }));
    tell("cors", json!({ "anyOf": [{ "type": "string", "pattern": "^[ -~]+$" }, { "enum": [false, null] }] }));
    let in_a_path = ROWS.iter().filter(|row| row.place != Place::None || row.name == "dpr");
    let edits: Vec<&str> = in_a_path.map(|row| row.name).collect();
    let values = json!({ "anyOf": [{ "const": "any" }, { "type": "array", "maxItems": 100 }] });
    tell("variants", json!({ "propertyNames": { "enum": edits }, "additionalProperties": values }));
    schema
}

/// The words of an edit.
fn words(edit: &str) -> Vec<&'static str> {
    match ROWS.iter().find(|row| row.name == edit).map(|row| &row.kind) {
        Some(Kind::Word { words }) => words.iter().map(|word| word.0).collect(),
        _ => Vec::new(),
    }
}

fn unique<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut words = words.to_vec();
    words.sort_unstable();
    words.dedup();
    words
}

/// Takes out what types of Rust have and a file in JSON has not: names of number formats, and defaults, which documents tell.
fn plain(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("format").is_some_and(Value::is_string) {
                members.remove("format");
            }
            members.remove("unevaluatedProperties");
            if members
                .get("default")
                .is_some_and(|default| default.is_null() || default.is_object() || default.is_array())
            {
                members.remove("default");
            }
            members.values_mut().for_each(plain);
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        _ => (),
    }
}
