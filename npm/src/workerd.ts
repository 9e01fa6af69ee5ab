// Cloudflare Workers: the wasm is a module of the bundle, compiled when the Worker is uploaded.

import module from './wasm/deckle_wasm_bg.wasm';
import { provide } from './instance.js';

provide(() => Promise.resolve(module));

export * from './api.js';
