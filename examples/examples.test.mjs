// The examples do what they say.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import sharp from 'sharp';

import { server } from './node/server.mjs';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FIXTURE = join(ROOT, 'fixtures/01.jpg');

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deckle-examples-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const shape = async (bytes) => {
  const { format, width, space } = await sharp(bytes).metadata();
  return { format, width, space };
};
const listening = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

test('Node, one image: the file is what the URL says, and a mistake has a code', async () => {
  const script = join(ROOT, 'examples/node/resize.mjs');
  const out = join(folder, 'node.jpg');
  await run(process.execPath, [script, FIXTURE, '/120w/bw/01.jpg', out]);
  assert.deepEqual(await shape(await readFile(out)), { format: 'jpeg', width: 120, space: 'b-w' });
  await assert.rejects(run(process.execPath, [script, FIXTURE, '/01.jpg?width=9000', out]), /invalid_parameter: width is 9000/);
});

test('Node, a host: derived images, originals, missing ones and mistakes', async () => {
  const host = server(join(ROOT, 'fixtures'));
  const port = await listening(host);
  try {
    const get = (path) => fetch(`http://127.0.0.1:${port}${path}`);
    const small = await get('/01.jpg?width=120&format=webp');
    assert.equal(small.headers.get('content-type'), 'image/webp');
    assert.equal((await shape(Buffer.from(await small.arrayBuffer()))).width, 120);
    const original = await get('/01.jpg');
    assert.deepEqual(Buffer.from(await original.arrayBuffer()), await readFile(FIXTURE));
    assert.equal((await get('/nothing.jpg?width=120')).status, 404);
    assert.equal((await get('/01.jpg?width=9000')).status, 400);
  } finally {
    host.closeAllConnections();
    host.close();
  }
});

test('Worker: transforms what the origin serves, once', async () => {
  let asked = 0;
  const origin = createServer(async (request, response) => {
    asked += 1;
    if (request.url !== '/01.jpg') return response.writeHead(404).end();
    response.end(await readFile(FIXTURE));
  });
  const port = await listening(origin);
  const bundle = await build({
    entryPoints: [join(ROOT, 'examples/worker/index.mjs')],
    bundle: true, format: 'esm', write: false, logLevel: 'warning',
    plugins: [{
      name: 'wasm',
      setup: (on) => on.onResolve({ filter: /\.wasm$/ }, () => ({ path: './deckle_wasm_bg.wasm', external: true })),
    }],
  });
  const worker = new Miniflare({
    modules: [
      { type: 'ESModule', path: 'index.mjs', contents: bundle.outputFiles[0].text },
      { type: 'CompiledWasm', path: 'deckle_wasm_bg.wasm', contents: await readFile(join(ROOT, 'wasm/pkg/deckle_wasm_bg.wasm')) },
    ],
    bindings: { ORIGIN: `http://127.0.0.1:${port}/` },
    compatibilityDate: '2026-04-20',
    cachePersist: false,
  });
  try {
    const get = (path) => worker.dispatchFetch(`http://worker${path}`);
    for (const path of ['/01.jpg?width=120&style=bw', '/120w/bw/01.jpg']) {
      const response = await get(path);
      assert.equal(response.status, 200, path);
      assert.deepEqual(await shape(Buffer.from(await response.arrayBuffer())), { format: 'jpeg', width: 120, space: 'b-w' });
    }
    assert.equal(asked, 1, 'both spellings are one image, which is kept');
    assert.equal((await get('/120w/default/nothing.jpg')).status, 404);
    assert.equal((await (await get('/01.jpg?width=9000')).json()).code, 'invalid_parameter');
  } finally {
    await worker.dispose();
    origin.closeAllConnections();
    origin.close();
  }
});

test('Rust: the file has the width that was asked for', async () => {
  const out = join(folder, 'rust.jpg');
  const cargo = (...args) => run('cargo', ['run', '--quiet', '--locked', '-p', 'deckle', '--example', 'thumbnail', '--', ...args], { cwd: ROOT });
  const { stdout } = await cargo(FIXTURE, '120', out);
  assert.match(stdout, /120 × \d+, image\/jpeg/);
  assert.equal((await shape(await readFile(out))).width, 120);
  await assert.rejects(cargo(join(ROOT, 'fixtures/notes.txt'), '120', out), /thumbnail: /);
});
