//! Configuration: the variable `DECKLE`, the same object that `deckle.json` holds for other hosts.

use std::collections::BTreeMap;
use std::sync::Arc;

use deckle_edge::Config;
use serde::Deserialize;
use worker::{Env, Error, Result};

/// A checked configuration with this host's own section.
#[derive(Clone)]
pub struct Setup {
    pub config: Arc<Config>,
    pub worker: Section,
}

/// The section `worker`.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Section {
    /// HTTP sources: a prefix of the source key, and the base URL that replaces it. The longest prefix wins; a key without one is
    /// in the bucket `SOURCE`.
    pub origins: BTreeMap<String, String>,
    /// How long an HTTP source may take, in milliseconds.
    pub origin_timeout: Option<u32>,
}

thread_local! {
    static SETUP: std::cell::RefCell<Option<Setup>> = const { std::cell::RefCell::new(None) };
}

/// Reads the configuration once for each isolate; bindings do not change within one.
pub fn setup(env: &Env) -> Result<Setup> {
    if let Some(setup) = SETUP.with_borrow(Clone::clone) {
        return Ok(setup);
    }
    let setup = read(env)?;
    SETUP.with_borrow_mut(|slot| *slot = Some(setup.clone()));
    Ok(setup)
}

fn read(env: &Env) -> Result<Setup> {
    let value: serde_json::Value = match env.object_var("DECKLE") {
        Ok(value) => value,
        Err(Error::BindingError(_)) | Err(Error::JsError(_)) => serde_json::json!({}),
        Err(error) => return Err(error),
    };
    let config = Config::from_json(&value.to_string()).map_err(|e| Error::RustError(e.to_string()))?;
    let worker = match value.get("worker") {
        None => Section::default(),
        Some(section) => serde_json::from_value(section.clone())
            .map_err(|e| Error::RustError(format!("deckle.json: worker: {e}")))?,
    };
    if let Some(base) =
        worker.origins.values().find(|base| !base.starts_with("https://") && !base.starts_with("http://"))
    {
        return Err(Error::RustError(format!("deckle.json: worker.origins: {base} is not an http or https URL")));
    }
    Ok(Setup { config: Arc::new(config), worker })
}
