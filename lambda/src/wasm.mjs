// The WebAssembly instance of this process: beside the code in the package, in `wasm/pkg` in the project.

import { existsSync, readFileSync } from 'node:fs';
import * as glue from '../../wasm/pkg/deckle_wasm.js';
import { WasmInstance } from './wasm-instance.mjs';

/** @type {WasmInstance | undefined} */
let instance;

/** Compiled and initialised by the first call, which a handler makes at module scope. */
export function wasmInstance() {
  if (!instance) {
    const packaged = new URL('./deckle_wasm_bg.wasm', import.meta.url);
    const built = new URL('../../wasm/pkg/deckle_wasm_bg.wasm', import.meta.url);
    const bytes = readFileSync(existsSync(packaged) ? packaged : built);
    glue.initSync({ module: new WebAssembly.Module(bytes) });
    // Lambda gives more processor time to initialisation than to requests
    glue.warmUp();
    instance = new WasmInstance(glue);
  }
  return instance;
}
