//! Deckle on Cloudflare Workers: R2 or HTTP sources, the Cache API and a derived R2 bucket, wired to `deckle_edge`.
//!
//! Nothing is decided here: the edge says what to load, what to answer and what to store.
#![forbid(unsafe_code)]
#![allow(missing_docs)]

mod budget;
mod config;
mod host;
mod respond;
mod source;

use worker::{Context, Env, Request, Response, Result, event};

#[event(start)]
fn start() {
    deckle_edge::warm_up();
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> Result<Response> {
    match host::answer(request, &env, &context).await {
        Ok(response) => Ok(response),
        Err(error) => {
            worker::console_error!("{error}");
            respond::internal()
        }
    }
}
