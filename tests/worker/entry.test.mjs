// worker/src/entry.js in workerd, with bindings that are made up here. trap.test.mjs has real traps.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Miniflare } from 'miniflare';

import { bundle } from '../../worker/build.mjs';

const BINDINGS = `
const state = { criticalError: false };
let instance = 1;
let isLarge = false;
export const __worker_init_state = () => state;
export const __wbg_reset_state = () => { instance += 1; isLarge = false; };
export const shouldBeReplaced = () => isLarge;
export async function fetch(request, env, context) {
  switch (new URL(request.url).pathname) {
    case '/trap': throw new WebAssembly.RuntimeError('unreachable');
    case '/error': throw new Error('no trap');
    case '/grow': isLarge = true; return new Response('grown');
    case '/panic': state.criticalError = true; throw new Error('Rust panic');
    default: return new Response([instance, env.NAME, typeof context.waitUntil, this.env === env].join());
  }
}`;

let folder;
let worker;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deckle-entry-'));
  const bindings = join(folder, 'index.js');
  await writeFile(bindings, BINDINGS);
  worker = new Miniflare({ modules: true, script: await bundle(bindings), compatibilityDate: '2026-04-20', bindings: { NAME: 'value' }, log: undefined });
});
after(async () => {
  await worker?.dispose();
  await rm(folder, { recursive: true, force: true });
});

const get = async (path) => (await worker.dispatchFetch(`http://host${path}`)).text();

test('the handler gets request, environment and context; after a trap or a panic the next request meets a fresh instance', async () => {
  assert.equal(await get('/'), '1,value,function,true');
  assert.match(await get('/error'), /no trap/);
  assert.equal(await get('/'), '1,value,function,true', 'an ordinary error leaves the instance as it is');
  assert.match(await get('/trap'), /"busy"/);
  assert.equal(await get('/'), '2,value,function,true');
  assert.match(await get('/panic'), /Rust panic/);
  assert.equal(await get('/'), '3,value,function,true');
  assert.equal(await get('/'), '3,value,function,true', 'a fresh instance stays');
});

test('an instance that says that it should be replaced is, before the next request', async () => {
  const before = Number((await get('/')).split(',')[0]);
  assert.equal(await get('/grow'), 'grown');
  for (let i = 0; i < 2; i += 1) assert.equal(await get('/'), `${before + 1},value,function,true`);
});
