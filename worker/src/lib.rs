//! Deckle on Cloudflare Workers: R2 or HTTP sources, the Cache API and a derived R2 bucket, wired to `deckle_edge`.
//!
//! The edge decides what to load, what to answer and what to store. This crate decides when: what an isolate holds at once,
//! who waits for whom, and what ends with the viewer's connection.
#![forbid(unsafe_code)]
#![allow(missing_docs)]

mod body;
mod budget;
mod cache;
mod config;
mod engine;
mod flight;
mod host;
mod instance;
mod origin;
mod respond;
mod signing;
mod source;
mod task;
mod viewer;

use worker::{Context, Env, Request, Result, event};

#[event(start)]
fn start() {
    deckle_edge::warm_up();
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> Result<web_sys::Response> {
    task::sweep();
    let setup = match config::setup(&env) {
        Ok(setup) => setup,
        Err(error) => {
            worker::console_error!("{error}");
            return respond::internal("invalid_configuration", "the image service is not configured properly");
        }
    };
    if let Some(keys) = &setup.signing
        && !signing::passes(&request, keys)?
    {
        return respond::unsigned();
    }
    let signal = request.inner().signal();
    let (handle, task) = task::new(async move { host::answer(request, env, &context, setup).await });
    let _viewer = viewer::watch(signal, handle);
    match task.await {
        Some(Ok(response)) => Ok(response),
        Some(Err(error)) => {
            worker::console_error!("{error}");
            respond::internal("internal", "the request could not be answered")
        }
        None => respond::nobody(),
    }
}
