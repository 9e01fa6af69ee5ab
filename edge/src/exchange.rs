//! One exchange: from a request's head to an answer, a step at a time.

use std::sync::Arc;

use deckle::image::Format;
use deckle::request::{Request, Viewer};
use deckle::{Error, Image, Stage};
use serde::Serialize;

use crate::answer::{Answer, Put};
use crate::error::HttpError;
use crate::media_type::{self, Claim};
use crate::object::{Failure, Object};
use crate::timing::Timing;
use crate::{Config, Head, Send, etag};

/// Where the host stands when it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing was looked up yet.
    Viewer,
    /// The derived store was asked and has nothing.
    DerivedMiss,
}

/// Which store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Store {
    /// What we made.
    Derived,
    /// What we make it from.
    Source,
}

/// What the host is to do next.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "step", rename_all = "lowercase")]
pub enum Step {
    /// Get an object's head, then say what came back.
    Load {
        /// From which store.
        store: Store,
        /// The object's name.
        key: String,
    },
    /// Read the body of the object just loaded, and hand it over.
    Read {
        /// More than this is never wanted; a longer body is handed over cut just past it.
        #[serde(rename = "maxBytes")]
        max_bytes: u64,
    },
    /// Answer.
    Answer(Box<Answer>),
}

/// An exchange in progress. Every call moves it on; [`Exchange::step`] says where it stands.
pub struct Exchange {
    config: Arc<Config>,
    is_head: bool,
    if_none_match: Option<String>,
    request: Option<Request>,
    source: Object,
    /// When the source was asked for.
    asked: f64,
    step: Step,
}

impl Exchange {
    /// Begins. `now` is in milliseconds from any fixed moment.
    pub fn begin(head: &Head, start: Start, config: Arc<Config>, now: f64) -> Self {
        let mut exchange = Self {
            config,
            is_head: head.method == "HEAD",
            if_none_match: head.header("if-none-match").map(str::to_owned),
            request: None,
            source: Object::default(),
            asked: now,
            step: Step::Read { max_bytes: 0 },
        };
        exchange.step = exchange.first(head, start);
        exchange
    }

    fn first(&mut self, head: &Head, start: Start) -> Step {
        match head.method.as_str() {
            "GET" | "HEAD" => (),
            "OPTIONS" => return answer(Answer::preflight(&self.config)),
            _ => return self.error(&HttpError::method()),
        }
        let viewer = Viewer { accept: head.header("accept"), device: head.device() };
        match Request::parse(&head.path, &head.query, &viewer, &self.config.settings) {
            Err(error) => self.error(&HttpError::from(&error)),
            Ok(request) if request.source.is_empty() => self.error(&HttpError::not_found()),
            Ok(request) => {
                let step = if request.edits.is_empty() || start == Start::DerivedMiss {
                    Step::Load { store: Store::Source, key: request.source.clone() }
                } else {
                    Step::Load { store: Store::Derived, key: request.stored_key() }
                };
                self.request = Some(request);
                step
            }
        }
    }

    /// What to do now.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// The answer, once there is one; another call gives nothing.
    pub fn into_answer(self) -> Option<Answer> {
        match self.step {
            Step::Answer(answer) => Some(*answer),
            _ => None,
        }
    }

