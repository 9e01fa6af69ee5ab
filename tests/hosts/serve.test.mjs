// `make serve`: both edges over one folder, ready and stopped cleanly.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { picture } from './support/images.mjs';
import { freePort } from './support/s3-server.mjs';

const SERVE = fileURLToPath(new URL('../../local/serve.mjs', import.meta.url));
const WORKER = fileURLToPath(new URL('../../worker/build/index.js', import.meta.url));
const URL_PATH = '/01.jpg?height=400&width=200&style=bw';

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deckle-serve-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Starts the program and waits until it says that it is ready, or ends. */
async function serve(more = []) {
  const [port, workerPort] = [await freePort(), await freePort()];
  const args = [
    '--photos', join(folder, 'photos'), '--derived', join(folder, 'derived'), '--r2', join(folder, 'r2'),
    '--port', String(port), '--worker-port', String(workerPort), ...more,
  ];
  const child = spawn(process.execPath, [SERVE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const ready = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (output.includes('Ctrl-C')) resolve('ready');
      });
    }
  });
  const state = await Promise.race([ready, ended]);
  return { child, port, workerPort, state, ended, output: () => output };
}

const isOpen = (port) => fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false);
const exists = (file) => access(file).then(() => true, () => false);

describe('serve', { timeout: 240_000 }, () => {
  before(async () => {
    await mkdir(join(folder, 'photos'));
    await writeFile(join(folder, 'photos/01.jpg'), await picture(400, 600).jpeg().toBuffer());
  });

  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`answers from both edges, and stops with ${signal}`, async () => {
      const running = await serve();
      try {
        assert.equal(running.state, 'ready', running.output());
        const answers = [await fetch(`http://127.0.0.1:${running.port}${URL_PATH}`)];
        if (await exists(WORKER)) answers.push(await fetch(`http://127.0.0.1:${running.workerPort}${URL_PATH}`));
        const bodies = [];
        for (const answer of answers) {
          assert.equal(answer.status, 200);
          assert.equal(answer.headers.get('content-type'), 'image/jpeg');
          assert.match(answer.headers.get('cache-control'), /max-age=31536000/);
          assert.ok(answer.headers.get('etag'));
          bodies.push(Buffer.from(await answer.arrayBuffer()));
        }
        for (const body of bodies) assert.ok(body.equals(bodies[0]), 'both edges answer the same bytes');
        const original = await fetch(`http://127.0.0.1:${running.port}/01.jpg`);
        assert.deepEqual([original.status, original.headers.get('content-type')], [200, 'image/jpeg']);
        await original.arrayBuffer();
        assert.ok(await exists(join(folder, 'derived/400h200w/bw/01.jpg')));
      } finally {
        running.child.kill(signal);
      }
      assert.equal(await running.ended, 0);
      assert.deepEqual([await isOpen(running.port), await isOpen(running.workerPort)], [false, false]);
    });
  }

  it('forgets what was made from a photo that has changed', async () => {
    await writeFile(join(folder, 'photos/01.jpg'), await picture(600, 400).jpeg().toBuffer());
    const running = await serve();
    assert.equal(running.state, 'ready', running.output());
    assert.equal(await exists(join(folder, 'derived/400h200w/bw/01.jpg')), false);
    running.child.kill('SIGINT');
    assert.equal(await running.ended, 0);
  });

  it('says which port is in use, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address();
    const { state, output } = await serve(['--port', String(port)]);
    other.close();
    assert.equal(state, 1);
    assert.match(output(), new RegExp(`port ${port} is in use`));
  });

  it('says that a folder is none, and ends with 1', async () => {
    const { state, output } = await serve(['--photos', join(folder, 'nowhere')]);
    assert.equal(state, 1);
    assert.match(output(), /nowhere is not a folder/);
  });
});
