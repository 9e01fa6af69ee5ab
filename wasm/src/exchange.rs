//! The edge's state machine as two classes.

use std::sync::Arc;

use deckle_edge::{Config, Detected, Failure, Head, Object, Start};
use wasm_bindgen::prelude::*;

use crate::error::with_code;

/// A configuration, read once.
#[wasm_bindgen]
pub struct Deckle {
    config: Arc<Config>,
}

/// One exchange.
#[wasm_bindgen]
pub struct Exchange {
    inner: deckle_edge::Exchange,
}

#[wasm_bindgen]
impl Deckle {
    /// Reads `deckle.json`; throws an `Error` with `code` `invalid_configuration`.
    #[wasm_bindgen(constructor)]
    pub fn new(config_json: &str) -> Result<Self, JsValue> {
        let config = Config::from_json(config_json).map_err(|e| with_code(e.code(), &e.to_string()))?;
        Ok(Self { config: Arc::new(config) })
    }

    /// Begins an exchange; throws only when the host's own JSON or `start` is wrong.
    pub fn begin(&self, head_json: &str, start: &str, now: f64) -> Result<Exchange, JsValue> {
        let mut head: Head = serde_json::from_str(head_json).map_err(|e| with_code("host", &e.to_string()))?;
        // a host that tells no time has that of JavaScript
        head.seconds = head.seconds.or(Some((js_sys::Date::now() / 1000.0) as u64));
        let start = match start {
            "viewer" => Start::Viewer,
            "derived-miss" => Start::DerivedMiss,
            _ => return Err(with_code("host", "start is viewer or derived-miss")),
        };
        Ok(Exchange { inner: deckle_edge::Exchange::begin(&head, start, Arc::clone(&self.config), now) })
    }
}

#[wasm_bindgen]
impl Exchange {
    /// The step as JSON.
    pub fn step(&self) -> Result<String, JsValue> {
        serde_json::to_string(self.inner.step()).map_err(|e| with_code("host", &e.to_string()))
    }

    /// The object is there; its head as JSON.
    pub fn found(&mut self, object_json: &str) -> Result<(), JsValue> {
        let object: Object = serde_json::from_str(object_json).map_err(|e| with_code("host", &e.to_string()))?;
        self.inner.found(object);
        Ok(())
    }

    /// The object is not there.
    pub fn missing(&mut self, now: f64) {
        self.inner.missing(now);
    }

    /// The store did not answer (`timeout`, or anything else), or the host has no room (`busy`).
    pub fn failed(&mut self, reason: &str, now: f64) {
        let failure = match reason {
            "timeout" => Failure::Timeout,
            "busy" => Failure::Busy,
            _ => Failure::Unavailable,
        };
        self.inner.failed(failure, now);
    }

    /// The body of the object; transforms it.
    pub fn body(&mut self, bytes: Vec<u8>, clock: &js_sys::Function) {
        self.inner.body(bytes, &told_by(clock));
    }

    /// What was seen in the picture that `take` gave, as JSON; transforms it, or asks for the next one.
    pub fn detected(&mut self, seen_json: &str, clock: &js_sys::Function) -> Result<(), JsValue> {
        let seen: Detected = serde_json::from_str(seen_json).map_err(|e| with_code("host", &e.to_string()))?;
        self.inner.detected(&seen, &told_by(clock));
        Ok(())
    }

    /// The names that were listed, as a JSON array.
    pub fn listed(&mut self, names_json: &str, now: f64) -> Result<(), JsValue> {
        let names: Vec<String> = serde_json::from_str(names_json).map_err(|e| with_code("host", &e.to_string()))?;
        self.inner.listed(&names, now);
        Ok(())
    }

    /// Takes the bytes that the answer made, or those that are to be looked at; a second call returns an empty array.
    pub fn take(&mut self) -> Vec<u8> {
        self.inner.take()
    }

    /// The canonical path of the request.
    #[wasm_bindgen(js_name = cachePath)]
    pub fn cache_path(&self) -> Option<String> {
        self.inner.cache_path()
    }

    /// The key under which an HTTP cache may keep the answer: the canonical path, and as a query who makes such answers.
    #[wasm_bindgen(js_name = cacheKey)]
    pub fn cache_key(&self) -> Option<String> {
        self.inner.cache_key()
    }

    /// Whether the answer varies by `Accept` at the URL that was asked for.
    pub fn varies(&self) -> bool {
        self.inner.varies()
    }
}

fn told_by(clock: &js_sys::Function) -> impl Fn() -> f64 + '_ {
    || clock.call0(&JsValue::NULL).ok().and_then(|now| now.as_f64()).unwrap_or(0.0)
}