    /// Takes the bytes that the answer made, to send or to store.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.step {
            Step::Answer(answer) => std::mem::take(&mut answer.result),
            _ => Vec::new(),
        }
    }

    /// The canonical path under which an HTTP cache may keep the answer; `None` when there is nothing to keep.
    pub fn cache_path(&self) -> Option<String> {
        self.request.as_ref().map(Request::path)
    }

    /// Whether the answer varies by `Accept` at the URL that was asked for (not at [`Exchange::cache_path`]).
    pub fn varies(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.negotiated)
    }

    /// The object is there.
    pub fn found(&mut self, object: Object) {
        self.step = match (&self.step, &self.request) {
            (Step::Load { store: Store::Derived, .. }, Some(request)) => self.derived(&object, request),
            (Step::Load { store: Store::Source, .. }, Some(request)) => {
                let step = self.opened(&object, request);
                self.source = object;
                step
            }
            _ => self.error(&HttpError::protocol()),
        };
    }

    /// The object is not there, or may not be seen: S3 answers 403 for both without the right to list.
    pub fn missing(&mut self, now: f64) {
        self.step = match (&self.step, &self.request) {
            (Step::Load { store: Store::Derived, .. }, Some(request)) => {
                self.asked = now;
                Step::Load { store: Store::Source, key: request.source.clone() }
            }
            _ => self.error(&HttpError::not_found()),
        };
    }

    /// The store did not answer. A derived store that is down costs work, not the answer.
    pub fn failed(&mut self, failure: Failure, now: f64) {
        match &self.step {
            Step::Load { store: Store::Derived, .. } => self.missing(now),
            _ => self.step = self.error(&HttpError::from(failure)),
        }
    }

    /// The body of the source: transforms it. `clock` answers the time in milliseconds.
    pub fn body(&mut self, bytes: Vec<u8>, clock: &dyn Fn() -> f64) {
        self.step = match (&self.step, &self.request) {
            (Step::Read { .. }, Some(request)) => {
                let mut timing = Timing::default();
                timing.add("load", clock() - self.asked);
                self.transformed(bytes, request, timing, clock)
            }
            _ => self.error(&HttpError::protocol()),
        };
    }

    /// A derived object that was made before.
    fn derived(&self, object: &Object, request: &Request) -> Step {
        let source_etag = object.metadata.get("source-etag").map_or("", String::as_str);
        let tag = etag::derived(source_etag, &request.path());
        let head = |status| {
            Answer::new(status, &self.config)
                .with("cache-control", &self.config.cache_control.derived)
                .with("etag", &tag)
                .with_some("vary", self.varies().then_some("accept"))
                .with("cache-status", "deckle; hit")
        };
        if self.is_unchanged(&tag) {
            return answer(head(304));
        }
        let content_type = media_type::of_object(object.content_type.as_deref(), &request.source);
        let length = object.size.map(|size| size.to_string());
        self.streaming(head(200).with_type(&content_type).with_some("content-length", length))
    }

    /// The source's head is here: pass it through, answer from it, or ask for its body.
    fn opened(&self, source: &Object, request: &Request) -> Step {
        let claim = media_type::claim(source.content_type.as_deref(), &request.source);
        if request.edits.is_empty() || claim == Claim::Other {
            return self.passed_through(source, request);
        }
        if self.is_unchanged(&derived_tag(source, request)) {
            return answer(self.derived_head(304, source, request));
        }
        let limit = self.config.limits.source_bytes;
        match source.size {
            Some(size) if size > limit => self.error(&too_large(size, limit)),
            _ => Step::Read { max_bytes: limit },
        }
    }

    fn passed_through(&self, source: &Object, request: &Request) -> Step {
        let cache = source.cache_control.as_ref().unwrap_or(&self.config.cache_control.original);
        let head = |status| {
            Answer::new(status, &self.config)
                .with("cache-control", cache)
                .with_some("etag", source.etag.as_deref())
                .with_some("last-modified", source.last_modified.as_deref())
                .with_some("vary", self.varies().then_some("accept"))
        };
        if source.etag.as_deref().is_some_and(|tag| self.is_unchanged(tag)) {
            return answer(head(304));
        }
        let content_type = media_type::of_object(source.content_type.as_deref(), &request.source);
        let length = source.size.map(|size| size.to_string());
        self.streaming(head(200).with_type(&content_type).with_some("content-length", length))
    }

    fn streaming(&self, mut head: Answer) -> Step {
        head.send = if self.is_head { Send::Nothing } else { Send::Object };
        answer(head)
    }

    fn transformed(&self, bytes: Vec<u8>, request: &Request, timing: Timing, clock: &dyn Fn() -> f64) -> Step {
        let limit = self.config.limits.source_bytes;
        if bytes.len() as u64 > limit {
            return self.error(&too_large(bytes.len() as u64, limit));
        }
        let claim = media_type::claim(self.source.content_type.as_deref(), &request.source);
        if Format::sniff(&bytes).is_none() && claim != Claim::Image {
            return self.returned(bytes, request);
        }
        match self.transform(&bytes, request, timing, clock) {
            Ok(step) => step,
            Err(error) => self.error(&HttpError::from(&error)),
        }
    }

    /// Bytes that turned out to be no image go out as they came.
    fn returned(&self, bytes: Vec<u8>, request: &Request) -> Step {
        match self.passed_through(&self.source, request) {
            Step::Answer(mut head) if head.send == Send::Object => {
                head.headers.retain(|header| header.0 != "content-length");
                answer(head.sending(bytes, self.is_head))
            }
            step => step,
        }
    }

    fn transform(
        &self,
        bytes: &[u8],
        request: &Request,
        mut timing: Timing,
        clock: &dyn Fn() -> f64,
    ) -> Result<Step, Error> {
        let image = Image::open(bytes)?;
        let mut edits = request.edits.clone();
        edits.quality = edits.quality.or(self.config.quality);
        edits.effort = edits.effort.or(self.config.effort);
        let plan = image.plan(&edits, &self.config.limits)?;
        let mut last = clock();
        let output = deckle::transform(&image, &plan, &mut |stage| {
            let now = clock();
            let name = match stage {
                Stage::Resized => "resize",
                Stage::Encoded => "encode",
            };
            timing.add(name, now - last);
            last = now;
        })?;
        let content_type = output.format.media_type();
        let head = self
            .derived_head(200, &self.source, request)
            .with_type(content_type)
            .with_some("server-timing", timing.header());
        let mut metadata = std::collections::BTreeMap::new();
        if let Some(tag) = &self.source.etag {
            metadata.insert("source-etag".to_owned(), tag.clone());
        }
        let put = Put {
            key: request.stored_key(),
            content_type: content_type.to_owned(),
            cache_control: self.config.cache_control.derived.clone(),
            metadata,
        };
        Ok(answer(Answer { put: Some(put), ..head.sending(output.bytes, self.is_head) }))
    }

    /// What a derived image's answers have in common when it was not stored yet.
    fn derived_head(&self, status: u16, source: &Object, request: &Request) -> Answer {
        Answer::new(status, &self.config)
            .with("cache-control", &self.config.cache_control.derived)
            .with("etag", derived_tag(source, request))
            .with_some("vary", self.varies().then_some("accept"))
            .with("cache-status", if status == 304 { "deckle; hit" } else { "deckle; fwd=miss; stored" })
    }

    fn is_unchanged(&self, tag: &str) -> bool {
        self.if_none_match.as_deref().is_some_and(|tags| etag::matches(tags, tag))
    }

    fn error(&self, error: &HttpError) -> Step {
        answer(Answer::error(error, &self.config, self.is_head))
    }
}

fn derived_tag(source: &Object, request: &Request) -> String {
    etag::derived(source.etag.as_deref().unwrap_or(""), &request.path())
}

fn too_large(needed: u64, limit: u64) -> HttpError {
    HttpError::from(&Error::Limit { what: "source bytes", needed, limit })
}

fn answer(answer: Answer) -> Step {
    Step::Answer(Box::new(answer))
}
