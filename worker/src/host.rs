//! Drives one exchange over the bindings.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use deckle_edge::{Answer, Exchange, Failure, Head, Put, Send, Start, Step, Store};
use js_sys::Uint8Array;
use worker::{Context, Data, Env, HttpMetadata, Request, Result};

use crate::body::{self, Broken, Deadline, Unmeasured};
use crate::config::Setup;
use crate::engine::{self, Lookup};
use crate::flight::{self, Joined, Lead, Made, Outcome};
use crate::respond::{self, Body};
use crate::source::{Found, Loaded, load};
use crate::{budget, cache, instance, task};

/// An original up to this size is read before it is answered, so that its length is known to be right, and is kept in the
/// cache. A larger one is streamed and not kept: a copy for the cache would pile up here while the viewer reads slowly.
const KEPT_ORIGINAL_BYTES: u64 = 2 << 20;

/// How an exchange ended.
struct Ending {
    answer: Answer,
    /// For [`Send::Object`].
    loaded: Option<Loaded>,
    /// What the answer made, moved out of WebAssembly's memory.
    bytes: Option<Uint8Array>,
    /// Held until the image is stored.
    lead: Option<Lead>,
}

/// Answers a request.
pub async fn answer(request: Request, env: Env, context: &Context, setup: Rc<Setup>) -> Result<web_sys::Response> {
    let url = request.url()?;
    let head = Head {
        // not `request.method()`, which takes every method it does not know for GET
        method: request.inner().method(),
        path: url.path().to_owned(),
        query: url.query().unwrap_or("").to_owned(),
        headers: request.headers().entries().collect::<BTreeMap<_, _>>(),
        seconds: Some((now() / 1000.0) as u64),
    };
    let lookup = Lookup::begin();
    let exchange = Exchange::begin(&head, Start::Viewer, Arc::clone(&setup.config), now());

    let key = exchange.cache_key().map(|path| format!("{}{path}", url.origin().ascii_serialization()));
    let is_original = matches!(exchange.step(), Step::Load { store: Store::Source, .. });
    if let Some(key) = &key
        && let Some(response) = cache::get(key, &head, exchange.varies(), is_original).await?
    {
        return Ok(response);
    }
    let mut driver =
        Driver { head: &head, asked: request.inner(), env: &env, setup: &setup, lookup: Some(lookup), lead: None };
    let result = driver.drive(exchange).await?;
    finish(result, key, env, context, &setup).await
}

/// Responds, and after that stores and keeps what was made.
async fn finish(
    result: Ending,
    key: Option<String>,
    env: Env,
    context: &Context,
    setup: &Setup,
) -> Result<web_sys::Response> {
    let Ending { mut answer, mut bytes, lead, loaded } = result;
    let body = match (answer.send, &bytes, loaded) {
        (Send::Nothing, ..) => Body::Empty,
        (_, Some(bytes), _) => Body::Bytes(bytes.clone()),
        (Send::Object, None, Some(loaded)) => match streamed(loaded, &mut answer, setup).await? {
            Ok(body) => {
                if let Body::Bytes(whole) = &body {
                    bytes = Some(whole.clone());
                }
                body
            }
            Err(failure) => return failed_object(failure, setup),
        },
        _ => Body::Empty,
    };
    let put = answer.put.take();
    let mut headers = respond::headers(&answer.headers)?;
    if setup.diagnostics {
        diagnose(&mut headers)?;
    }
    let response = respond::response(answer.status, &headers, body)?;
    let keep = key.filter(|_| answer.status == 200 && answer.send != Send::Nothing);
    if let Some(bytes) = bytes
        && (put.is_some() || keep.is_some())
    {
        let (_, task) = task::new(async move {
            if let Some(put) = put
                && let Err(error) = store(&env, put, &bytes).await
            {
                worker::console_error!("the derived image was not stored: {error}");
            }
            if let Some(key) = keep
                && let Err(error) = cache::put(key, &answer.headers, &bytes).await
            {
                worker::console_error!("the answer was not cached: {error}");
            }
            drop(lead);
        });
        context.wait_until(async move {
            task.await;
        });
    }
    Ok(response)
}

