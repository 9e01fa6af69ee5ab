//! Stores: two R2 buckets, and HTTP origins from the configuration's list.

use deckle_edge::{ByteRange, Failure, Object, Store};
use web_sys::ReadableStream;
use worker::{
    AbortController, Conditional, Env, Error, Fetch, Headers, Method, Range, Request, RequestInit, RequestRedirect,
    Response, ResponseBody, Result,
};

use crate::body::{self, Deadline};
use crate::config::Setup;
use crate::flight::Made;
use crate::origin::Origin;

/// An object whose head is here and whose body may be.
pub enum Loaded {
    /// Made here a moment ago.
    Made(Made),
    Bucket(InBucket),
    Http(AtOrigin),
}

pub struct InBucket {
    object: worker::Object,
    bucket: worker::Bucket,
}

pub struct AtOrigin {
    response: Response,
    url: String,
}

/// What a store answered.
pub enum Found {
    Yes(Box<Loaded>),
    No,
    Failed(Failure),
}

/// Asks a store for an object. With `head_only`, a store that can tell of an object without opening its body does so.
pub async fn load(
    store: Store,
    named: Option<&str>,
    key: &str,
    env: &Env,
    setup: &Setup,
    head_only: bool,
    deadline: Deadline,
) -> Result<Found> {
    if let Some(name) = named {
        return match setup.buckets.get(name) {
            Some(binding) => bucket(binding, key, env, head_only, deadline).await,
            None => {
                worker::console_error!("worker.buckets has no binding for {name}");
                Ok(Found::No)
            }
        };
    }
    let origin = Origin::of(key, &setup.origins).filter(|_| store == Store::Source);
    match (origin, store) {
        (Some(origin), _) => match origin.url(key) {
            Some(url) => http(url.as_str(), deadline).await,
            None => Ok(Found::No),
        },
        (None, Store::Source) => bucket("SOURCE", key, env, head_only, deadline).await,
        (None, Store::Derived) if derived(env).is_none() => Ok(Found::No),
        (None, Store::Derived) => bucket(DERIVED, key, env, head_only, deadline).await,
    }
}

const DERIVED: &str = "DERIVED";

/// The bucket of derived images. Without one they are kept in the cache alone.
pub fn derived(env: &Env) -> Option<worker::Bucket> {
    env.bucket(DERIVED).ok()
}

async fn bucket(binding: &str, key: &str, env: &Env, head_only: bool, deadline: Deadline) -> Result<Found> {
    let bucket = env.bucket(binding)?;
    let asked = async { if head_only { bucket.head(key).await } else { bucket.get(key).execute().await } };
    let answer = deadline.within(asked).await;
    Ok(match answer {
        Ok(Ok(Some(object))) => Found::Yes(Box::new(Loaded::Bucket(InBucket { object, bucket }))),
        Ok(Ok(None)) => Found::No,
        Ok(Err(error)) => {
            worker::console_error!("R2 {binding}: {error}");
            Found::Failed(Failure::Unavailable)
        }
        Err(_) => Found::Failed(Failure::Timeout),
    })
}

async fn http(url: &str, deadline: Deadline) -> Result<Found> {
    Ok(match send(url, &[], deadline).await? {
        Ok(response) => match response.status_code() {
            200 => Found::Yes(Box::new(Loaded::Http(AtOrigin { response, url: url.to_owned() }))),
            status => {
                discard(response);
                if matches!(status, 403 | 404 | 410) { Found::No } else { Found::Failed(Failure::Unavailable) }
            }
        },
        Err(failure) => Found::Failed(failure),
    })
}

/// Sends a GET. A redirect is an answer like any other: followed, it could lead anywhere.
async fn send(
    url: &str,
    headers: &[(&str, &str)],
    deadline: Deadline,
) -> Result<std::result::Result<Response, Failure>> {
    let mut init = RequestInit::new();
    let asked = Headers::new();
    for (name, value) in headers {
        asked.set(name, value)?;
    }
    init.with_method(Method::Get).with_redirect(RequestRedirect::Manual).with_headers(asked);
    let request = Request::new_with_init(url, &init)?;
    let controller = AbortController::default();
    let signal = controller.signal();
    let fetch = Fetch::Request(request);
    Ok(match deadline.within(fetch.send_with_signal(&signal)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => {
            worker::console_error!("the origin did not answer: {error}");
            Err(Failure::Unavailable)
        }
        Err(_) => {
            controller.abort();
            Err(Failure::Timeout)
        }
    })
}

fn discard(response: Response) {
    if let ResponseBody::Stream(stream) = response.into_parts().1 {
        body::forget(stream.cancel());
    }
}

