// A request to Deckle's wasm as a host makes it: its overlays are loaded, too.
import { readFile } from 'node:fs/promises';

import * as deckle from '../../wasm/pkg/deckle_wasm.js';

const WASM = new URL('../../wasm/pkg/deckle_wasm_bg.wasm', import.meta.url);
deckle.initSync({ module: new WebAssembly.Module(await readFile(WASM)) });
const BUCKET = 'photos';
const native = new deckle.Deckle('{}');
const aws = new deckle.Deckle(JSON.stringify({ dialects: ['sih'], sih: { sourceBuckets: [BUCKET] } }));

/** What the answer to a query about one of the sources is; an error where it is no image. */
export const transform = (sources, name, query) => answer(native, sources, `/${name}`, query);

/** The same for edits of AWS's Serverless Image Handler. */
export function handle(sources, key, edits) {
  return answer(aws, sources, `/${Buffer.from(JSON.stringify({ bucket: BUCKET, key, edits })).toString('base64')}`, '');
}

function answer(host, sources, path, query) {
  const exchange = host.begin(JSON.stringify({ method: 'GET', path, query, headers: {} }), 'viewer', 0);
  for (let key; ;) {
    const step = JSON.parse(exchange.step());
    if (step.step === 'answer') {
      const bytes = exchange.take();
      exchange.free();
      if (step.status !== 200) throw new Error(new TextDecoder().decode(bytes));
      return bytes;
    }
    if (step.step === 'read') exchange.body(sources[key].bytes, () => 0);
    else if (step.store === 'derived') exchange.missing(0);
    else {
      key = step.key;
      exchange.found(JSON.stringify({ size: sources[key].bytes.length, etag: '"1"' }));
    }
  }
}
