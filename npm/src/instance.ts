// The one instance of the wasm: compiled when it is first needed, replaced after a trap or when its memory has grown.

import * as wasm from './wasm/deckle_wasm.js';
import { DeckleError } from './error.js';

/** Linear memory never shrinks: with more of it, the instance is replaced before the next image. */
const MAX_IDLE_BYTES = 96 * 1024 * 1024;

let load: (() => Promise<WebAssembly.Module>) | undefined;
let loading: Promise<void> | undefined;
let generation = 0;

/** Says where the module comes from: once, by the entry of a platform. */
export function provide(loader: () => Promise<WebAssembly.Module>): void {
  load ??= loader;
}

/**
 * Compiles the wasm, or takes a module that was compiled already. Everything that needs it calls this, so it is for those who
 * want the time spent earlier, or have a place of their own for `deckle/deckle.wasm`.
 */
export function init(module?: WebAssembly.Module | Promise<WebAssembly.Module>): Promise<void> {
  loading ??= Promise.resolve(module ?? load?.()).then((compiled) => {
    if (!compiled) throw new DeckleError('host', 'there is no module: call init(module) first');
    wasm.initSync({ module: compiled });
  });
  // a failure may pass
  loading.catch(() => { loading = undefined; });
  return loading;
}

/** Runs what calls the wasm and does not wait. A trap ends the instance, and only this call with it. */
export async function inside<T>(run: (engine: typeof wasm, generation: number) => T): Promise<T> {
  await init();
  if (wasm.memoryBytes() > MAX_IDLE_BYTES) renew();
  try {
    return run(wasm, generation);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      renew();
      throw new DeckleError('transform_failed', 'the image cannot be transformed', 422);
    }
    throw known(error);
  }
}

function renew(): void {
  wasm.__wbg_reset_state();
  generation += 1;
}

function known(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof Error && typeof code === 'string' && !(error instanceof DeckleError) ? new DeckleError(code, error.message) : error;
}