/// The body of an object, streamed unless it turns out to be small.
async fn streamed(object: Loaded, answer: &mut Answer, setup: &Setup) -> Result<std::result::Result<Body, Failure>> {
    let idle_ms = setup.source_timeout_ms;
    let stream = match object.open(answer.range, Deadline::after_ms(idle_ms)).await? {
        Ok(stream) => stream,
        Err(failure) => return Ok(Err(failure)),
    };
    let length = answer.headers.iter().find(|header| header.0 == "content-length");
    if let Some(length) = length.and_then(|header| header.1.parse::<f64>().ok()) {
        return Ok(Ok(Body::Stream(body::carried(&stream, length, idle_ms)?)));
    }
    let share = budget::try_share(KEPT_ORIGINAL_BYTES);
    let most = if share.is_some() { KEPT_ORIGINAL_BYTES as u32 } else { 0 };
    match body::unmeasured(&stream, most, idle_ms).await {
        Ok(Unmeasured::Whole(bytes)) => {
            answer.headers.push(("content-length".into(), bytes.length().to_string()));
            Ok(Ok(Body::Bytes(bytes)))
        }
        Ok(Unmeasured::Stream(stream)) => {
            // no cache could tell if it breaks off
            answer.headers.retain(|header| header.0 != "cache-control");
            answer.headers.push(("cache-control".into(), "no-store".to_owned()));
            Ok(Ok(Body::Stream(stream)))
        }
        Err(broken) => Ok(Err(failure(broken))),
    }
}

/// What is under way, for one request.
struct Driver<'a> {
    head: &'a Head,
    /// The request as the runtime knows it.
    asked: &'a web_sys::Request,
    env: &'a Env,
    setup: &'a Setup,
    /// Until the request needs more than a look into the stores.
    lookup: Option<Lookup>,
    lead: Option<Lead>,
}

