//! Stores: two R2 buckets, and HTTP origins from the configuration's list.

use std::time::Duration;

use deckle_edge::{Failure, Object, Store};
use futures_util::future::{Either, select};
use futures_util::{StreamExt, pin_mut};
use worker::{
    AbortController, Delay, Env, Error, Fetch, Method, Request, RequestInit, RequestRedirect, Response, ResponseBody,
    Result,
};

use crate::config::Section;

/// An object whose head is here and whose body is not.
pub enum Loaded {
    Bucket(worker::Object),
    Http(Response),
}

/// What a store answered.
pub enum Found {
    Yes(Box<Loaded>),
    No,
    Failed(Failure),
}

const ORIGIN_TIMEOUT_MS: u32 = 10_000;

/// Asks a store for an object.
pub async fn load(store: Store, key: &str, env: &Env, section: &Section) -> Result<Found> {
    let origin = section.origins.iter().filter(|(prefix, _)| key.starts_with(prefix.as_str()));
    match (store, origin.max_by_key(|(prefix, _)| prefix.len())) {
        (Store::Source, Some((prefix, base))) => {
            let timeout = section.origin_timeout.unwrap_or(ORIGIN_TIMEOUT_MS);
            http(&format!("{base}{}", encode(&key[prefix.len()..])), timeout).await
        }
        _ => bucket(if store == Store::Source { "SOURCE" } else { "DERIVED" }, key, env).await,
    }
}

async fn bucket(binding: &str, key: &str, env: &Env) -> Result<Found> {
    let bucket = env.bucket(binding)?;
    Ok(match bucket.get(key).execute().await {
        Ok(Some(object)) => Found::Yes(Box::new(Loaded::Bucket(object))),
        Ok(None) => Found::No,
        Err(error) => {
            worker::console_error!("R2 {binding}: {error}");
            Found::Failed(Failure::Unavailable)
        }
    })
}

async fn http(url: &str, timeout_ms: u32) -> Result<Found> {
    let mut init = RequestInit::new();
    // a redirect could lead anywhere
    init.with_method(Method::Get).with_redirect(RequestRedirect::Manual);
    let Ok(request) = Request::new_with_init(url, &init) else {
        return Ok(Found::No);
    };
    let controller = AbortController::default();
    let signal = controller.signal();
    let fetch = Fetch::Request(request);
    let response = {
        let sending = fetch.send_with_signal(&signal);
        let late = Delay::from(Duration::from_millis(timeout_ms.into()));
        pin_mut!(sending, late);
        match select(sending, late).await {
            Either::Left((response, _)) => response,
            Either::Right(_) => {
                controller.abort();
                return Ok(Found::Failed(Failure::Timeout));
            }
        }
    };
    Ok(match response {
        Ok(response) if response.status_code() == 200 => Found::Yes(Box::new(Loaded::Http(response))),
        Ok(response) if matches!(response.status_code(), 403 | 404 | 410) => Found::No,
        _ => Found::Failed(Failure::Unavailable),
    })
}

/// Percent-encodes a decoded key for a URL's path.
fn encode(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

impl Loaded {
    /// The head as the edge reads it.
    pub fn head(&self) -> Result<Object> {
        match self {
            Self::Bucket(object) => {
                let http = object.http_metadata();
                let uploaded = js_sys::Date::new(&(object.uploaded().as_millis() as f64).into());
                Ok(Object {
                    etag: Some(object.http_etag()),
                    content_type: http.content_type,
                    size: Some(object.size()),
                    last_modified: Some(String::from(uploaded.to_utc_string())),
                    cache_control: http.cache_control,
                    metadata: object.custom_metadata()?.into_iter().collect(),
                })
            }
            Self::Http(response) => {
                let headers = response.headers();
                let size = headers.get("content-length")?.and_then(|length| length.parse().ok());
                // a compressed transfer's length is not the body's
                let size = if headers.has("content-encoding")? { None } else { size };
                Ok(Object {
                    etag: headers.get("etag")?,
                    content_type: headers.get("content-type")?,
                    size,
                    last_modified: headers.get("last-modified")?,
                    cache_control: headers.get("cache-control")?,
                    metadata: std::collections::BTreeMap::new(),
                })
            }
        }
    }

    /// Reads the body, at most a chunk past `max_bytes`.
    pub async fn read(self, max_bytes: u64) -> Result<Vec<u8>> {
        match self {
            Self::Bucket(object) => match object.body() {
                Some(body) => body.bytes().await,
                None => Err(Error::RustError("an R2 object without a body".into())),
            },
            Self::Http(mut response) => {
                let mut stream = response.stream()?;
                let mut bytes = Vec::new();
                while let Some(chunk) = stream.next().await {
                    bytes.extend(chunk?);
                    if bytes.len() as u64 > max_bytes {
                        break;
                    }
                }
                Ok(bytes)
            }
        }
    }

    /// The body as a stream that never passes through wasm.
    pub fn into_body(self) -> Result<ResponseBody> {
        match self {
            Self::Bucket(object) => match object.body() {
                Some(body) => body.response_body(),
                None => Ok(ResponseBody::Empty),
            },
            Self::Http(response) => Ok(response.into_parts().1),
        }
    }
}
