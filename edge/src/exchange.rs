//! One exchange: from a request's head to an answer, a step at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use deckle::image::Format;
use deckle::request::{Request, RequestError, Viewer};
use deckle::{Error, Output};
use serde::Serialize;

use crate::answer::{Answer, ByteRange, Put};
use crate::condition::{self, Conditions};
use crate::detection::{Detect, Detected, Detection};
use crate::dialect;
use crate::error::HttpError;
use crate::made::made;
use crate::media_type::{self, Claim};
use crate::object::{Failure, Object};
use crate::part::{self, Part};
use crate::timing::Timing;
use crate::{Config, Damaged, Head, Send, etag, index};

/// Where the host stands when it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing was looked up yet.
    Viewer,
    /// The derived store was asked for exactly this path and has nothing. The path is read as canonical and the viewer's
    /// headers are not looked at: whatever they decide was decided before.
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
        /// The number of the part: 0 for the source and for a derived object, then overlays.
        part: usize,
        /// The bucket of sources; absent for the first one, and for derived objects.
        #[serde(skip_serializing_if = "Option::is_none")]
        bucket: Option<String>,
        /// The object's name.
        key: String,
    },
    /// Read the body of the object just loaded, and hand it over.
    Read {
        /// The number of the part.
        part: usize,
        /// More than this is never wanted; a longer body is handed over cut just past it.
        #[serde(rename = "maxBytes")]
        max_bytes: u64,
    },
    /// List the derived store: names of objects that lie in a folder, without its folders, then [`Exchange::listed`];
    /// [`Exchange::failed`] where that cannot be told.
    List {
        /// The folder, ending in `/`.
        folder: String,
        /// More names than this are not wanted.
        most: u32,
    },
    /// Have somebody look at the picture that [`Exchange::take`] gives, a JPEG or a PNG of 5 MB at most, and say what is seen
    /// ([`Exchange::detected`]); [`Exchange::missing`] where nothing can tell, [`Exchange::failed`] where what can has failed.
    Detect {
        /// What to look for.
        what: Detect,
        /// Labels below this confidence, in percent, are of no use.
        #[serde(rename = "minConfidence", skip_serializing_if = "Option::is_none")]
        least: Option<f64>,
    },
    /// Answer.
    Answer(Box<Answer>),
}

/// How far an exchange has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The derived store is asked for the canonical path.
    AskDerived,
    /// The images that there are of the source are asked for.
    AskList,
    /// The head of a part is asked for.
    AskPart(usize),
    /// The body of a part is being read.
    ReadPart(usize),
    /// A part is looked at.
    Detect(Detect),
    /// The image that stands for an error is asked for.
    AskFallback,
    /// There is an answer.
    Answered,
}

/// What follows from what is known.
enum Next {
    /// The host is asked for more.
    Ask(State),
    /// Enough is known.
    Answer(Box<Answer>),
    /// Something is wrong.
    Refuse(HttpError),
}

/// What was understood of a request.
struct Asked {
    request: Request,
    /// The canonical path.
    path: String,
    /// The source, then overlays.
    parts: Vec<Part>,
    /// What is to be seen in the parts before the image is made.
    detection: Option<Detection>,
}

impl Asked {
    /// Whether no picture may be shown that was not looked at.
    fn is_moderated(&self) -> bool {
        self.request.edits.moderation().is_some()
    }
}

/// An exchange in progress. Every call moves it on; [`Exchange::step`] says where it stands.
pub struct Exchange {
    config: Arc<Config>,
    is_head: bool,
    conditions: Conditions,
    start: Start,
    /// When the request came, in seconds since 1970.
    seconds: Option<u64>,
    /// `None` where the request was not understood.
    asked: Option<Asked>,
    /// Whether answers are those of AWS's dialect.
    is_sih: bool,
    /// The error that an image is to stand for.
    refused: Option<HttpError>,
    /// When the source was asked for.
    source_requested_at: f64,
    state: State,
    step: Step,
    /// The picture for a detector.
    picture: Vec<u8>,
}

