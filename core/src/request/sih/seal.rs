//! Signed requests and requests with an end, as AWS's handler has them.

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::error;
use crate::request::RequestError;
use crate::request::key::percent_decode;

/// What the handler's CloudFront Function lets through to it, and `greyscale`, which only its Lambda function knows.
pub const WORDS: &[&str] =
    &["signature", "expires", "format", "fit", "width", "height", "rotate", "flip", "flop", "grayscale", "greyscale"];

/// Checks the signature: HMAC-SHA256, in lower-case hex, of the path and the sorted, decoded query.
///
/// # Errors
/// There is none, or it is another request's.
pub fn check_signature(path: &str, query: &[(String, String)], secret: &str) -> Result<(), RequestError> {
    let given = query.iter().find(|pair| pair.0 == "signature").map(|pair| pair.1.as_str()).filter(|s| !s.is_empty());
    let signature = HEXLOWER.decode(given.ok_or_else(error::unsigned)?.as_bytes()).unwrap_or_default();
    // its function drops what is not one of its words before anything is signed; its Lambda function alone does not
    let known = |name: &str| WORDS.contains(&name);
    let messages = [message(query, |_| true), message(query, known)];
    // a path with escapes may have been signed as it was sent, or as it was meant
    let decoded = percent_decode(path);
    let paths = [Some(path), decoded.as_deref()];
    let is_signed = paths.into_iter().flatten().any(|path| {
        messages.iter().any(|query| {
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
                return false;
            };
            mac.update(path.as_bytes());
            mac.update(query.as_bytes());
            mac.verify_slice(&signature).is_ok()
        })
    });
    if is_signed { Ok(()) } else { Err(error::wrong_signature()) }
}

/// `?` and the query without the signature, sorted as JavaScript sorts pairs; nothing where it is empty.
fn message(query: &[(String, String)], is_signed: impl Fn(&str) -> bool) -> String {
    let pairs = query.iter().filter(|(name, _)| name != "signature" && is_signed(name));
    let mut pairs: Vec<(String, String)> =
        pairs.map(|(name, value)| (format!("{name},{value}"), format!("{name}={value}"))).collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|pair| pair.1).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The seconds that are left of a request with an end, `YYYYMMDDTHHmmssZ`.
///
/// # Errors
/// It is no time, or in the past.
pub fn seconds_left(expires: &str, now: u64) -> Result<u64, RequestError> {
    let end = seconds(expires).ok_or_else(error::expiry_format)?;
    end.checked_sub(now).ok_or_else(error::expired)
}

/// Seconds since 1970.
fn seconds(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() == 16 && bytes[8] == b'T' && bytes[15] == b'Z';
    let digits = || bytes.iter().enumerate().all(|(i, b)| i == 8 || i == 15 || b.is_ascii_digit());
    if !is_shaped || !digits() {
        return None;
    }
    let part = |from: usize, to: usize| text[from..to].parse::<u64>().ok();
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(9, 11)?, part(11, 13)?, part(13, 15)?);
    let is_leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let lengths = [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *lengths.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    if year < 1970 || !(1..=length).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let years: u64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let months: u64 = lengths.iter().take(month as usize - 1).sum();
    Some((((years + months + day - 1) * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PATH: &str = "/eyJidWNrZXQiOiJ2YWxpZEJ1Y2tldCIsImtleSI6InZhbGlkS2V5IiwiZWRpdHMiOnsidG9Gb3JtYXQiOiJwbmcifX0=";

    fn query(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_published_signature_is_right_and_another_is_not() {
        let good = "4d41311006641a56de7bca8abdbda91af254506107a2c7b338a13ca2fa95eac3";
        let check = |signature: &str, secret| check_signature(PATH, &query(&[("signature", signature)]), secret);
        assert!(check(good, "secret").is_ok());
        assert!(check(good, "other").is_err());
        assert!(check(&good.to_uppercase(), "secret").is_err());
        assert_eq!(check("invalid", "secret").unwrap_err().code(), "SignatureDoesNotMatch");
        assert_eq!(check_signature(PATH, &[], "secret").unwrap_err().code(), "AuthorizationQueryParametersError");
    }

    #[test]
    fn the_query_is_signed_in_its_sorted_order_without_what_the_function_drops() {
        let signature = ("signature", "4b519895c4a65622f6cdf6044b2b698aabb6a72ca1db327c4a4789b6741c93f7");
        let pairs = query(&[("width", "100"), ("format", "png"), ("utm", "1"), signature]);
        assert!(check_signature("/300x200/a.jpg", &pairs, "secret").is_ok());
    }

    #[test]
    fn an_end_is_a_real_date_in_utc() {
        assert_eq!(seconds("19700102T120304Z"), Some(129_784));
        assert_eq!(seconds("20240229T000000Z"), Some(1_709_164_800));
        for wrong in ["19700001T000000Z", "19700101S000000Z", "20230229T000000Z", "19700101T240000Z", "", "1970"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
        assert_eq!(seconds_left("19700102T120304Z", 129_700).unwrap(), 84);
        assert_eq!(seconds_left("19700102T120304Z", 129_785).unwrap_err().code(), "ImageRequestExpired");
    }
}
