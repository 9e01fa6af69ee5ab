// The Worker when WebAssembly traps. Nothing from outside makes it trap, so it is given less memory than it may plan with: an allocation
// of a library fails, and that is a trap like any other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';
import { isWorkerBuilt, startWorker } from '../../local/worker.mjs';
import { fixture } from '../wasm.mjs';
import { stalled, startOrigin } from './support/origin.mjs';
import { withMostPages } from './support/small-memory.mjs';

const PAGES = 300;
const BUILD = new URL('../../worker/build/', import.meta.url);

let worker;
let origin;
before(async () => {
  assert.ok(isWorkerBuilt(), 'worker/build is absent: run `make worker`');
  origin = await startOrigin({ '/stalled.jpg': stalled(fixture('02.jpg').subarray(0, 5000), 1_000_000) });
  worker = await startWorker({
    port: 0,
    photos: fileURLToPath(new URL('../../fixtures', import.meta.url)),
    config: { worker: { origins: { 'shop/': `${origin.url}/` }, originTimeout: 8_000, diagnostics: true } },
    modules: [
      { type: 'ESModule', path: 'index.js', contents: readFileSync(new URL('index.js', BUILD)) },
      { type: 'CompiledWasm', path: 'index_bg.wasm', contents: withMostPages(readFileSync(new URL('index_bg.wasm', BUILD)), PAGES) },
    ],
  });
  const noise = Buffer.alloc(2000 * 1500 * 3);
  for (let i = 0; i < noise.length; i += 1) noise[i] = (i * 7919) >> 5;
  const png = await sharp(noise, { raw: { width: 2000, height: 1500, channels: 3 } }).png().toBuffer();
  await (await worker.miniflare.getR2Bucket('SOURCE')).put('noise.png', new Uint8Array(png));
});
after(async () => {
  await worker?.close();
  origin?.close();
});

const get = async (path, options) => {
  const start = performance.now();
  const answer = await fetch(new URL(path, worker.url), options);
  const body = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, body, milliseconds: performance.now() - start };
};
const TRAP = '/noise.png?format=webp&lossless';

test('the request that traps is a 422 for ten seconds, and the next one meets a fresh instance', async () => {
  assert.equal((await get('/01.jpg?width=50')).status, 200);
  for (let i = 0; i < 2; i += 1) {
    const answer = await get(TRAP);
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [422, 'transform_failed']);
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=10');
    const next = await get(`/01.jpg?width=${51 + i}`);
    assert.equal(next.status, 200);
    const state = next.headers.get('deckle-isolate');
    assert.match(state, /held=0, tasks=1, made=1$/, state);
  }
});

test('requests that wait in the instance that trapped are told at once to come again', async () => {
  const waiting = ['/shop/stalled.jpg?width=60', '/shop/stalled.jpg?width=60', '/shop/stalled.jpg?width=61'].map((path) => get(path));
  const head = get('/shop/stalled.jpg?width=62', { method: 'HEAD' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal((await get(TRAP)).status, 422);
  for (const answer of [...(await Promise.all(waiting)), await head]) {
    assert.equal(answer.status, 503);
    assert.deepEqual([answer.headers.get('retry-after'), answer.headers.get('cache-control')], ['1', 'no-store']);
    assert.ok(answer.milliseconds < 3_000, `${answer.milliseconds} ms`);
  }
  assert.equal(JSON.parse((await waiting[0]).body).code, 'busy');
  assert.equal((await get('/01.jpg?width=53')).status, 200);
});

test('many who ask for many things while one of them traps again and again are all answered', async () => {
  const paths = Array.from({ length: 60 }, (_, i) => (i % 12 === 5 ? `${TRAP}&height=${1500 - i}` : `/0${1 + (i % 6)}.jpg?width=${100 + i}`));
  const untilAnswered = async (path) => {
    for (let asked = 1; ; asked += 1) {
      const answer = await get(path);
      if (answer.status !== 503 || asked === 20) return answer;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const answers = await Promise.all(paths.map(untilAnswered));
  for (const [i, { status }] of answers.entries()) {
    assert.ok(status === 200 || (i % 12 === 5 && [413, 422].includes(status)), `${paths[i]}: ${status}`);
  }
  assert.equal((await get('/02.jpg?width=99')).status, 200);
});