impl Exchange {
    /// Begins. `now` is in milliseconds from any fixed moment.
    pub fn begin(head: &Head, start: Start, config: Arc<Config>, now: f64) -> Self {
        let mut exchange = Self::new(head, start, config, now);
        match head.method.as_str() {
            "GET" | "HEAD" => exchange.understand(head, start),
            "OPTIONS" => exchange.answer(Answer::preflight(&exchange.config)),
            _ => exchange.refuse(&HttpError::method()),
        }
        exchange
    }

    fn new(head: &Head, start: Start, config: Arc<Config>, now: f64) -> Self {
        Self {
            config,
            is_head: head.method == "HEAD",
            conditions: Conditions::of(head),
            start,
            seconds: head.seconds,
            asked: None,
            is_sih: false,
            refused: None,
            source_requested_at: now,
            state: State::AskDerived,
            step: Step::Read { part: 0, max_bytes: 0 },
            picture: Vec::new(),
        }
    }

    fn understand(&mut self, head: &Head, start: Start) {
        let settings = &self.config.settings;
        let viewer = Viewer { accept: head.header("accept"), device: head.device(), seconds: head.seconds };
        let request = match start {
            Start::Viewer => Request::parse(&head.path, &head.query, &viewer, settings),
            Start::DerivedMiss => {
                Request::parse_behind(&head.path, &Viewer { accept: None, device: None, ..viewer }, settings)
            }
        };
        self.is_sih = match &request {
            Ok(request) => request.asked.is_some(),
            Err(error) => matches!(error, RequestError::Dialect { .. }),
        };
        match request {
            Err(error) => self.refuse(&HttpError::from(&error)),
            Ok(request) if !request.can_exist() => {
                let error = HttpError::not_found();
                // its key is only known here
                let error = if self.is_sih { dialect::worded(&error, &request.source) } else { error };
                self.refuse(&error);
            }
            Ok(request) => {
                let parts = part::of_request(&request);
                // another spelling of a path was not looked for yet
                let was_asked = start == Start::DerivedMiss && head.path == request.path();
                self.begin_with(request, parts, was_asked);
            }
        }
    }

    /// `was_asked`: whether the derived store is known to have nothing.
    fn begin_with(&mut self, request: Request, parts: Vec<Part>, was_asked: bool) {
        let is_original = request.is_original();
        let refused = self.config.variants.as_ref().and_then(|variants| variants.check(&request.edits).err());
        let detection = Detection::of(&request.edits);
        let is_reserved = parts.iter().any(|part| part.key.starts_with(index::FOLDER));
        self.asked = Some(Asked { path: request.path(), request, parts, detection });
        if is_reserved {
            return self.refuse(&HttpError::not_found());
        }
        if let Some(error) = refused {
            return self.refuse(&HttpError::from(&error));
        }
        if is_original {
            self.enter(State::AskPart(0));
        } else if was_asked {
            self.not_derived();
        } else {
            self.enter(State::AskDerived);
        }
    }

    /// The image was not made yet.
    fn not_derived(&mut self) {
        let is_bounded = self.config.index && self.config.limits.variants > 0;
        self.enter(if is_bounded { State::AskList } else { State::AskPart(0) });
    }

    /// Goes on to a state that asks something of the host.
    fn enter(&mut self, state: State) {
        let Some(step) = self.asking(state) else {
            return self.refuse(&HttpError::protocol());
        };
        (self.state, self.step) = (state, step);
    }

    /// What a state asks of the host.
    fn asking(&self, state: State) -> Option<Step> {
        Some(match state {
            State::AskDerived => {
                let key = self.asked.as_ref()?.request.stored_key();
                Step::Load { store: Store::Derived, part: 0, bucket: None, key }
            }
            State::AskList => {
                let folder = index::folder(&self.asked.as_ref()?.request.source);
                Step::List { folder, most: self.config.limits.variants }
            }
            State::AskPart(number) => {
                let Part { bucket, key, .. } = self.asked.as_ref()?.parts.get(number)?.clone();
                Step::Load { store: Store::Source, part: number, bucket, key }
            }
            State::ReadPart(number) => {
                let limit = self.config.limits.source_bytes;
                let parts = &self.asked.as_ref()?.parts;
                let read: usize = parts.iter().filter_map(|part| part.bytes.as_ref()).map(Vec::len).sum();
                Step::Read { part: number, max_bytes: limit.saturating_sub(read as u64) }
            }
            State::AskFallback => {
                let settings = &self.config.settings;
                let fallback = settings.fallback()?;
                let bucket = fallback.bucket.clone().filter(|bucket| !settings.is_first_bucket(bucket));
                let part = self.asked.as_ref().map_or(0, |asked| asked.parts.len());
                Step::Load { store: Store::Source, part, bucket, key: fallback.key.clone() }
            }
            // the one that asks has the step
            State::Detect(_) | State::Answered => return None,
        })
    }

