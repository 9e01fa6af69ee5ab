// Deckle's wasm as `make wasm` left it, in Node.
import { readFile } from 'node:fs/promises';

import { QUALITY } from '../jobs.mjs';

const WASM = new URL('../../wasm/pkg/deckle_wasm_bg.wasm', import.meta.url);

/** The URL by which Deckle is asked for a job. */
export function urlOf(job) {
  const query = new URLSearchParams({ width: job.width });
  if (job.height) {
    query.set('height', job.height);
    query.set('fit', 'cover');
  }
  if (job.grey) query.set('style', 'bw');
  if (job.format !== 'png') query.set('quality', QUALITY);
  if (job.format === 'webp') query.set('format', 'webp');
  // the same number as the others are asked for
  if (job.format === 'webp') query.set('scale', 'native');
  return `/x.jpg?${query}`;
}

export async function load() {
  const deckle = await import('../../wasm/pkg/deckle_wasm.js');
  deckle.initSync({ module: new WebAssembly.Module(await readFile(WASM)) });
  return {
    warmUp: () => deckle.warmUp(),
    run(source, job) {
      const made = deckle.transform(source, urlOf(job));
      const { bytes } = made;
      made.free();
      return bytes;
    },
  };
}
