//! Signed requests: HMAC-SHA256 over the path and query as the signer writes them. Specified in `docs/url.md`.
//!
//! The signature covers the request as sent, not what it means: another spelling of a signed request needs a signature of its own.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The name of the parameter that names the key.
pub const KEY_ID: &str = "kid";
/// The name of the parameter that says until when, in seconds since 1970.
pub const EXPIRES: &str = "exp";
/// The name of the parameter that holds the signature.
pub const SIGNATURE: &str = "sig";

/// The fewest bytes of a secret. A shorter one is refused as if it were not there.
pub const MIN_SECRET_BYTES: usize = 16;

/// Why a request is not taken for signed, or cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// No `sig` or no `kid`.
    Missing,
    /// A parameter of the signature is repeated or not of its form, or the URL holds what has to be escaped.
    Malformed,
    /// No secret for this `kid`, or one that is too short.
    UnknownKey,
    /// The signature is another request's.
    Wrong,
    /// It was valid once.
    Expired,
}

impl SignatureError {
    /// Stable, for programs.
    pub fn code(self) -> &'static str {
        "invalid_signature"
    }

    /// Which error it is, in one word.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::UnknownKey => "unknown-key",
            Self::Wrong => "wrong",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "the signature is missing",
            Self::Malformed => "the signature or the URL is malformed",
            Self::UnknownKey => "the signature's key is not known",
            Self::Wrong => "the signature is wrong",
            Self::Expired => "the signature has expired",
        })
    }
}

impl std::error::Error for SignatureError {}

/// Checks a request's signature. `secret` answers the secret of a key id, `now` is in seconds since 1970.
///
/// # Errors
/// Whatever is wrong: a request is signed only if this is `Ok`.
pub fn verify<'k>(
    path: &str,
    query: &str,
    secret: impl FnOnce(&str) -> Option<&'k [u8]>,
    now: u64,
) -> Result<(), SignatureError> {
    let (key_id, signature) = match (one(query, KEY_ID)?, one(query, SIGNATURE)?) {
        (Some(key_id), Some(signature)) => (key_id, signature),
        _ => return Err(SignatureError::Missing),
    };
    let expires = one(query, EXPIRES)?.map(expiry).transpose()?;
    if !is_key_id(key_id) {
        return Err(SignatureError::Malformed);
    }
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).map_err(|_| SignatureError::Malformed)?;
    let secret = secret(key_id).ok_or(SignatureError::UnknownKey)?;
    mac(path, query, secret)?.verify_slice(&signature).map_err(|_| SignatureError::Wrong)?;
    match expires {
        Some(expires) if expires <= now => Err(SignatureError::Expired),
        _ => Ok(()),
    }
}

/// The query of a signed request: the given one with `kid`, `exp` and `sig` added.
///
/// # Errors
/// The query has one of these already, or something is malformed or too short.
pub fn sign(
    path: &str,
    query: &str,
    key_id: &str,
    secret: &[u8],
    expires: Option<u64>,
) -> Result<String, SignatureError> {
    let is_signed = pairs(query).any(|(name, _)| [KEY_ID, EXPIRES, SIGNATURE].contains(&name));
    if is_signed || !is_key_id(key_id) {
        return Err(SignatureError::Malformed);
    }
    let mut signed = String::from(query);
    for (name, value) in [(KEY_ID, Some(key_id.to_owned())), (EXPIRES, expires.map(|time| time.to_string()))] {
        if let Some(value) = value {
            let separator = if signed.is_empty() { "" } else { "&" };
            signed = format!("{signed}{separator}{name}={value}");
        }
    }
    if let Some(value) = one(&signed, EXPIRES)? {
        expiry(value)?;
    }
    let signature = mac(path, &signed, secret)?.finalize().into_bytes();
    Ok(format!("{signed}&{SIGNATURE}={}", BASE64URL_NOPAD.encode(&signature)))
}

/// What is signed: the path, `?`, and `name=value` of every parameter but `sig`, by name, those of one name in their order.
pub fn message(path: &str, query: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = pairs(query).filter(|(name, _)| *name != SIGNATURE).collect();
    pairs.sort_by_key(|pair| pair.0);
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{path}?{}", pairs.join("&"))
}

fn mac(path: &str, query: &str, secret: &[u8]) -> Result<Hmac<Sha256>, SignatureError> {
    let message = message(path, query);
    if !message.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(SignatureError::Malformed);
    }
    if secret.len() < MIN_SECRET_BYTES {
        return Err(SignatureError::UnknownKey);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| SignatureError::UnknownKey)?;
    mac.update(message.as_bytes());
    Ok(mac)
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).filter(|pair| !pair.0.is_empty())
}

/// The value of a parameter that stands once at most; an empty one counts as absent.
fn one<'a>(query: &'a str, wanted: &str) -> Result<Option<&'a str>, SignatureError> {
    let mut values = pairs(query).filter(|(name, _)| *name == wanted).map(|pair| pair.1);
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(SignatureError::Malformed),
        (Some(value), None) if !value.is_empty() => Ok(Some(value)),
        _ => Ok(None),
    }
}

fn is_key_id(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn expiry(text: &str) -> Result<u64, SignatureError> {
    let is_number = text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten().ok_or(SignatureError::Malformed)
}
