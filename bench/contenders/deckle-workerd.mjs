// The same wasm in workerd, by Miniflare. A request's own cost is measured with `empty()` and taken off.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { urlOf } from './deckle.mjs';

const FILES = [
  ['ESModule', '../workerd/worker.mjs', 'worker.mjs'], // the first one is the entry
  ['ESModule', '../../wasm/pkg/deckle_wasm.js', 'deckle_wasm.js'],
  ['CompiledWasm', '../../wasm/pkg/deckle_wasm_bg.wasm', 'deckle_wasm_bg.wasm'],
];

export async function load() {
  const { Log, LogLevel, Miniflare } = await import('miniflare');
  const modules = await Promise.all(FILES.map(async ([type, file, path]) => (
    { type, path, contents: await readFile(fileURLToPath(new URL(file, import.meta.url))) }
  )));
  const miniflare = new Miniflare({
    modules,
    modulesRoot: '/',
    compatibilityDate: '2026-04-01',
    log: new Log(LogLevel.WARN),
    cf: false, // else it is fetched from Cloudflare
  });
  await miniflare.ready;

  async function request(path, init) {
    const response = await miniflare.dispatchFetch(`http://bench.test${path}`, init);
    const body = new Uint8Array(await response.arrayBuffer());
    if (!response.ok) throw new Error(new TextDecoder().decode(body));
    return { body, headers: response.headers };
  }

  let memory = null;
  return {
    prepare: (source) => request('/', { method: 'PUT', body: source }),
    warmUp: () => request('/warm-up'),
    empty: () => request('/empty'),
    async run(_, job) {
      const { body, headers } = await request(urlOf(job));
      memory = Number(headers.get('x-memory-bytes'));
      return body;
    },
    memoryBytes: () => memory,
    close: () => miniflare.dispose(),
  };
}
