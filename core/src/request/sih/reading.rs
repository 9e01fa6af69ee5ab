//! What a request says in the terms of AWS's handler, before any of it is taken for an edit of ours.

use data_encoding::BASE64;

use super::headers;
use super::json::{Json, Members, whole_number};
use super::seal;
use super::settings::Sih;
use super::{error, thumbor};
use crate::request::key::percent_decode;
use crate::request::{RequestError, Viewer};

/// The kinds of request, in the handler's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON in base64.
    Default,
    /// A path that was rewritten, then read as Thumbor's.
    Custom,
    /// Thumbor's segments and filters.
    Thumbor,
}

/// Which kinds the configuration lets in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// JSON in base64.
    pub json: bool,
    /// Thumbor's paths.
    pub thumbor: bool,
}

/// A path and query as sent.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    pub path: &'a str,
    pub query: &'a str,
    /// Whether its words come in the order that the handler's CloudFront Function gives them: in which sharp is told of them matters.
    pub is_sorted: bool,
    pub viewer: Viewer<'a>,
}

/// A request as the handler reads it.
#[derive(Clone, Debug)]
pub struct Reading {
    pub kind: Kind,
    pub bucket: String,
    /// The object's name; `None` where the JSON has no `key`.
    pub key: Option<String>,
    /// `None` where the JSON has no `edits`.
    pub edits: Option<Members>,
    /// By `Accept`, else of the JSON.
    pub output_format: Option<String>,
    /// Of the JSON, for WebP.
    pub effort: Option<u8>,
    /// Response headers of the JSON, without those that are not allowed.
    pub headers: Vec<(String, String)>,
    /// Until the request ends.
    pub seconds_left: Option<u64>,
    /// Whether `Accept` was looked at.
    pub negotiated: bool,
}

/// The longest path and query that are read; CloudFront's URLs have 8,192 bytes.
const MAX_URL_BYTES: usize = 16 << 10;

/// Reads a request, in the handler's order: signature, end, kind, bucket, key, edits.
///
/// # Errors
/// Those of the handler, 400 where it answers 500.
pub fn read(sent: &Sent<'_>, kinds: Kinds, settings: &Sih) -> Result<Reading, RequestError> {
    if sent.path.len() + sent.query.len() > MAX_URL_BYTES {
        return Err(error::request_type());
    }
    let mut query = pairs(sent.query);
    if sent.is_sorted {
        query.sort();
    }
    if let Some(signature) = &settings.secret {
        seal::check_signature(sent.path, &query, &signature.secret)?;
    }
    let expires = query.iter().find(|pair| pair.0 == "expires");
    let now = sent.viewer.seconds.unwrap_or(u64::MAX);
    let seconds_left = expires.map(|pair| seal::seconds_left(&pair.1, now)).transpose()?;

    let json = if kinds.json { decoded(sent.path) } else { None };
    let kind = kind(sent.path, json.is_some(), kinds, settings)?;
    let rewritten = match (&settings.rewrite, kind) {
        (Some(rewrite), Kind::Custom) => rewrite.apply(sent.path),
        _ => sent.path.to_owned(),
    };
    let (bucket, key, edits) = match &json {
        // quirk: a number or a string has no members, and so no key
        Some(Json::Null) => return Err(error::undecodable()),
        Some(json) => {
            let key = json.get("key").and_then(Json::text).map(str::to_owned);
            (bucket_of(json, settings)?, key, edits_of(json)?)
        }
        None => {
            let bucket = tagged_bucket(sent.path, settings)?;
            let key = thumbor::key(&rewritten, &bucket).ok_or_else(error::edits)?;
            (bucket, Some(key), Some(thumbor::edits(&rewritten)?))
        }
    };
    let accepts_webp = sent.viewer.accept.is_some_and(|accept| accept.contains("image/webp"));
    let by_accept = settings.auto_webp && accepts_webp;
    let of_json = json.as_ref().and_then(|json| json.get("outputFormat")).filter(|format| format.is_truthy());
    let output_format = match of_json {
        // quirk: what the viewer accepts wins over what the request says
        _ if by_accept => Some("webp".to_owned()),
        Some(Json::Text(format)) => Some(format.clone()),
        Some(other) => Some(other.to_string()),
        None => None,
    };
    let is_webp = output_format.as_deref() == Some("webp");
    let effort = json.as_ref().and_then(|json| json.get("effort")).filter(|_| is_webp).map(effort);
    let headers = json.as_ref().and_then(|json| json.get("headers")).map(headers::allowed).unwrap_or_default();
    Ok(Reading {
        kind,
        bucket,
        key,
        edits: with_query(edits, &query),
        output_format,
        effort,
        headers,
        seconds_left,
        negotiated: settings.auto_webp,
    })
}

/// The query's parameters, decoded; the last of a repeated name counts.
fn pairs(query: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let given = query.split('&').filter(|pair| !pair.is_empty());
    for (name, value) in given.map(|pair| pair.split_once('=').unwrap_or((pair, ""))) {
        let decode = |text: &str| percent_decode(text).unwrap_or_else(|| text.to_owned());
        let (name, value) = (decode(name), decode(value));
        match pairs.iter_mut().find(|pair| pair.0 == name) {
            Some(pair) => pair.1 = value,
            None => pairs.push((name, value)),
        }
    }
    pairs
}

