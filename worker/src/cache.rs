//! The Cache API: answers kept in the colo under their canonical path, where they no longer vary.

use std::borrow::Cow;

use js_sys::Uint8Array;
use worker::{Cache, CacheKey, Headers, Method, Request, RequestInit, Response, Result};

use crate::respond::{self, Body};

/// A kept answer. The cache itself looks at conditions, and at a range where `ranges` says so.
pub async fn get(
    key: &str,
    head: &deckle_edge::Head,
    vary: Option<&str>,
    ranges: bool,
) -> Result<Option<web_sys::Response>> {
    let mut init = RequestInit::new();
    init.with_method(Method::Get);
    for (name, is_passed_on) in
        [("if-none-match", true), ("if-modified-since", true), ("range", ranges), ("if-range", ranges)]
    {
        if let Some(value) = head.header(name).filter(|_| is_passed_on) {
            init.headers.set(name, value)?;
        }
    }
    let request = Request::new_with_init(key, &init)?;
    let Some(kept) = Cache::default().get(CacheKey::from(&request), true).await? else {
        return Ok(None);
    };
    let headers = Headers::new();
    for (name, value) in kept.headers().entries() {
        headers.set(&name, &value)?;
    }
    headers.set("cache-status", "deckle; hit; detail=cache")?;
    if let Some(vary) = vary {
        headers.set("vary", vary)?;
    }
    let status = kept.status_code();
    let body = match kept.into_parts().1 {
        worker::ResponseBody::Stream(stream) if head.method == "HEAD" || status == 304 => {
            crate::body::forget(stream.cancel());
            Body::Empty
        }
        worker::ResponseBody::Stream(stream) => Body::Stream(stream),
        _ => Body::Empty,
    };
    respond::response(status, &headers, body).map(Some)
}

/// Keeps an answer: the same bytes, without what was true of the first answer only.
pub async fn put(key: String, headers: &[(Cow<'static, str>, String)], bytes: &Uint8Array) -> Result<()> {
    let kept = Headers::new();
    for (name, value) in
        headers.iter().filter(|header| !matches!(&*header.0, "vary" | "cache-status" | "server-timing"))
    {
        kept.set(name, value)?;
    }
    let response = respond::response(200, &kept, Body::Bytes(bytes.clone()))?;
    Cache::default().put(key, Response::from(response)).await
}
