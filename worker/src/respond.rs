//! Answers as workerd's responses.

use std::borrow::Cow;

use js_sys::Uint8Array;
use web_sys::{ReadableStream, ResponseInit};
use worker::{Headers, Result};

/// A body in JavaScript's memory, or on its way through it.
pub enum Body {
    Empty,
    Bytes(Uint8Array),
    Stream(ReadableStream),
}

pub fn response(status: u16, headers: &Headers, body: Body) -> Result<web_sys::Response> {
    let init = ResponseInit::new();
    init.set_status(status);
    init.set_headers(headers.as_ref());
    Ok(match body {
        Body::Empty => web_sys::Response::new_with_opt_str_and_init(None, &init)?,
        Body::Bytes(bytes) => web_sys::Response::new_with_opt_buffer_source_and_init(Some(&bytes), &init)?,
        Body::Stream(stream) => web_sys::Response::new_with_opt_readable_stream_and_init(Some(&stream), &init)?,
    })
}

pub fn headers(pairs: &[(Cow<'static, str>, String)]) -> Result<Headers> {
    let headers = Headers::new();
    for (name, value) in pairs {
        headers.append(name, value)?;
    }
    Ok(headers)
}

/// Something of ours is wrong: logged in full, told in brief.
pub fn internal(code: &str, message: &str) -> Result<web_sys::Response> {
    error(500, code, message, "no-store")
}

/// The answer to everything that is not signed, where it has to be; the CloudFront Function says the same.
pub fn unsigned() -> Result<web_sys::Response> {
    error(403, "invalid_signature", "signature is missing, wrong or expired", "max-age=60")
}

fn error(status: u16, code: &str, message: &str, cache_control: &str) -> Result<web_sys::Response> {
    let text = serde_json::json!({ "code": code, "message": message, "status": status }).to_string();
    let pairs = [
        ("content-type".into(), "application/json".to_owned()),
        ("cache-control".into(), cache_control.to_owned()),
        ("x-content-type-options".into(), "nosniff".to_owned()),
    ];
    response(status, &headers(&pairs)?, Body::Bytes(Uint8Array::from(text.as_bytes())))
}

/// The viewer is gone; nobody reads this.
pub fn nobody() -> Result<web_sys::Response> {
    response(499, &Headers::new(), Body::Empty)
}
