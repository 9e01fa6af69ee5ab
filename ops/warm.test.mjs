// Images asked for ahead, of a real HTTP server.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { pathsIn, warm } from './warm.mjs';

const PROGRAM = fileURLToPath(new URL('warm.mjs', import.meta.url));

let server;
let url;
let asked;
let atWork;
let most;
/** How a path is answered, by how often it was asked for. */
let answers;

before(async () => {
  server = createServer((request, response) => {
    asked.push(request.url);
    atWork += 1;
    most = Math.max(most, atWork);
    setTimeout(() => {
      atWork -= 1;
      const times = asked.filter((path) => path === request.url).length;
      response.writeHead(answers(request.url, times), { 'retry-after': '0' });
      response.end('an image');
    }, 5);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());
beforeEach(() => Object.assign({}, (asked = [], atWork = 0, most = 0, answers = () => 200)));

it('asks for each once, so many at a time', async () => {
  const paths = Array.from({ length: 40 }, (_, at) => `/a.jpg?width=${at + 1}`);
  assert.deepEqual(await warm({ url, paths, atOnce: 5 }), { done: 40, failed: [] });
  assert.deepEqual([...asked].sort(), [...paths].sort());
  assert.equal(most, 5);
});

it('tries again what may yet come, and names what does not', async () => {
  answers = (path, times) => (path === '/busy.jpg' && times < 3 ? 503 : path === '/gone.jpg' ? 404 : path === '/broken.jpg' ? 500 : 200);
  const { done, failed } = await warm({ url, paths: ['/busy.jpg', '/gone.jpg', '/broken.jpg', '/a.jpg'], waitMs: 1 });
  assert.equal(done, 2);
  assert.deepEqual(failed.sort((a, b) => a.status - b.status), [{ path: '/gone.jpg', status: 404 }, { path: '/broken.jpg', status: 500 }]);
  assert.equal(asked.filter((path) => path === '/gone.jpg').length, 1);
  assert.equal(asked.filter((path) => path === '/broken.jpg').length, 3);
});

it('reads lists of paths, and of keys for presets', () => {
  assert.deepEqual(pathsIn('/a.jpg?w=1\n\n# no\nb c.jpg\r\n'), ['/a.jpg?w=1', '/b c.jpg']);
  assert.deepEqual(pathsIn('a b+é.jpg\n/x.png', ['card', 'thumb']), [
    '/a%20b%2B%C3%A9.jpg?preset=card', '/a%20b%2B%C3%A9.jpg?preset=thumb', '/x.png?preset=card', '/x.png?preset=thumb',
  ]);
});

it('is a program that goes on where it was stopped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deckle-warm-'));
  try {
    await writeFile(join(folder, 'list'), 'a.jpg\nb.jpg\nc.jpg\n');
    const run = () => promisify(execFile)(process.execPath, [PROGRAM, '--presets', 'card', '--done', join(folder, 'done'), url, join(folder, 'list')]);
    answers = (path) => (path.startsWith('/b.jpg') ? 404 : 200);
    await assert.rejects(run(), ({ code, stderr }) => code === 1 && /404 \/b\.jpg/.test(stderr) && /2 done, 1 failed/.test(stderr));
    assert.deepEqual((await readFile(join(folder, 'done'), 'utf8')).trim().split('\n').sort(), ['/a.jpg?preset=card', '/c.jpg?preset=card']);
    answers = () => 200;
    asked = [];
    const { stderr } = await run();
    assert.match(stderr, /2 were done before[^]*1 done, 0 failed/);
    assert.deepEqual(asked, ['/b.jpg?preset=card']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
