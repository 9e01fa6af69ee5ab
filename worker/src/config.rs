//! Configuration: the variable `DECKLE`, the same object that `deckle.json` holds for other hosts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use deckle_edge::Config;
use serde::Deserialize;
use worker::{Env, Error, Result};

use crate::origin::Origin;
use crate::signing;

/// A checked configuration with this host's own section.
pub struct Setup {
    pub config: Arc<Config>,
    pub origins: Vec<Origin>,
    /// The bindings of buckets that requests may name, by that name.
    pub buckets: BTreeMap<String, String>,
    /// How long a source may take from the request to its last byte, in milliseconds.
    pub source_timeout_ms: u32,
    /// How long a request waits for room to read its source, in milliseconds.
    pub queue_timeout_ms: u32,
    /// Secrets by key id, where requests have to be signed.
    pub signing: Option<BTreeMap<String, String>>,
    /// Whether answers say how much memory the isolate holds.
    pub diagnostics: bool,
}

/// The section `worker`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Section {
    /// A prefix of source keys, and the base URL that takes its place. A key without one is in the bucket `SOURCE`.
    origins: BTreeMap<String, String>,
    /// The bindings of buckets that requests may name, by that name.
    buckets: BTreeMap<String, String>,
    origin_timeout: Option<u32>,
    queue_timeout: Option<u32>,
    /// Whether requests have to be signed, with the keys of the secret `SIGNING_KEYS`.
    signing: bool,
    diagnostics: bool,
}

const SOURCE_TIMEOUT_MS: u32 = 10_000;
const QUEUE_TIMEOUT_MS: u32 = 20_000;

thread_local! {
    static SETUP: RefCell<Option<Rc<Setup>>> = const { RefCell::new(None) };
}

/// Reads the configuration once for each isolate; bindings do not change within one.
pub fn setup(env: &Env) -> Result<Rc<Setup>> {
    if let Some(setup) = SETUP.with_borrow(Clone::clone) {
        return Ok(setup);
    }
    let setup = Rc::new(read(env)?);
    SETUP.set(Some(Rc::clone(&setup)));
    Ok(setup)
}

fn read(env: &Env) -> Result<Setup> {
    let value = variable(env)?;
    let mut config = Config::from_json(&value.to_string()).map_err(|error| Error::RustError(error.to_string()))?;
    config.settings.without_detector();
    let section = match value.get("worker") {
        None => Section::default(),
        Some(section) => serde_json::from_value(section.clone()).map_err(|error| wrong("worker", error))?,
    };
    let origin = |(prefix, base): (&String, &String)| {
        Origin::new(prefix, base).map_err(|error| wrong(&format!("worker.origins, {prefix:?}: {base:?}"), error))
    };
    Ok(Setup {
        config: Arc::new(config),
        origins: section.origins.iter().map(origin).collect::<Result<_>>()?,
        buckets: section.buckets,
        source_timeout_ms: section.origin_timeout.unwrap_or(SOURCE_TIMEOUT_MS),
        queue_timeout_ms: section.queue_timeout.unwrap_or(QUEUE_TIMEOUT_MS),
        signing: section.signing.then(|| signing::keys(env)),
        diagnostics: section.diagnostics,
    })
}

/// The variable `DECKLE`: an object as Wrangler's file has it, text as the dashboard has it, or none.
fn variable(env: &Env) -> Result<serde_json::Value> {
    let binding = js_sys::Reflect::get(env, &"DECKLE".into())?;
    if binding.is_undefined() {
        return Ok(serde_json::json!({}));
    }
    let text = match binding.as_string() {
        Some(text) => text,
        None => js_sys::JSON::stringify(&binding)?.into(),
    };
    serde_json::from_str(&text).map_err(|error| wrong("is no JSON:", error))
}

fn wrong(member: &str, error: impl std::fmt::Display) -> Error {
    Error::RustError(format!("deckle.json: {member} {error}"))
}
