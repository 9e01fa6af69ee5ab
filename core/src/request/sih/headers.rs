//! Response headers that a request may ask for.

use super::json::Json;

/// Names and beginnings of names that no request sets, as the handler has them.
const DENIED: &[&str] = &[
    "authorization",
    "connection",
    "server",
    "transfer-encoding",
    "referrer-policy",
    "www-authenticate",
    "proxy-authenticate",
    "x-api-key",
    "set-cookie",
];
const DENIED_BEGINNINGS: &[&str] = &[
    "permissions-",
    "x-frame-",
    "x-content-",
    "x-xss-",
    "strict-transport-",
    "x-amz-",
    "x-amzn-",
    "access-control-",
    "cross-origin-",
    "content-",
];

/// The headers of a request's JSON that are allowed, and can be headers at all, in their order.
pub fn allowed(headers: &Json) -> Vec<(String, String)> {
    let Json::Object(members) = headers else {
        return Vec::new();
    };
    let text = |value: &Json| match value {
        Json::Text(text) => Some(text.clone()),
        Json::Number(_) | Json::Flag(_) => Some(value.to_string()),
        _ => None,
    };
    let headers = members.iter().filter_map(|(name, value)| Some((name.to_owned(), text(value)?)));
    headers.filter(|(name, value)| is_allowed(name) && value.bytes().all(|b| (0x20..0x7f).contains(&b))).collect()
}

fn is_allowed(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_token =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+.^_`|~-".contains(&b));
    let is_denied = DENIED.contains(&name.as_str()) || DENIED_BEGINNINGS.iter().any(|start| name.starts_with(start));
    is_token && !is_denied
}
