// The Worker's entry point: it hands requests to the Rust handler, and starts a fresh WebAssembly instance after one has trapped,
// because a trap leaves an instance's memory in an unknown state, and when an idle one has grown large, because memory never shrinks.
//
// `deckle-worker-bindings` is what wasm-bindgen makes of the crate; `../build.mjs` bundles both.
import { WorkerEntrypoint } from 'cloudflare:workers';
import * as bindings from 'deckle-worker-bindings';

Error.stackTraceLimit = 100;

/** Shared with the `worker` crate, whose panic hook sets `criticalError` too. */
const state = bindings.__worker_init_state();

function noteTrap(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  console.error('Critical', error);
  state.criticalError = true;
}

// a trap in work that goes on after the answer
addEventListener('error', (event) => noteTrap(event.error));

export default class Deckle extends WorkerEntrypoint {
  async fetch(request) {
    if (state.criticalError || bindings.shouldBeReplaced()) {
      if (state.criticalError) console.log('Starting a fresh WebAssembly instance');
      bindings.__wbg_reset_state();
      state.criticalError = false;
    }
    try {
      return await bindings.fetch.call(this, request, this.env, this.ctx);
    } catch (error) {
      noteTrap(error);
      throw error;
    }
  }
}
