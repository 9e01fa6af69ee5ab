//! `deckle sign`.

use std::time::{SystemTime, UNIX_EPOCH};

use deckle::request::signature;

use crate::Arguments;

/// The variable that holds the secret where no file is named: arguments are seen by everyone on the machine.
const SECRET_VARIABLE: &str = "DECKLE_SECRET";

pub fn run(url: &str, arguments: &Arguments) -> Result<(), String> {
    println!("{}", Key::read(arguments)?.sign(url)?);
    Ok(())
}

/// What to sign with.
pub struct Key {
    id: String,
    secret: String,
    expires: Option<u64>,
}

impl Key {
    /// Of the command line, a file and the environment.
    pub fn read(arguments: &Arguments) -> Result<Self, String> {
        let key_id = arguments.key_id.as_deref().ok_or("--key-id is missing")?;
        let secret = match &arguments.secret_file {
            Some(path) => std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?,
            None => std::env::var(SECRET_VARIABLE)
                .map_err(|_| format!("the secret is missing: --secret-file, or {SECRET_VARIABLE}"))?,
        };
        let secret = secret.trim_end_matches(['\r', '\n']).to_owned();
        Ok(Self { id: key_id.to_owned(), secret, expires: expiry(arguments.expires_in.as_deref())? })
    }

    /// The URL with its signature.
    pub fn sign(&self, url: &str) -> Result<String, String> {
        signed(url, &self.id, &self.secret, self.expires)
    }
}

/// Seconds since 1970, for so many seconds from now.
fn expiry(seconds: Option<&str>) -> Result<Option<u64>, String> {
    let Some(text) = seconds else {
        return Ok(None);
    };
    let seconds: u64 = text.parse().map_err(|_| format!("--expires-in is {text}; expected seconds"))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|e| e.to_string())?.as_secs();
    now.checked_add(seconds).map(Some).ok_or_else(|| format!("--expires-in is {text}; expected fewer seconds"))
}

fn signed(url: &str, key_id: &str, secret: &str, expires: Option<u64>) -> Result<String, String> {
    let at = match url.find("://") {
        Some(scheme) => url[scheme + 3..].find('/').map(|slash| scheme + 3 + slash),
        None => url.find('/'),
    };
    let (host, local) = url.split_at(at.ok_or_else(|| format!("{url} has no path"))?);
    let (path, query) = local.split_once('?').unwrap_or((local, ""));
    if query.contains('#') || path.contains('#') {
        return Err(format!("{url} has a fragment, which is never sent"));
    }
    let query = signature::sign(path, query, key_id, secret.as_bytes(), expires).map_err(|error| match error {
        signature::SignatureError::UnknownKey => {
            format!("the secret is shorter than {} bytes", signature::MIN_SECRET_BYTES)
        }
        _ => {
            "the URL has kid, exp or sig, or what has to be escaped; or the key id or expiry is not of its form".into()
        }
    })?;
    Ok(format!("{host}{path}?{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "sixteen bytes at least";

    #[test]
    fn the_host_is_kept_and_not_signed() {
        let url = signed("https://host/x.jpg?width=200", "k1", SECRET, Some(9)).unwrap_or_default();
        let (host, local) = url.split_at("https://host".len());
        let (path, query) = local.split_once('?').unwrap_or_default();
        assert_eq!((host, path), ("https://host", "/x.jpg"));
        assert!(signature::verify(path, query, |_| Some(SECRET.as_bytes()), 8).is_ok());
    }

    #[test]
    fn what_cannot_be_signed_says_why() {
        assert!(signed("https://host", "k1", SECRET, None).is_err());
        assert!(signed("/x.jpg#top", "k1", SECRET, None).is_err());
        assert_eq!(signed("/x.jpg", "k1", "short", None), Err("the secret is shorter than 16 bytes".into()));
        assert!(expiry(Some("soon")).is_err());
    }
}