impl Loaded {
    /// The head as the edge reads it.
    pub fn head(&self) -> Result<Object> {
        match self {
            Self::Made(made) => Ok(made.object.clone()),
            Self::Bucket(InBucket { object, .. }) => {
                let http = object.http_metadata();
                let uploaded = js_sys::Date::new(&(object.uploaded().as_millis() as f64).into());
                Ok(Object {
                    etag: Some(object.http_etag()),
                    content_type: http.content_type,
                    size: Some(object.size()),
                    last_modified: Some(String::from(uploaded.to_utc_string())),
                    cache_control: http.cache_control,
                    ranges: true,
                    metadata: object.custom_metadata()?.into_iter().collect(),
                })
            }
            Self::Http(AtOrigin { response, .. }) => {
                let headers = response.headers();
                let size = headers.get("content-length")?.and_then(|length| length.parse().ok());
                // a compressed transfer's length is not the body's
                let size = if headers.has("content-encoding")? { None } else { size };
                let etag = headers.get("etag")?;
                let is_strong = etag.as_deref().is_some_and(|tag| tag.starts_with('"'));
                let ranges = headers.get("accept-ranges")?.is_some_and(|unit| unit == "bytes");
                Ok(Object {
                    etag,
                    content_type: headers.get("content-type")?,
                    size,
                    last_modified: headers.get("last-modified")?,
                    cache_control: headers.get("cache-control")?,
                    ranges: ranges && is_strong && size.is_some(),
                    metadata: std::collections::BTreeMap::new(),
                })
            }
        }
    }

    /// The body, or a part of it, as a stream.
    pub async fn open(
        self,
        range: Option<ByteRange>,
        deadline: Deadline,
    ) -> Result<std::result::Result<ReadableStream, Failure>> {
        match self {
            Self::Made(_) => Err(Error::RustError("an image in memory is not a stream".into())),
            Self::Bucket(InBucket { object, bucket }) => {
                if range.is_none()
                    && let Some(body) = object.body()
                {
                    return stream(body.response_body()?).map(Ok);
                }
                let same = Conditional { etag_matches: Some(object.etag()), ..Conditional::default() };
                let get = bucket.get(object.key()).only_if(same);
                let get = match range {
                    Some(ByteRange { first, length }) => get.range(Range::OffsetWithLength { offset: first, length }),
                    None => get,
                };
                Self::Bucket(InBucket { object, bucket: bucket.clone() }).discard();
                match deadline.within(get.execute()).await {
                    Ok(Ok(Some(object))) => match object.body() {
                        Some(body) => stream(body.response_body()?).map(Ok),
                        // replaced since its head was read
                        None => Ok(Err(Failure::Unavailable)),
                    },
                    Ok(_) => Ok(Err(Failure::Unavailable)),
                    Err(_) => Ok(Err(Failure::Timeout)),
                }
            }
            Self::Http(AtOrigin { response, url }) => {
                let Some(ByteRange { first, length }) = range else {
                    return stream(response.into_parts().1).map(Ok);
                };
                let etag = response.headers().get("etag")?.unwrap_or_default();
                discard(response);
                let wanted = format!("bytes={first}-{}", first + length - 1);
                match send(&url, &[("range", &wanted), ("if-match", &etag)], deadline).await? {
                    Ok(part) => {
                        let is_part = part.status_code() == 206
                            && part.headers().get("content-range")?.is_some_and(|range| {
                                range.starts_with(&format!("bytes {first}-{}/", first + length - 1))
                            });
                        if is_part {
                            return stream(part.into_parts().1).map(Ok);
                        }
                        discard(part);
                        Ok(Err(Failure::Unavailable))
                    }
                    Err(failure) => Ok(Err(failure)),
                }
            }
        }
    }

    /// Closes a body that nobody will read.
    pub fn discard(self) {
        match self {
            Self::Made(_) => {}
            Self::Bucket(InBucket { object, .. }) => {
                if let Some(Ok(ResponseBody::Stream(stream))) = object.body().map(worker::ObjectBody::response_body) {
                    body::forget(stream.cancel());
                }
            }
            Self::Http(AtOrigin { response, .. }) => discard(response),
        }
    }
}

fn stream(body: ResponseBody) -> Result<ReadableStream> {
    match body {
        ResponseBody::Stream(stream) => Ok(stream),
        ResponseBody::Body(bytes) => of_bytes(&bytes),
        ResponseBody::Empty => of_bytes(&[]),
    }
}

fn of_bytes(bytes: &[u8]) -> Result<ReadableStream> {
    let bytes = js_sys::Uint8Array::from(bytes);
    let response = web_sys::Response::new_with_opt_buffer_source(Some(&bytes))?;
    response.body().ok_or_else(|| Error::RustError("an empty body".into()))
}
