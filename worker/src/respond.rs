//! Answers as workerd's responses.

use deckle_edge::{Answer, Send};
use worker::{Headers, Response, ResponseBody, Result};

/// Makes a response; `object` is the body for an answer that passes one through.
pub fn response(answer: &mut Answer, object: Option<ResponseBody>) -> Result<Response> {
    let headers = Headers::new();
    for (name, value) in &answer.headers {
        headers.set(name, value)?;
    }
    let builder = Response::builder().with_status(answer.status).with_headers(headers);
    Ok(match (answer.send, object) {
        (Send::Result, _) => builder.fixed(std::mem::take(&mut answer.result)),
        (Send::Object, Some(body)) => builder.body(body),
        _ => builder.empty(),
    })
}

/// Something broke that should not have.
pub fn internal() -> Result<Response> {
    let body = br#"{"code":"internal","message":"the request could not be answered","status":500}"#;
    let builder = Response::builder().with_status(500);
    let builder = builder.with_header("content-type", "application/json")?.with_header("cache-control", "no-store")?;
    Ok(builder.fixed(body.to_vec()))
}
