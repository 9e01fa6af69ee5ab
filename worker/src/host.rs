//! Drives one exchange over the bindings.

use std::collections::BTreeMap;
use std::sync::Arc;

use deckle_edge::{Answer, Exchange, Failure, Head, Put, Send, Start, Step};
use worker::{Cache, CacheKey, Context, Env, HttpMetadata, Method, Request, RequestInit, Response, Result};

use crate::config::{Setup, setup};
use crate::source::{Found, Loaded, load};
use crate::{budget, respond};

/// Answers a request.
pub async fn answer(request: Request, env: &Env, context: &Context) -> Result<Response> {
    let setup = setup(env)?;
    let url = request.url()?;
    let head = Head {
        method: request.method().to_string(),
        path: url.path().to_owned(),
        query: url.query().unwrap_or("").to_owned(),
        headers: request.headers().entries().collect::<BTreeMap<_, _>>(),
    };
    let exchange = Exchange::begin(&head, Start::Viewer, Arc::clone(&setup.config), now());

    let key = exchange.cache_key().map(|path| format!("{}{path}", url.origin().ascii_serialization()));
    if let Some(key) = &key
        && let Some(response) = cached(key, &head, exchange.varies()).await?
    {
        return Ok(response);
    }
    let (mut answer, object) = drive(exchange, &setup, env).await?;
    let put = answer.put.take().map(|put| (put, answer.result.clone()));
    let keep = key.filter(|_| answer.status == 200 && answer.send != Send::Nothing);
    let object = match object {
        Some(object) if answer.send == Send::Object => Some(object.into_body()?),
        _ => None,
    };
    let mut response = respond::response(&mut answer, object)?;
    let keep = match keep {
        Some(key) => Some((key, response.cloned()?)),
        None => None,
    };
    let env = env.clone();
    context.wait_until(async move {
        if let Some((put, bytes)) = put
            && let Err(error) = store(&env, put, bytes).await
        {
            worker::console_error!("the derived image was not stored: {error}");
        }
        if let Some((key, copy)) = keep
            && let Err(error) = keep_in_cache(&key, copy).await
        {
            worker::console_error!("the answer was not cached: {error}");
        }
    });
    Ok(response)
}

/// Moves the exchange on until it has an answer.
async fn drive(mut exchange: Exchange, setup: &Setup, env: &Env) -> Result<(Answer, Option<Loaded>)> {
    let mut loaded: Option<Loaded> = None;
    let mut size = None;
    loop {
        match exchange.step() {
            Step::Load { store, key, .. } => match load(*store, key, env, &setup.worker).await? {
                Found::Yes(object) => {
                    let head = object.head()?;
                    size = head.size;
                    exchange.found(head);
                    loaded = Some(*object);
                }
                Found::No => exchange.missing(now()),
                Found::Failed(failure) => exchange.failed(failure, now()),
            },
            &Step::Read { max_bytes, .. } => match loaded.take() {
                Some(object) => {
                    let share = budget::share(size.unwrap_or(max_bytes)).await?;
                    match object.read(max_bytes).await {
                        Ok(bytes) => exchange.body(bytes, &now),
                        Err(error) => {
                            worker::console_error!("the source broke off: {error}");
                            exchange.failed(Failure::Unavailable, now());
                        }
                    }
                    drop(share);
                }
                None => exchange.failed(Failure::Unavailable, now()),
            },
            Step::Answer(_) => break,
        }
    }
    match exchange.into_answer() {
        Some(answer) => Ok((answer, loaded)),
        None => Err(worker::Error::RustError("the exchange ended without an answer".into())),
    }
}

/// An answer kept by the colo's cache; it looks at `If-None-Match` and HEAD itself.
async fn cached(key: &str, head: &Head, varies: bool) -> Result<Option<Response>> {
    let mut init = RequestInit::new();
    init.with_method(Method::Get);
    if let Some(tags) = head.header("if-none-match") {
        init.headers.set("if-none-match", tags)?;
    }
    let request = Request::new_with_init(key, &init)?;
    let Some(response) = Cache::default().get(CacheKey::from(&request), true).await? else {
        return Ok(None);
    };
    let headers = worker::Headers::new();
    for (name, value) in response.headers().entries() {
        headers.set(&name, &value)?;
    }
    headers.set("cache-status", "deckle; hit; detail=cache")?;
    headers.delete("server-timing")?;
    if varies {
        headers.set("vary", "accept")?;
    }
    let is_empty = head.method == "HEAD" || response.status_code() == 304;
    let (builder, body) = response.with_headers(headers).into_parts();
    Ok(Some(if is_empty { builder.empty() } else { builder.body(body) }))
}

/// Keeps a copy under the canonical path, where it no longer varies.
async fn keep_in_cache(key: &str, copy: Response) -> Result<()> {
    let headers = worker::Headers::new();
    for (name, value) in copy.headers().entries().filter(|header| header.0 != "vary") {
        headers.set(&name, &value)?;
    }
    Cache::default().put(key.to_owned(), copy.with_headers(headers)).await
}

async fn store(env: &Env, put: Put, bytes: Vec<u8>) -> Result<()> {
    let metadata = HttpMetadata {
        content_type: Some(put.content_type),
        cache_control: Some(put.cache_control),
        ..HttpMetadata::default()
    };
    let bucket = env.bucket("DERIVED")?;
    let builder = bucket.put(put.key, bytes).http_metadata(metadata);
    builder.custom_metadata(put.metadata.into_iter().collect::<std::collections::HashMap<_, _>>()).execute().await?;
    Ok(())
}

/// Milliseconds; in production the clock stands still while code runs.
fn now() -> f64 {
    js_sys::Date::now()
}
