//! Signed requests. Where the configuration asks for them, everything else is refused before anything is looked up.

use std::collections::BTreeMap;

use deckle::request::signature;
use worker::{Env, Method, Request, Result};

/// The secret with the keys: a JSON object of secrets by key id.
const KEYS: &str = "SIGNING_KEYS";

/// Secrets by key id. Without the secret, or where it is none, there are no keys, and everything is refused.
pub fn keys(env: &Env) -> BTreeMap<String, String> {
    let text = env.secret(KEYS).map(|secret| secret.to_string());
    match text.map(|text| serde_json::from_str(&text)) {
        Ok(Ok(keys)) => keys,
        Ok(Err(error)) => {
            worker::console_error!("{KEYS} is no JSON object of secrets: {error}");
            BTreeMap::new()
        }
        Err(_) => {
            worker::console_error!("worker.signing is set, and there is no secret {KEYS}");
            BTreeMap::new()
        }
    }
}

/// Whether a request may pass: it is signed, or only asks what may be asked.
pub fn passes(request: &Request, keys: &BTreeMap<String, String>) -> Result<bool> {
    if request.method() == Method::Options {
        return Ok(true);
    }
    let url = request.url()?;
    let secret = |id: &str| keys.get(id).map(|secret| secret.as_bytes());
    let seconds = (js_sys::Date::now() / 1000.0) as u64;
    Ok(signature::verify(url.path(), url.query().unwrap_or(""), secret, seconds).is_ok())
}