    fn answer(&mut self, answer: Answer) {
        let asked = self.asked.as_ref();
        let answer = if self.is_sih {
            let stored = asked.and_then(|asked| asked.parts[0].object.cache_control.as_deref());
            dialect::dressed(answer, asked.and_then(|asked| asked.request.asked.as_ref()), stored)
        } else {
            answer
        };
        (self.state, self.step) = (State::Answered, Step::Answer(Box::new(answer)));
    }

    fn refuse(&mut self, error: &HttpError) {
        if !self.is_sih {
            return self.answer_error(error);
        }
        let key = self.asked.as_ref().map_or("", |asked| asked.request.source.as_str());
        let error = dialect::worded(error, key);
        let may_be_shown = self.refused.is_none() && error.status != 500;
        if may_be_shown && let Some(step) = self.asking(State::AskFallback) {
            self.refused = Some(error);
            (self.state, self.step) = (State::AskFallback, step);
        } else {
            self.answer_error(&error);
        }
    }

    fn answer_error(&mut self, error: &HttpError) {
        let answer = Answer::error(error, &self.config, self.is_head);
        self.answer(answer.with_some("vary", self.varies().then_some("accept")));
    }

    /// The image that stands for an error, with the error's status.
    fn fallback(&mut self, object: &Object) {
        let status = self.refused.as_ref().map_or(404, |error| error.status);
        let key = self.config.settings.fallback().map_or("", |fallback| fallback.key.as_str());
        let content_type = media_type::of_object(object.content_type.as_deref(), key);
        let answer = Answer::new(status, &self.config)
            .with("cache-control", dialect::FALLBACK_CACHE)
            .with_some("last-modified", object.last_modified.as_deref())
            .with_type(&content_type)
            .with_some("content-length", object.size.map(|size| size.to_string()));
        self.answer(self.streaming(answer));
    }

    /// What to do now.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// The answer, if the exchange has come that far.
    pub fn into_answer(self) -> Option<Answer> {
        match self.step {
            Step::Answer(answer) => Some(*answer),
            _ => None,
        }
    }