impl Driver<'_> {
    /// Moves the exchange on until it has an answer.
    async fn drive(&mut self, mut exchange: Exchange) -> Result<Ending> {
        let mut loaded: Option<Loaded> = None;
        let mut size = None;
        let mut shares: Vec<budget::Share> = Vec::new();
        let mut deadline = Deadline::after_ms(self.setup.source_timeout_ms);
        let is_derived = matches!(exchange.step(), Step::Load { store: Store::Derived, .. });
        loop {
            match exchange.step() {
                Step::Answer(_) => {
                    drop(shares);
                    return self.answered(exchange, loaded, size, deadline).await;
                }
                Step::Load { store, part, bucket, key } => {
                    let (store, part, bucket, key) = (*store, *part, bucket.clone(), key.clone());
                    if store == Store::Source && part == 0 && is_derived && self.lead.is_none() {
                        match self.join(&exchange).await {
                            Joined::Lead(lead) => self.lead = Some(lead),
                            Joined::Outcome(Outcome::Made(made)) => {
                                exchange = self.again();
                                exchange.found(made.object.clone());
                                loaded = Some(Loaded::Made(made));
                                continue;
                            }
                            Joined::Outcome(Outcome::Answered(answer)) => {
                                return self.answered_elsewhere(&exchange, &answer);
                            }
                            Joined::Late => {
                                exchange.failed(Failure::Busy, now());
                                continue;
                            }
                        }
                    }
                    if let Some(unread) = loaded.take() {
                        unread.discard();
                    }
                    deadline = Deadline::after_ms(self.setup.source_timeout_ms);
                    let made = if store == Store::Derived { self.made(&exchange) } else { None };
                    let found = match made {
                        Some(made) => Found::Yes(Box::new(Loaded::Made(made))),
                        None => {
                            load(
                                store,
                                bucket.as_deref(),
                                &key,
                                self.env,
                                self.setup,
                                self.is_about_the_head(),
                                deadline,
                            )
                            .await?
                        }
                    };
                    match found {
                        Found::Yes(object) => {
                            let head = object.head()?;
                            size = head.size;
                            loaded = Some(*object);
                            exchange.found(head);
                        }
                        Found::No => exchange.missing(now()),
                        Found::Failed(failure) => exchange.failed(failure, now()),
                    }
                }
                Step::List { folder, most } => match self.list(folder, *most).await {
                    Some(names) => exchange.listed(&names, now()),
                    None => exchange.failed(Failure::Unavailable, now()),
                },
                // nothing here sees into pictures
                Step::Detect { .. } => exchange.missing(now()),
                Step::Read { part, max_bytes } => {
                    let (part, max_bytes) = (*part, *max_bytes);
                    self.lookup = None;
                    let Some(object) = loaded.take() else {
                        exchange.failed(Failure::Unavailable, now());
                        continue;
                    };
                    let needed = size.unwrap_or(max_bytes);
                    match budget::share(&shares, needed, self.setup.queue_timeout_ms).await {
                        Some(share) => shares.push(share),
                        None => {
                            object.discard();
                            exchange.failed(Failure::Busy, now());
                            continue;
                        }
                    }
                    // the wait was for room here, not for the source
                    deadline = Deadline::after_ms(self.setup.source_timeout_ms);
                    match self.read(object, size, max_bytes, deadline).await? {
                        Ok(bytes) => {
                            if let Some(share) = shares.last_mut() {
                                share.shrink(bytes.len() as u64);
                            }
                            // the last body makes the image, the others are only handed over
                            if part + 1 == exchange.parts() {
                                engine::wait_for_turn().await;
                                engine::begin();
                            }
                            instance::at_work(Some(self.asked));
                            exchange.body(bytes, &now);
                            instance::at_work(None);
                        }
                        Err(failure) => exchange.failed(failure, now()),
                    }
                }
            }
        }
    }

    /// Whether the answer may well need no body.
    fn is_about_the_head(&self) -> bool {
        let asked = ["if-none-match", "if-modified-since", "range"];
        self.head.method == "HEAD" || asked.iter().any(|name| self.head.header(name).is_some())
    }

    fn again(&self) -> Exchange {
        Exchange::begin(self.head, Start::Viewer, Arc::clone(&self.setup.config), now())
    }

    fn made(&self, exchange: &Exchange) -> Option<Made> {
        flight::made(&exchange.cache_key()?)
    }

    async fn join(&mut self, exchange: &Exchange) -> Joined {
        // it waits now, and need not be waited for
        self.lookup = None;
        match exchange.cache_key() {
            Some(key) => flight::join(&key).await,
            None => Joined::Late,
        }
    }

    /// The names in a folder of the derived bucket; `None` where that cannot be told.
    async fn list(&self, folder: &str, most: u32) -> Option<Vec<String>> {
        let Some(bucket) = crate::source::derived(self.env) else {
            // nothing is stored
            return Some(Vec::new());
        };
        let deadline = Deadline::after_ms(self.setup.source_timeout_ms);
        match deadline.within(bucket.list().prefix(folder).delimiter("/").limit(most).execute()).await {
            Ok(Ok(page)) => Some(page.objects().iter().map(worker::Object::key).collect()),
            Ok(Err(error)) => {
                worker::console_error!("R2 DERIVED, listing {folder}: {error}");
                None
            }
            Err(_) => None,
        }
    }

    async fn read(
        &self,
        object: Loaded,
        size: Option<u64>,
        max_bytes: u64,
        deadline: Deadline,
    ) -> Result<std::result::Result<Vec<u8>, Failure>> {
        let stream = match object.open(None, deadline).await? {
            Ok(stream) => stream,
            Err(failure) => return Ok(Err(failure)),
        };
        Ok(body::read(&stream, size, max_bytes, deadline).await.map_err(failure))
    }

    /// There is an answer: its bytes move to JavaScript's memory, and whoever waits for them is told.
    async fn answered(
        &mut self,
        mut exchange: Exchange,
        mut loaded: Option<Loaded>,
        size: Option<u64>,
        deadline: Deadline,
    ) -> Result<Ending> {
        let mut bytes = None;
        if let (Some(Loaded::Made(made)), true) = (&loaded, is_object(&exchange)) {
            bytes = Some(made.bytes.clone());
        } else if is_object(&exchange)
            && let Some(object) = loaded.take_if(|object| !matches!(object, Loaded::Made(_)))
        {
            match size
                .filter(|size| *size <= KEPT_ORIGINAL_BYTES && !is_part(&exchange))
                .zip(size.and_then(budget::try_share))
            {
                None => loaded = Some(object),
                Some((size, _share)) => match self.whole(object, size, deadline).await? {
                    Ok(whole) => bytes = Some(whole),
                    Err(failure) => exchange.failed(failure, now()),
                },
            }
        }
        if !is_object(&exchange)
            && let Some(unread) = loaded.take()
        {
            unread.discard();
        }
        let made = exchange.take();
        if !made.is_empty() {
            bytes = Some(Uint8Array::from(made.as_slice()));
        }
        drop(made);
        let Some(answer) = exchange.into_answer() else {
            return Err(worker::Error::RustError("the exchange ended without an answer".into()));
        };
        let lead = self.lead.take();
        if let Some(lead) = &lead {
            if let (Some(put), Some(bytes)) = (&answer.put, &bytes) {
                lead.land(Outcome::Made(Made::new(put, bytes.clone())));
            } else if answer.send != Send::Object && !matches!(answer.status, 304 | 503) {
                let result = bytes.as_ref().map_or_else(Vec::new, Uint8Array::to_vec);
                lead.land(Outcome::Answered(Rc::new(Answer { result, ..answer.clone() })));
            }
        }
        Ok(Ending { answer, loaded, bytes, lead })
    }

    async fn whole(
        &self,
        object: Loaded,
        size: u64,
        deadline: Deadline,
    ) -> Result<std::result::Result<Uint8Array, Failure>> {
        let stream = match object.open(None, deadline).await? {
            Ok(stream) => stream,
            Err(failure) => return Ok(Err(failure)),
        };
        Ok(body::whole(stream, size, deadline).await.map_err(failure))
    }

    /// The answer that another request got for the same image.
    fn answered_elsewhere(&self, exchange: &Exchange, answer: &Answer) -> Result<Ending> {
        let mut answer = answer.clone();
        answer.headers.retain(|header| header.0 != "vary");
        if exchange.varies() {
            answer.headers.push(("vary".into(), "accept".to_owned()));
        }
        answer.send = if self.head.method == "HEAD" { Send::Nothing } else { Send::Result };
        let bytes = Some(Uint8Array::from(answer.result.as_slice()));
        Ok(Ending { answer, loaded: None, bytes, lead: None })
    }
}

