// The Worker's entry point: it hands requests to the Rust handler, and starts a fresh WebAssembly instance after one has trapped,
// because a trap leaves an instance's memory in an unknown state, and when an idle one has grown large, because memory never shrinks.
//
// `deckle-worker-bindings` is what wasm-bindgen makes of the crate; `../build.mjs` bundles both.
import { WorkerEntrypoint } from 'cloudflare:workers';
import * as bindings from 'deckle-worker-bindings';

import { purgeChanged } from './purge.js';

Error.stackTraceLimit = 100;

/** How often a request looks whether its instance is still there: in workerd, one request may not wake another. */
const LOOK_MS = 50;

/** Shared with the `worker` crate, whose panic hook sets `criticalError`. */
const state = bindings.__worker_init_state();

/** How many instances were lost. */
let lost = 0;
/** The requests whose images were being made when an instance was lost. */
const culprits = new WeakSet();

/**
 * Starts a fresh instance at once: until then wasm-bindgen would hand what was meant for the old one, such as a timer that others in it
 * wait for, to the new one. Work of the old instance never goes on.
 */
function replaceTrapped() {
  console.log('Starting a fresh WebAssembly instance');
  lost += 1;
  if (globalThis.deckleAtWork) culprits.add(globalThis.deckleAtWork);
  globalThis.deckleAtWork = undefined;
  bindings.__wbg_reset_state();
  state.criticalError = false;
}

function noteTrap(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  console.error('Critical', error);
  replaceTrapped();
}

// a trap in a turn of the event loop, which is where images are made
addEventListener('error', (event) => noteTrap(event.error));

/** The answer to a request whose instance is gone: its own image may be at fault, others only have to come again. */
function interrupted(request) {
  const [status, code, message, more] = culprits.has(request)
    ? [422, 'transform_failed', 'the image could not be transformed', { 'cache-control': 'public, max-age=10' }]
    : [503, 'busy', 'the image service had to start anew; try again', { 'cache-control': 'no-store', 'retry-after': '1' }];
  const headers = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', ...more };
  return new Response(request.method === 'HEAD' ? null : JSON.stringify({ code, message, status }), { status, headers });
}

export default class Deckle extends WorkerEntrypoint {
  /** Messages of a queue: originals that changed. */
  async queue(batch) {
    await purgeChanged(batch, this.env);
  }

  async fetch(request) {
    if (state.criticalError) replaceTrapped();
    else if (bindings.shouldBeReplaced()) bindings.__wbg_reset_state();
    const before = lost;
    let timer;
    const loss = new Promise((resolve) => {
      timer = setInterval(() => lost !== before && resolve(interrupted(request)), LOOK_MS);
    });
    try {
      return await Promise.race([bindings.fetch.call(this, request, this.env, this.ctx), loss]);
    } catch (error) {
      noteTrap(error);
      if (lost !== before) return interrupted(request);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }
}