    /// Takes the bytes that the answer made, to send or to store; the picture that is to be looked at.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.step {
            Step::Answer(answer) => std::mem::take(&mut answer.result),
            Step::Detect { .. } => std::mem::take(&mut self.picture),
            _ => Vec::new(),
        }
    }

    /// The canonical path of the request; `None` where it was not understood.
    pub fn cache_path(&self) -> Option<String> {
        self.asked.as_ref().map(|asked| asked.path.clone())
    }

    /// The key under which an HTTP cache may keep the answer: the canonical path, and as a query who makes such answers, so that
    /// another configuration or engine does not find them. `None` where the request was not understood, is refused, or has its
    /// answer: what a cache has from before must not be answered then.
    pub fn cache_key(&self) -> Option<String> {
        if self.refused.is_some() || self.state == State::Answered {
            return None;
        }
        let asked = self.asked.as_ref()?;
        // an answer in another dialect, or with headers of its own, is another answer
        let dress = asked
            .request
            .asked
            .as_ref()
            .map_or_else(String::new, |dress| format!(".{}", dialect::name(dress, self.seconds)));
        Some(format!("{}?{}{dress}", asked.path, self.config.maker()))
    }

    /// How many parts there are; the body of the last one makes the image.
    pub fn parts(&self) -> usize {
        self.asked.as_ref().map_or(0, |asked| asked.parts.len())
    }

    /// Whether the answer varies by `Accept` at the URL that was asked for (not at [`Exchange::cache_path`]).
    pub fn varies(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.request.negotiated)
    }

    /// The object is there.
    pub fn found(&mut self, object: Object) {
        match self.state {
            State::AskDerived => self.derived(&object),
            State::AskPart(number) => self.part_found(number, object),
            State::AskFallback => self.fallback(&object),
            _ => self.refuse(&HttpError::protocol()),
        }
    }

    /// The object is not there, or may not be seen: S3 answers 403 for both without the right to list.
    pub fn missing(&mut self, now: f64) {
        match self.state {
            State::AskDerived => {
                self.source_requested_at = now;
                self.not_derived();
            }
            State::AskPart(0) => self.refuse(&HttpError::not_found()),
            State::AskFallback => self.without_fallback(),
            State::Detect(what) => self.refuse(&HttpError::undetected(what)),
            State::AskPart(number) => {
                let key = self.asked.as_ref().map_or("", |asked| asked.parts[number].key.as_str());
                self.refuse(&HttpError::overlay_not_found(key));
            }
            _ => self.refuse(&HttpError::protocol()),
        }
    }

    /// The store did not answer, or the host has no room. A derived store that is down costs work, not the answer.
    pub fn failed(&mut self, failure: Failure, now: f64) {
        match self.state {
            State::AskDerived if failure != Failure::Busy => self.missing(now),
            State::AskDerived => self.refuse(&HttpError::from(failure)),
            // it costs an image more than allowed, not the answer
            State::AskList => self.listed(&[], now),
            State::AskPart(_) | State::ReadPart(_) => self.refuse(&HttpError::from(failure)),
            State::AskFallback => self.without_fallback(),
            State::Detect(what) => self.refuse(&HttpError::detector(what, failure)),
            // the object that was to be passed through
            State::Answered if matches!(&self.step, Step::Answer(answer) if answer.send == Send::Object) => {
                self.refuse(&HttpError::from(failure));
            }
            State::Answered => self.refuse(&HttpError::protocol()),
        }
    }

    /// The names that are in the folder.
    pub fn listed(&mut self, names: &[String], now: f64) {
        let (State::AskList, Some(Asked { request, parts, .. })) = (self.state, &self.asked) else {
            return self.refuse(&HttpError::protocol());
        };
        let most = self.config.limits.variants;
        // by another engine or configuration it may have been made before
        let own = index::entries(&request.stored_key(), parts).into_iter().next();
        let is_known = own.is_some_and(|own| names.contains(&own.key));
        if names.len() >= most as usize && !is_known {
            return self.refuse(&HttpError::too_many_variants(most));
        }
        self.source_requested_at = now;
        self.enter(State::AskPart(0));
    }

    /// There is no image to stand for the error.
    fn without_fallback(&mut self) {
        let error = self.refused.clone().unwrap_or_else(HttpError::protocol);
        self.answer_error(&error);
    }

    /// The body of the part that was to be read. After the last part the image is transformed, here and now; `clock` tells the
    /// time between stages.
    pub fn body(&mut self, bytes: Vec<u8>, clock: &dyn Fn() -> f64) {
        let (State::ReadPart(number), Some(asked)) = (self.state, &mut self.asked) else {
            return self.refuse(&HttpError::protocol());
        };
        if asked.parts[number].object.size.is_some_and(|size| (bytes.len() as u64) < size) {
            // cut off on its way: what would be made of it is not the image
            return self.refuse(&HttpError::from(Failure::Unavailable));
        }
        asked.parts[number].bytes = Some(bytes);
        let parts = asked.parts.len();
        let needed: u64 =
            asked.parts.iter().filter_map(|part| part.bytes.as_ref()).map(|bytes| bytes.len() as u64).sum();
        let limit = self.config.limits.source_bytes;
        if needed > limit {
            self.refuse(&too_large(needed, limit));
        } else if number + 1 < parts {
            self.enter(State::AskPart(number + 1));
        } else {
            self.all_read(clock);
        }
    }

    /// What was seen in the picture; after the last one the image is transformed, as after the last [`Self::body`].
    pub fn detected(&mut self, seen: &Detected, clock: &dyn Fn() -> f64) {
        let (State::Detect(_), Some(asked)) = (self.state, &mut self.asked) else {
            return self.refuse(&HttpError::protocol());
        };
        let parts = asked.parts.len();
        match asked.detection.as_mut().map(|detection| detection.take(seen, parts)) {
            Some(Ok(true)) => self.all_seen(clock),
            Some(Err(error)) => self.refuse(&HttpError::from(&error)),
            Some(Ok(false)) | None => self.refuse(&HttpError::protocol()),
        }
    }

    /// A derived object that was made before.
    fn derived(&mut self, object: &Object) {
        if let Some(asked) = self.asked.as_mut().filter(|asked| asked.request.asked.is_some()) {
            // what was stored says how long its source keeps
            asked.parts[0].object.cache_control.clone_from(&object.cache_control);
        }
        let Some(asked) = &self.asked else {
            return self.refuse(&HttpError::protocol());
        };
        let maker = self.config.maker();
        if object.metadata.get(MADE_BY).is_none_or(|made_by| *made_by != maker) {
            // by another configuration or engine: it is made again
            return self.enter(State::AskPart(0));
        }
        let version = object.metadata.get(SOURCE_ETAG).map_or("", String::as_str);
        // where the store itself answers for the canonical path, its own tag is the one that is known
        let own = object.etag.clone().filter(|_| self.start == Start::DerivedMiss);
        let tag = own.unwrap_or_else(|| etag::derived(version, &asked.path, &maker));
        let head = |status| {
            Answer::new(status, &self.config)
                .with("cache-control", &self.config.cache_control.derived)
                .with("etag", &tag)
                .with_some("vary", self.varies().then_some("accept"))
                .with_some("cache-status", self.cache_status("deckle; hit"))
        };
        let answer = if self.conditions.has_tag(&tag) {
            head(304)
        } else {
            let content_type = media_type::of_object(object.content_type.as_deref(), &asked.request.source);
            let length = object.size.map(|size| size.to_string());
            self.streaming(head(200).with_type(&content_type).with_some("content-length", length))
        };
        self.answer(answer);
    }

    fn part_found(&mut self, number: usize, object: Object) {
        if let Some(asked) = &mut self.asked {
            asked.parts[number].object = object;
        }
        match self.after_head(number) {
            Next::Ask(state) => self.enter(state),
            Next::Answer(answer) => self.answer(*answer),
            Next::Refuse(error) => self.refuse(&error),
        }
    }

    /// A part's head is here: pass it through, answer from it, or ask for its body.
    fn after_head(&self, number: usize) -> Next {
        let Some(Asked { request, parts, .. }) = &self.asked else {
            return Next::Refuse(HttpError::protocol());
        };
        let source = &parts[0].object;
        let claim = media_type::claim(source.content_type.as_deref(), &request.source);
        if number == 0 && claim == Claim::Other && self.asked.as_ref().is_some_and(Asked::is_moderated) {
            // what cannot be looked at is not shown
            return Next::Refuse(HttpError::undetected(Detect::Labels));
        }
        if number == 0 && (request.is_original() || claim == Claim::Other) {
            return Next::Answer(Box::new(self.passed_through(source, request)));
        }
        let heads = &parts[..=number];
        if heads.len() == parts.len()
            && let Some(tag) = self.derived_tag()
            && self.conditions.has_tag(&tag)
        {
            return Next::Answer(Box::new(self.derived_head(304, Some(tag))));
        }
        let known: u64 = heads.iter().filter_map(|part| part.object.size).sum();
        let limit = self.config.limits.source_bytes;
        if known > limit { Next::Refuse(too_large(known, limit)) } else { Next::Ask(State::ReadPart(number)) }
    }

    fn passed_through(&self, source: &Object, request: &Request) -> Answer {
        let cache = source.cache_control.as_ref().unwrap_or(&self.config.cache_control.original);
        let head = |status| {
            Answer::new(status, &self.config)
                .with("cache-control", cache)
                .with_some("etag", source.etag.as_deref())
                .with_some("last-modified", source.last_modified.as_deref())
                .with_some("vary", self.varies().then_some("accept"))
        };
        if self.conditions.has(source) {
            return head(304);
        }
        let (status, range) = match self.conditions.part(source) {
            condition::Part::Whole => (200, None),
            condition::Part::Bytes { first, length } => (206, Some(ByteRange { first, length })),
            condition::Part::Unsatisfiable => {
                let size = source.size.unwrap_or(0);
                return head(416).with("content-range", format!("bytes */{size}"));
            }
        };
        let content_type = media_type::of_object(source.content_type.as_deref(), &request.source);
        let length = range.map(|range| range.length).or(source.size).map(|length| length.to_string());
        let described = range
            .zip(source.size)
            .map(|(ByteRange { first, length }, size)| format!("bytes {first}-{}/{size}", first + length - 1));
        let answer = head(status)
            .with_type(&content_type)
            .with_some("content-length", length)
            .with_some("content-range", described)
            .with_some("accept-ranges", source.ranges.then_some("bytes"));
        Answer { range, ..self.streaming(answer) }
    }

    fn streaming(&self, mut head: Answer) -> Answer {
        head.send = if self.is_head { Send::Nothing } else { Send::Object };
        head
    }

    /// Every part is here.
    fn all_read(&mut self, clock: &dyn Fn() -> f64) {
        let Some(asked) = &mut self.asked else {
            return self.refuse(&HttpError::protocol());
        };
        let is_moderated = asked.is_moderated();
        let Asked { request, parts, .. } = asked;
        let (source, bytes) = (&parts[0].object, parts[0].bytes.as_deref().unwrap_or_default());
        let claim = media_type::claim(source.content_type.as_deref(), &request.source);
        if Format::sniff(bytes).is_none() && Format::unread(bytes).is_none() && claim != Claim::Image {
            if is_moderated {
                return self.refuse(&HttpError::undetected(Detect::Labels));
            }
            let bytes = parts[0].bytes.take().unwrap_or_default();
            return self.returned(bytes);
        }
        self.all_seen(clock);
    }

    /// Asks for what is still to be seen in the parts; when all is known, the image is made.
    fn all_seen(&mut self, clock: &dyn Fn() -> f64) {
        let Some(Asked { request, parts, detection, .. }) = &mut self.asked else {
            return self.refuse(&HttpError::protocol());
        };
        if let Some(detection) = detection {
            match detection.wants() {
                Some(what) if !self.config.settings.detects() => return self.refuse(&HttpError::undetected(what)),
                _ => (),
            }
            match detection.next(parts, self.config.cmyk, &self.config.limits) {
                Err(error) => return self.refuse(&HttpError::from(&error)),
                Ok(Some(asked)) => {
                    let step = Step::Detect { what: asked.what, least: asked.least };
                    (self.state, self.step, self.picture) = (State::Detect(asked.what), step, asked.picture);
                    return;
                }
                Ok(None) => (),
            }
        }
        let edits = detection.as_ref().map_or(&request.edits, Detection::resolved);
        let mut timing = Timing::default();
        timing.add("load", clock() - self.source_requested_at);
        match made(parts, edits, &self.config, &mut timing, clock) {
            Err(error) => self.refuse(&HttpError::from(&error)),
            Ok(output) if output.missing > 0.0 && self.config.damaged == Damaged::Refuse => {
                let reason = format!("{} of it cannot be decoded", percent(output.missing));
                self.refuse(&HttpError::from(&Error::Corrupt { reason }));
            }
            Ok(output) if output.missing > 0.0 => self.answer(self.incomplete(output, &timing)),
            Ok(output) => {
                let tag = self.derived_tag();
                let content_type = output.media_type;
                let head = self
                    .derived_head(200, tag)
                    .with_type(content_type)
                    .with_some("server-timing", self.server_timing(&timing));
                let answer = Answer { put: self.put(content_type), ..head.sending(output.bytes, self.is_head) };
                self.answer(answer);
            }
        }
        // an isolate has room for little more than the answer while that is sent
        for part in self.asked.iter_mut().flat_map(|asked| &mut asked.parts) {
            part.bytes = None;
        }
    }

    /// What could be made of a damaged source. It has no tag and is not stored, so that a repaired source shows at once.
    fn incomplete(&self, output: Output, timing: &Timing) -> Answer {
        Answer::new(200, &self.config)
            .with("cache-control", &self.config.cache_control.error)
            .with("deckle-warning", format!("the source image is damaged: {} of it is filled", percent(output.missing)))
            .with_some("vary", self.varies().then_some("accept"))
            .with("cache-status", "deckle; fwd=miss")
            .with_type(output.media_type)
            .with_some("server-timing", timing.header())
            .sending(output.bytes, self.is_head)
    }

    /// Bytes that turned out to be no image go out as they came.
    fn returned(&mut self, bytes: Vec<u8>) {
        let Some(Asked { request, parts, .. }) = &self.asked else {
            return self.refuse(&HttpError::protocol());
        };
        // the whole body is here, so no part of it is asked for
        let object = Object { ranges: false, ..parts[0].object.clone() };
        let mut answer = self.passed_through(&object, request);
        if answer.status == 200 {
            answer.headers.retain(|header| header.0 != "content-length");
            answer = answer.sending(bytes, self.is_head);
        }
        self.answer(answer);
    }

    /// What to store of an image that was made now.
    fn put(&self, content_type: &str) -> Option<Put> {
        let Asked { request, parts, .. } = self.asked.as_ref()?;
        let mut metadata = BTreeMap::from([(MADE_BY.to_owned(), self.config.maker())]);
        metadata.extend(part::version(parts).map(|version| (SOURCE_ETAG.to_owned(), version)));
        if parts.len() > 1 || parts.iter().any(|part| part.bucket.is_some()) {
            metadata.insert(PARTS.to_owned(), parts.len().to_string());
        }
        Some(Put {
            key: request.stored_key(),
            content_type: content_type.to_owned(),
            cache_control: match &request.asked {
                Some(_) => deckle::request::Asked::default().cache_control(parts[0].object.cache_control.as_deref()),
                None => self.config.cache_control.derived.clone(),
            },
            metadata,
            index: if self.config.index { index::entries(&request.stored_key(), parts) } else { Vec::new() },
        })
    }

    /// The tag of the derived image; `None` while the version of a part is not known.
    fn derived_tag(&self) -> Option<String> {
        let Asked { path, parts, .. } = self.asked.as_ref()?;
        Some(etag::derived(&part::version(parts)?, path, &self.config.maker()))
    }

    /// What a derived image's answers have in common when it was not stored yet.
    fn derived_head(&self, status: u16, tag: Option<String>) -> Answer {
        Answer::new(status, &self.config)
            .with("cache-control", &self.config.cache_control.derived)
            .with_some("etag", tag)
            .with_some("vary", self.varies().then_some("accept"))
            .with_some("cache-status", self.cache_status("deckle; fwd=miss"))
    }

    /// `Server-Timing`, where no cache in front keeps it.
    fn server_timing(&self, timing: &Timing) -> Option<String> {
        timing.header().filter(|_| self.start == Start::Viewer)
    }

    /// `Cache-Status` (RFC 9211), where no cache in front keeps it: its hits would say what was true of the first answer.
    fn cache_status(&self, status: &'static str) -> Option<&'static str> {
        (self.start == Start::Viewer).then_some(status)
    }
}