fn is_object(exchange: &Exchange) -> bool {
    matches!(exchange.step(), Step::Answer(answer) if answer.send == Send::Object)
}

fn is_part(exchange: &Exchange) -> bool {
    matches!(exchange.step(), Step::Answer(answer) if answer.range.is_some())
}

fn failure(broken: Broken) -> Failure {
    match broken {
        Broken::Late => Failure::Timeout,
        Broken::Off(error) => {
            worker::console_error!("the source broke off: {error}");
            Failure::Unavailable
        }
    }
}

fn failed_object(failure: Failure, setup: &Setup) -> Result<web_sys::Response> {
    let answer = Answer::failure(failure, &setup.config);
    let bytes = Uint8Array::from(answer.result.as_slice());
    respond::response(answer.status, &respond::headers(&answer.headers)?, Body::Bytes(bytes))
}

/// What the isolate holds, where the configuration asks for it.
fn diagnose(headers: &mut worker::Headers) -> Result<()> {
    let (memory, held, tasks, made) = (instance::memory_bytes(), budget::held(), task::count(), engine::count());
    headers.set("deckle-isolate", &format!("memory={memory}, held={held}, tasks={tasks}, made={made}"))
}

async fn store(env: &Env, put: Put, bytes: &Uint8Array) -> Result<()> {
    let metadata = HttpMetadata {
        content_type: Some(put.content_type),
        cache_control: Some(put.cache_control),
        ..HttpMetadata::default()
    };
    // a response's body is a stream of known length over the same bytes; `Data::Bytes` would be a copy from WebAssembly's memory
    let Some(stream) = web_sys::Response::new_with_opt_buffer_source(Some(bytes))?.body() else {
        return Ok(());
    };
    let Some(bucket) = crate::source::derived(env) else {
        return Ok(());
    };
    for entry in put.index {
        bucket.put(entry.key, Data::Text(entry.body)).execute().await?;
    }
    let builder = bucket.put(put.key, Data::ReadableStream(stream)).http_metadata(metadata);
    builder.custom_metadata(put.metadata.into_iter().collect::<HashMap<_, _>>()).execute().await?;
    Ok(())
}

/// Milliseconds; in production the clock stands still while code runs.
fn now() -> f64 {
    js_sys::Date::now()
}
