// Does to an image file what a URL says.
//
//     node examples/node/resize.mjs IN URL OUT

import { readFileSync, writeFileSync } from 'node:fs';

import { initSync, transform } from '../../wasm/pkg/deckle_wasm.js';

const [input, url, output] = process.argv.slice(2);
if (!output) {
  console.error('usage: node resize.mjs IN URL OUT, with a URL such as /400w/bw/photo.jpg or /photo.jpg?width=400&style=bw');
  process.exit(1);
}

const wasm = readFileSync(new URL('../../wasm/pkg/deckle_wasm_bg.wasm', import.meta.url));
initSync({ module: new WebAssembly.Module(wasm) });

try {
  const made = transform(readFileSync(input), url);
  writeFileSync(output, made.bytes);
  console.log(`${output}: ${made.width} × ${made.height}, ${made.contentType}`);
  made.free();
} catch (error) {
  // a mistake in the URL or in the image has a code; anything else is a fault of the program
  if (!error.code) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}
