// Node, Deno and Bun: the wasm is read from beside this file.

import { readFile } from 'node:fs/promises';

import { provide } from './instance.js';

provide(async () => WebAssembly.compile(await readFile(new URL('./wasm/deckle_wasm_bg.wasm', import.meta.url))));

export * from './api.js';
