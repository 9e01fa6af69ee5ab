// Browsers: the wasm is fetched from beside this file. Bundlers that know `new URL(…, import.meta.url)` move it along.

import { provide } from './instance.js';

provide(async () => {
  const response = await fetch(new URL('./wasm/deckle_wasm_bg.wasm', import.meta.url));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  // a server that does not know the type is no reason to fail
  if (response.headers.get('content-type') !== 'application/wasm') return WebAssembly.compile(await response.arrayBuffer());
  return WebAssembly.compileStreaming(response);
});

export * from './api.js';
