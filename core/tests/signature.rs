//! Signed requests against `tests/parity/signatures.json`, which the CloudFront Function runs too.
#![allow(clippy::unwrap_used)]

use deckle::request::signature::{SignatureError, message, sign, verify};
use serde_json::Value as Json;

fn table() -> Json {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/parity/signatures.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_vector_has_the_expected_answer() {
    let table = table();
    let now = table["now"].as_u64().unwrap();
    for vector in table["vectors"].as_array().unwrap() {
        let (path, query) = (vector["path"].as_str().unwrap(), vector["query"].as_str().unwrap());
        let secret = |id: &str| table["keys"][id].as_str().map(str::as_bytes);
        let answer = verify(path, query, secret, now).map_or_else(SignatureError::reason, |()| "valid");
        assert_eq!(answer, vector["expect"], "{}", vector["name"]);
        if let Some(expected) = vector["message"].as_str() {
            assert_eq!(message(path, query), expected, "{}", vector["name"]);
        }
    }
}

#[test]
fn without_keys_nothing_is_signed() {
    let table = table();
    let now = table["now"].as_u64().unwrap();
    for vector in table["vectors"].as_array().unwrap() {
        let (path, query) = (vector["path"].as_str().unwrap(), vector["query"].as_str().unwrap());
        assert!(verify(path, query, |_| None, now).is_err(), "{}", vector["name"]);
    }
}

#[test]
fn what_is_signed_is_verified() {
    let secret = b"sixteen bytes at least";
    for (path, query) in [("/x.jpg", ""), ("/a%20b.jpg", "width=200&style=bw"), ("/200w/bw/x.jpg", "")] {
        for expires in [None, Some(2_000)] {
            let signed = sign(path, query, "k1", secret, expires).unwrap();
            let check = |path: &str, now: u64| verify(path, &signed, |id| (id == "k1").then_some(&secret[..]), now);
            assert_eq!(check(path, 1_000), Ok(()));
            assert_eq!(check(path, 2_000).is_err(), expires.is_some());
            assert_eq!(check("/y.jpg", 1_000), Err(SignatureError::Wrong));
        }
    }
}

#[test]
fn what_could_not_be_verified_is_not_signed() {
    let secret = &b"sixteen bytes at least"[..];
    assert_eq!(sign("/x.jpg", "exp=5", "k1", secret, None), Err(SignatureError::Malformed));
    assert_eq!(sign("/x.jpg", "sig=5", "k1", secret, None), Err(SignatureError::Malformed));
    assert_eq!(sign("/x.jpg", "", "k 1", secret, None), Err(SignatureError::Malformed));
    assert_eq!(sign("/é.jpg", "", "k1", secret, None), Err(SignatureError::Malformed));
    assert_eq!(sign("/x.jpg", "", "k1", secret, Some(1_000_000_000_000)), Err(SignatureError::Malformed));
    assert_eq!(sign("/x.jpg", "", "k1", b"too short", None), Err(SignatureError::UnknownKey));
}