/// The JSON of a path that is base64; escapes that a client has made of its characters are undone.
pub fn decoded(path: &str) -> Option<Json> {
    let path = percent_decode(path)?;
    let encoded = path.strip_prefix('/').unwrap_or(&path);
    let mut specification = BASE64.specification();
    specification.check_trailing_bits = false;
    let bytes = specification.encoding().ok()?.decode(encoded.as_bytes()).ok()?;
    serde_json::from_str(&String::from_utf8_lossy(&bytes)).ok()
}

fn kind(path: &str, is_json: bool, kinds: Kinds, settings: &Sih) -> Result<Kind, RequestError> {
    match path {
        _ if is_json => Ok(Kind::Default),
        _ if settings.rewrite.is_some() => Ok(Kind::Custom),
        // query edits of a plain key are of this kind too, so paths are read even where only JSON is let in
        _ if has_image_extension(path) && (kinds.thumbor || !is_marked(path)) => Ok(Kind::Thumbor),
        _ => Err(error::request_type()),
    }
}

/// Whether the path has no extension, or one of an image.
fn has_image_extension(path: &str) -> bool {
    // quirk: a point within the last segment, not at its end; the first character of the path is no point
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let known = ["jpg", "jpeg", "png", "webp", "tiff", "tif", "svg", "gif", "avif"];
    match name.rsplit_once('.') {
        None => true,
        Some((_, "")) => true,
        Some((_, extension)) => known.contains(&extension.to_ascii_lowercase().as_str()),
    }
}

/// Whether a path says by itself that it is Thumbor's. The CloudFront Function looks for the same.
pub fn is_marked(path: &str) -> bool {
    let has_size = || {
        path.match_indices('x').any(|(at, _)| {
            let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
            is_digit(path.as_bytes()[..at].last()) && is_digit(path.as_bytes().get(at + 1))
        })
    };
    ["fit-in", "filters:", "s3:"].iter().any(|mark| path.contains(mark)) || has_size()
}

fn allowed(settings: &Sih) -> Result<&[String], RequestError> {
    let buckets = settings.source_buckets.as_slice();
    if buckets.is_empty() { Err(error::no_buckets()) } else { Ok(buckets) }
}

fn bucket_of(json: &Json, settings: &Sih) -> Result<String, RequestError> {
    let allowed = allowed(settings)?;
    match json.get("bucket") {
        None => Ok(allowed[0].clone()),
        Some(Json::Text(bucket)) if allowed.contains(bucket) => Ok(bucket.clone()),
        Some(_) => Err(error::bucket()),
    }
}

/// The first `s3:` segment that names a bucket of the list. Quirk: of the path as it was before it was rewritten.
fn tagged_bucket(path: &str, settings: &Sih) -> Result<String, RequestError> {
    let allowed = allowed(settings)?;
    let mut tags = path.split('/').filter_map(|segment| segment.strip_prefix("s3:"));
    let tagged = tags.find(|tag| allowed.iter().any(|bucket| bucket == tag));
    Ok(tagged.map_or_else(|| allowed[0].clone(), str::to_owned))
}

fn edits_of(json: &Json) -> Result<Option<Members>, RequestError> {
    match json.get("edits") {
        None => Ok(None),
        Some(Json::Object(members)) => Ok(Some(members.clone())),
        // quirk: an empty list has no edits
        Some(Json::List(list)) if list.is_empty() => Ok(Some(Members::default())),
        Some(other) if !other.is_truthy() => Ok(None),
        Some(_) => Err(error::edits()),
    }
}

/// `Math.trunc`, and 4 for what is not from 0 to 6.
fn effort(value: &Json) -> u8 {
    let effort = value.to_number().trunc();
    if (0.0..=6.0).contains(&effort) { effort as u8 } else { 4 }
}

/// The query's edits over those of the path. Quirk: one of `fit`, `width` and `height` takes the place of the path's whole `resize`.
fn with_query(edits: Option<Members>, query: &[(String, String)]) -> Option<Members> {
    let mut given = Members::default();
    for (name, value) in query {
        let integer = |text: &str| if text.is_empty() { Json::Null } else { Json::Number(whole_number(text)) };
        // quirk: no number is no size
        let side = |text: &str| if text == "0" { Json::Null } else { integer(text) };
        let flag = |text: &str| Json::Flag(!["0", "false", ""].contains(&text.to_ascii_lowercase().as_str()));
        match name.as_str() {
            // quirk: as it is, be it jpg
            "format" => given.set("toFormat", Json::Text(value.clone())),
            "fit" => given.object("resize").set("fit", Json::Text(value.clone())),
            "width" | "height" => given.object("resize").set(name, side(value)),
            "rotate" => given.set("rotate", integer(value)),
            "flip" | "flop" => given.set(name, flag(value)),
            // quirk: beside a `grayscale` of the path, not over it
            "grayscale" | "greyscale" => given.set("greyscale", flag(value)),
            _ => (),
        }
    }
    if given.is_empty() {
        return edits;
    }
    let mut edits = edits.unwrap_or_default();
    for (name, value) in given.iter() {
        edits.set(name, value.clone());
    }
    Some(edits)
}
