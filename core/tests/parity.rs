//! The native dialect against `tests/parity/vectors.json`, which the CloudFront Function runs too.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use deckle::edit::Device;
use deckle::request::{Request, Settings, SettingsSource, Viewer};
use serde_json::{Value as Json, json};

/// Vectors, or a batch of requests whose answers are compared elsewhere.
struct Table {
    settings: BTreeMap<String, Settings>,
    vectors: Vec<Json>,
}

impl Table {
    fn read(path: &str) -> Self {
        let table: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let settings = table["settings"].as_object().unwrap().iter().map(|(name, source)| {
            let source: SettingsSource = serde_json::from_value(source.clone()).unwrap();
            (name.clone(), Settings::new(&source).unwrap_or_else(|e| panic!("settings {name}: {e}")))
        });
        Self { settings: settings.collect(), vectors: table["vectors"].as_array().unwrap().clone() }
    }

    fn answer(&self, vector: &Json) -> Json {
        let defaults = Settings::new(&SettingsSource::default()).unwrap();
        let settings = vector["settings"].as_str().map_or(&defaults, |name| &self.settings[name]);
        let viewer = Viewer {
            accept: vector["accept"].as_str(),
            device: vector["device"].as_str().map(|word| Device::from_word(word).unwrap()),
            width: vector["width"].as_u64().map(|width| width as u32),
            saves_data: vector["savesData"].as_bool() == Some(true),
            seconds: None,
        };
        let (path, query) = (vector["path"].as_str().unwrap(), vector["query"].as_str().unwrap_or(""));
        // what the CloudFront Function answered is read without the viewer, as the host behind it does
        let request = match vector["isCanonical"].as_bool() {
            Some(true) if vector["settings"].is_string() => Request::parse_behind(path, &Viewer::default(), settings),
            Some(true) => Request::parse_canonical(path),
            _ => Request::parse(path, query, &viewer, settings),
        };
        match request {
            Ok(request) => {
                let original = request.edits.is_empty();
                json!({ "path": request.path(), "stored": request.stored_key(), "original": original })
            }
            Err(error) => {
                let mut body = json!({ "code": error.code(), "message": error.to_string() });
                if let Some(name) = error.name() {
                    body["parameter"] = name.into();
                }
                json!({ "error": body })
            }
        }
    }
}

#[test]
fn every_vector_has_the_expected_answer() {
    let table = Table::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/parity/vectors.json"));
    let wrong: Vec<String> = table
        .vectors
        .iter()
        .filter_map(|vector| {
            let answer = table.answer(vector);
            let right =
                vector["expect"].as_object().unwrap().iter().all(|(name, value)| answer.get(name) == Some(value));
            (!right).then(|| format!("{}\n  expected {}\n  got      {answer}", vector["name"], vector["expect"]))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} vectors\n{}", wrong.len(), table.vectors.len(), wrong.join("\n"));
}

#[test]
fn a_canonical_path_is_its_own_canonical_path() {
    let table = Table::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/parity/vectors.json"));
    for vector in &table.vectors {
        if let Some(path) = vector["expect"]["path"].as_str().filter(|path| *path != "/") {
            let again = Request::parse(path, "", &Viewer::default(), &Settings::default()).unwrap();
            assert_eq!(again.path(), path, "{}", vector["name"]);
        }
    }
}

/// The Rust side of `tests/parity/fuzz.mjs`.
#[test]
fn answers_a_batch() {
    let (Some(batch), Some(out)) = (std::env::var_os("DECKLE_PARITY_BATCH"), std::env::var_os("DECKLE_PARITY_OUT"))
    else {
        return;
    };
    let table = Table::read(batch.to_str().unwrap());
    let answers: Vec<Json> = table.vectors.iter().map(|vector| table.answer(vector)).collect();
    std::fs::write(out, serde_json::to_string(&answers).unwrap()).unwrap();
}