/// Metadata of a derived object: the versions of its parts when it was made.
const SOURCE_ETAG: &str = "source-etag";
/// Metadata of a derived object whose `source-etag` is not that of the one source in the first bucket: the number of its parts.
const PARTS: &str = "parts";
/// Metadata of a derived object: [`Config::maker`] when it was made.
const MADE_BY: &str = "made-by";

/// A share as text, never 0 %.
fn percent(share: f64) -> String {
    format!("{:.0} %", (share * 100.0).max(1.0))
}

fn too_large(needed: u64, limit: u64) -> HttpError {
    HttpError::from(&Error::Limit { what: "source bytes", needed, limit })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PHOTO: &[u8] = include_bytes!("warm-up.jpg");

    /// An exchange whose request has an overlay in another bucket.
    fn with_overlay(if_none_match: Option<&str>) -> Exchange {
        let headers = if_none_match.map(|tag| ("if-none-match".to_owned(), tag.to_owned())).into_iter().collect();
        let head = Head { method: "GET".into(), path: "/10w/default/a.jpg".into(), headers, ..Head::default() };
        let config = Arc::new(Config::default());
        let request = Request::parse(&head.path, "", &Viewer::default(), &config.settings).unwrap();
        let mut parts = part::of_request(&request);
        parts.push(Part { bucket: Some("marks".into()), key: "logo.png".into(), ..Part::default() });
        let mut exchange = Exchange::new(&head, Start::Viewer, config, 0.0);
        exchange.begin_with(request, parts, true);
        exchange
    }

    fn object(etag: &str, size: u64) -> Object {
        Object { etag: Some(etag.into()), size: Some(size), ..Object::default() }
    }

    fn is_load(step: &Step, wanted: (usize, Option<&str>, &str)) -> bool {
        matches!(step, Step::Load { store: Store::Source, part, bucket, key }
            if (*part, bucket.as_deref(), key.as_str()) == wanted)
    }

    fn tag_of(answer: &Answer) -> String {
        answer.headers.iter().find(|header| header.0 == "etag").unwrap().1.clone()
    }

    /// Answers with both parts there.
    fn made_of(source_tag: &str, overlay_tag: &str) -> Answer {
        let mut exchange = with_overlay(None);
        assert!(is_load(exchange.step(), (0, None, "a.jpg")));
        exchange.found(object(source_tag, PHOTO.len() as u64));
        assert!(matches!(exchange.step(), Step::Read { part: 0, .. }));
        exchange.body(PHOTO.to_vec(), &|| 0.0);
        assert!(is_load(exchange.step(), (1, Some("marks"), "logo.png")));
        exchange.found(object(overlay_tag, 4));
        assert!(matches!(exchange.step(), Step::Read { part: 1, .. }));
        exchange.body(vec![1, 2, 3, 4], &|| 0.0);
        exchange.into_answer().unwrap()
    }

    #[test]
    fn two_parts_are_loaded_one_after_the_other_and_both_count_in_the_tag() {
        let answer = made_of("\"1\"", "\"2\"");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.put.as_ref().unwrap().metadata.get(PARTS).map(String::as_str), Some("2"));
        let tag = tag_of(&answer);
        assert_ne!(tag, tag_of(&made_of("\"1\"", "\"3\"")));
        assert_ne!(tag, tag_of(&made_of("\"0\"", "\"2\"")));
        assert_eq!(tag, tag_of(&made_of("\"1\"", "\"2\"")));

        let mut exchange = with_overlay(Some(&tag));
        exchange.found(object("\"1\"", PHOTO.len() as u64));
        exchange.body(PHOTO.to_vec(), &|| 0.0);
        exchange.found(object("\"2\"", 4));
        assert_eq!(exchange.into_answer().unwrap().status, 304);
    }

    #[test]
    fn an_overlay_that_is_missing_is_named() {
        let mut exchange = with_overlay(None);
        exchange.found(object("\"1\"", PHOTO.len() as u64));
        exchange.body(PHOTO.to_vec(), &|| 0.0);
        exchange.missing(1.0);
        let answer = exchange.into_answer().unwrap();
        let body: serde_json::Value = serde_json::from_slice(&answer.result).unwrap();
        assert_eq!((answer.status, body["code"].as_str()), (404, Some("not_found")));
        assert_eq!(body["message"], "there is no such overlay: logo.png");
    }

    #[test]
    fn the_limit_on_source_bytes_is_on_the_sum_of_the_parts() {
        let limit = Config::default().limits.source_bytes;
        let mut exchange = with_overlay(None);
        exchange.found(object("\"1\"", 1000));
        exchange.body(vec![0; 1000], &|| 0.0);
        exchange.found(Object { size: None, ..object("\"2\"", 0) });
        assert!(matches!(exchange.step(), Step::Read { part: 1, max_bytes } if *max_bytes == limit - 1000));
        let mut exchange = with_overlay(None);
        exchange.found(object("\"1\"", 1000));
        exchange.body(vec![0; 1000], &|| 0.0);
        exchange.found(object("\"2\"", limit - 999));
        assert_eq!(exchange.into_answer().unwrap().status, 413);
    }
}
