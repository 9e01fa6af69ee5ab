//! Which dialect a request is read in.

use super::canonical::Path;
use super::dialect::Dialect;
use super::sih::{self, Kinds, Sent, WORDS};
use super::{Request, RequestError, Settings, Viewer, beyond, native, thumbor, words};

impl Settings {
    pub(super) fn reads(&self, dialect: Dialect) -> bool {
        self.dialects.contains(&dialect)
    }

    /// Whether requests of AWS's dialect are read at all.
    pub fn reads_sih(&self) -> bool {
        self.reads(Dialect::Sih) || self.kinds().thumbor
    }

    /// Whether the native dialect comes after it, or not at all.
    fn prefers_sih(&self) -> bool {
        self.reads_sih() && self.dialects.first().is_some_and(|first| *first != Dialect::Native)
    }

    fn kinds(&self) -> Kinds {
        Kinds { json: self.reads(Dialect::Sih), thumbor: self.reads(Dialect::Thumbor) && self.thumbor.is_none() }
    }

    /// What is shown in place of an error.
    pub fn fallback(&self) -> Option<&sih::ObjectSource> {
        self.sih.fallback.as_ref().filter(|_| self.reads_sih())
    }

    /// Whether a detector is to be asked what is in a picture.
    pub fn detects(&self) -> bool {
        self.sih.detects
    }

    /// The same for a host that has no detector.
    pub fn without_detector(&mut self) {
        self.sih.detects = false;
    }

    /// Whether a bucket is the first of those that may be read.
    pub fn is_first_bucket(&self, bucket: &str) -> bool {
        self.sih.source_buckets.first().is_some_and(|first| first == bucket)
    }
}

pub fn parse(path: &str, query: &str, viewer: &Viewer<'_>, settings: &Settings) -> Result<Request, RequestError> {
    let sent = Sent { path, query, is_sorted: true, viewer: *viewer };
    if let Some(request) = of_other(&sent, settings) {
        return request;
    }
    of_native(native::parse(path, query, viewer, settings)?, &sent, settings)
}

pub fn parse_behind(path: &str, viewer: &Viewer<'_>, settings: &Settings) -> Result<Request, RequestError> {
    let sent = Sent { path, query: "", is_sorted: true, viewer: *viewer };
    if let Some(request) = of_other(&sent, settings) {
        return request;
    }
    of_native(native::parse_canonical(path)?, &sent, settings)
}

fn of_native(request: Request, sent: &Sent<'_>, settings: &Settings) -> Result<Request, RequestError> {
    // an object as it is: the same in both, but for what is answered when it is not there
    if settings.prefers_sih() && request.is_original() && !is_canonical(sent.path) {
        return of_sih(sent, settings);
    }
    allowed(request, settings)
}

/// A request that is of AWS's dialect; `None` where it is native.
fn of_other(sent: &Sent<'_>, settings: &Settings) -> Option<Result<Request, RequestError>> {
    if let Some(thumbor) = &settings.thumbor {
        if let Some(parts) = thumbor::prefixed(sent.path) {
            return Some(thumbor::request(parts, thumbor));
        }
        if !settings.reads(Dialect::Native) && !settings.reads_sih() {
            return Some(Err(thumbor::no_prefix(sent.path)));
        }
    }
    if let Some(dialect) = settings.dialects.iter().find(|dialect| dialect.is_of_words()) {
        let unwrapped = beyond::unwrap(sent.path);
        let (query, path) = unwrapped.as_ref().map_or((sent.query, sent.path), |(query, path)| (query.as_str(), *path));
        if unwrapped.is_some() || !is_canonical(path) {
            return words::request(*dialect, path, query, settings);
        }
    }
    if !settings.reads_sih() {
        return None;
    }
    if let Some((query, path)) = beyond::unwrap(sent.path) {
        return Some(of_wrapped(path, &query, &sent.viewer, settings));
    }
    // where requests have to be signed, none is read in another way
    let is_theirs = settings.sih.secret.is_some()
        || (!is_canonical(sent.path) && (!settings.reads(Dialect::Native) || is_of_sih(sent, settings)));
    is_theirs.then(|| of_sih(sent, settings))
}

/// What the CloudFront Function has wrapped; its word `webp` says what the viewer accepts.
fn of_wrapped(path: &str, query: &str, viewer: &Viewer<'_>, settings: &Settings) -> Result<Request, RequestError> {
    let words: Vec<&str> = query.split('&').filter(|word| *word != WEBP).collect();
    let accepts_webp = words.len() < query.split('&').count();
    let viewer = Viewer { accept: accepts_webp.then_some("image/webp"), ..*viewer };
    of_sih(&Sent { path, query: &words.join("&"), is_sorted: true, viewer }, settings)
}

/// The word for a viewer that accepts WebP.
const WEBP: &str = "webp";

fn is_canonical(path: &str) -> bool {
    Path::read(path).is_ok_and(|path| path.parts().is_some())
}

/// Whether a path that is not canonical says that it is of AWS's dialect. The CloudFront Function asks nearly the
/// same: it decodes no base64, and goes by how an object begins.
fn is_of_sih(sent: &Sent<'_>, settings: &Settings) -> bool {
    let kinds = settings.kinds();
    let is_json =
        || kinds.json && sih::decoded(sent.path).is_some_and(|json| settings.prefers_sih() || json.is_object());
    let is_marked = || kinds.thumbor && sih::is_marked(sent.path);
    let has_word = || {
        let names = sent.query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair));
        names.into_iter().any(|name| WORDS.contains(&name))
    };
    let is_negotiated =
        || settings.sih.auto_webp && sent.viewer.accept.is_some_and(|accept| accept.contains("image/webp"));
    settings.sih.rewrite.is_some()
        || is_marked()
        || (settings.prefers_sih() && (has_word() || is_negotiated()))
        || is_json()
}

fn of_sih(sent: &Sent<'_>, settings: &Settings) -> Result<Request, RequestError> {
    sih::request(sent, settings.kinds(), &settings.sih)
}

/// A canonical path can name any bucket; those of the configuration are all that is read.
fn allowed(request: Request, settings: &Settings) -> Result<Request, RequestError> {
    let is_known = |bucket: &String| settings.sih.source_buckets.contains(bucket);
    let is_allowed = request.bucket.iter().all(is_known)
        && request.edits.beyond.overlays().all(|overlay| overlay.bucket.iter().all(is_known));
    if is_allowed { Ok(request) } else { Err(sih::bucket()) }
}
