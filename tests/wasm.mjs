// The wasm as built by `make wasm`, ready to use in tests.
import { readFileSync } from 'node:fs';
import * as deckle from '../wasm/pkg/deckle_wasm.js';

const bytes = readFileSync(new URL('../wasm/pkg/deckle_wasm_bg.wasm', import.meta.url));
deckle.initSync({ module: new WebAssembly.Module(bytes) });

export const { Deckle, canonical, explainSih, memoryBytes, transform, __wbg_reset_state: resetState } = deckle;

/** Transforms and frees: { bytes, contentType, width, height }. */
export function edit(source, url) {
  const made = transform(source, url);
  const { bytes, contentType, width, height } = made;
  made.free();
  return { bytes, contentType, width, height };
}

/** A file of the fixtures folder. */
export const fixture = (name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
