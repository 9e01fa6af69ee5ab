// Both edges under load, on this machine only: 3,000 mixed requests at 50 at a time, hits while cold images wait, viewers that leave.
//
//     node bench/load.mjs [--requests 3000] [--concurrent 50] [--edges worker,cloudfront] [--parts mixture,herd,hits,leaving]
//
// Fails when there is a 5xx, a connection that an edge reset, memory that grows, or a hit that waits. On a busy machine everything
// takes longer: where one image alone takes more than 40 ms, a hit may take two and a half of them in place of 100 ms.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '3000' },
    concurrent: { type: 'string', default: '50' },
    edges: { type: 'string', default: 'worker,cloudfront' },
    cold: { type: 'string', default: '20' },
    parts: { type: 'string', default: 'mixture,herd,hits,leaving' },
  },
});
const REQUESTS = Number(options.requests);
const CONCURRENT = Number(options.concurrent);
const COLD = Number(options.cold);

const PHOTOS = ['01', '02', '03', '04', '05', '06'].map((name) => `/${name}.jpg`);
/** 10 MP and more. */
const LARGE = ['/large.jpg'];

/** The n-th of a mixture that is the same each time: hot, cold, originals, mistakes, other formats. */
function mixed(n) {
  const photo = PHOTOS[n % PHOTOS.length];
  switch (n % 10) {
    case 0: return `${photo}?width=${200 + (n % 97)}`;
    case 1: return `${photo}?width=${100 + (n % 31)}&style=bw`;
    case 2: return photo;
    case 3: return '/none.jpg?width=9';
    case 4: return `${photo}?width=0`;
    case 5: return `${photo}?width=64&format=webp`;
    case 6: return '/icon.svg?width=5';
    case 7: return '/faults/corrupt-header.jpg?width=9';
    default: return `${photo}?width=240`;
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** `make serve`'s program over the fixtures and a large photo. */
async function serve() {
  const folder = await mkdtemp(join(tmpdir(), 'deckle-load-'));
  const ports = { cloudfront: await freePort(), worker: await freePort() };
  const photos = join(folder, 'photos');
  const { cp, mkdir, writeFile } = await import('node:fs/promises');
  await mkdir(photos);
  await cp(join(PROJECT, 'fixtures'), photos, { recursive: true, filter: (name) => !name.includes('generator') });
  await writeFile(join(photos, 'large.jpg'), await largePhoto());
  const args = ['local/serve.mjs', '--photos', photos, '--derived', join(folder, 'derived'), '--r2', join(folder, 'r2'),
    '--port', String(ports.cloudfront), '--worker-port', String(ports.worker)];
  const child = spawn(process.execPath, args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-20_000);
        if (output.includes('Ctrl-C')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(output)));
  });
  return {
    ports,
    pid: child.pid,
    output: () => output,
    async stop() {
      child.removeAllListeners('exit');
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A photograph of 10 MP, from a fixture. */
async function largePhoto() {
  const { default: sharp } = await import('sharp');
  const photo = await readFile(join(PROJECT, 'fixtures/01.jpg'));
  return sharp(photo).resize(3872, 2592, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer();
}

/** Resident memory of the process and its children, in MB. */
async function residentMegabytes(pid) {
  const { readdir } = await import('node:fs/promises');
  const parents = new Map();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
    if (stat) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isOurs = (id) => id === pid || (parents.has(id) && parents.get(id) > 1 && isOurs(parents.get(id)));
  let pages = 0;
  for (const id of parents.keys()) {
    if (isOurs(id)) pages += Number((await readFile(`/proc/${id}/statm`, 'utf8').catch(() => '0 0')).split(' ')[1]);
  }
  return Math.round((pages * 4096) / 1e6);
}

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT + 10, timeout: 60_000 });

/** A request; `used` says whether its connection had been used before, which an idle end of the server may break. */
function get(port, path) {
  return new Promise((resolve) => {
    const start = performance.now();
    const sent = request({ host: '127.0.0.1', port, path, agent }, (response) => {
      let length = 0;
      response.on('data', (chunk) => { length += chunk.length; });
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, length, milliseconds: performance.now() - start }));
      response.once('error', (error) => resolve({ error: error.code, path, during: 'body' }));
    });
    sent.once('error', (error) => resolve({ error: error.code, path, used: sent.reusedSocket, milliseconds: performance.now() - start }));
    sent.end();
  });
}

/** Runs jobs, some at a time. */
async function run(count, job) {
  const results = [];
  let next = 0;
  await Promise.all(Array.from({ length: CONCURRENT }, async () => {
    while (next < count) {
      const n = next;
      next += 1;
      results[n] = await job(n);
    }
  }));
  return results;
}

const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

function tally(results) {
  const counts = {};
  for (const { status, error, used } of results) {
    const name = status ?? `${error}${used ? ' (connection used before)' : ''}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const failures = [];
const expect = (holds, what) => {
  console.log(`  ${holds ? 'ok  ' : 'FAIL'} ${what}`);
  if (!holds) failures.push(what);
};

async function mixture(name, port, pid) {
  console.log(`\n${name}: ${REQUESTS} mixed requests, ${CONCURRENT} at a time`);
  const before = [];
  const half = Math.floor(REQUESTS / 2);
  const first = await run(half, (n) => get(port, mixed(n)));
  before.push(await residentMegabytes(pid));
  const second = await run(REQUESTS - half, (n) => get(port, mixed(n + half)));
  const after = await residentMegabytes(pid);
  const results = [...first, ...second];
  console.log('  ', JSON.stringify(tally(results)));
  const times = results.filter(({ status }) => status).map(({ milliseconds }) => milliseconds);
  console.log(`   median ${quantile(times, 0.5).toFixed(0)} ms, p99 ${quantile(times, 0.99).toFixed(0)} ms; resident ${before[0]} → ${after} MB`);
  expect(results.every(({ status = 0 }) => status < 500), 'no 5xx');
  const reset = results.filter(({ error }) => error);
  for (const one of reset.slice(0, 5)) console.log('   ', JSON.stringify(one));
  expect(reset.length === 0, 'no reset');
  expect(after < before[0] * 1.25 + 30, 'memory is flat');
}

async function hitsWhileColdWait(name, port) {
  console.log(`\n${name}: hits while ${COLD} cold images of 10 MP wait`);
  await get(port, '/01.jpg?width=200');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const idle = [];
  for (let i = 0; i < 20; i += 1) idle.push((await get(port, '/01.jpg?width=200')).milliseconds);
  const alone = [];
  for (let i = 0; i < 5; i += 1) alone.push((await get(port, `${LARGE[0]}?width=${300 + i}`)).milliseconds);
  const image = quantile(alone, 0.5);
  const limit = Math.max(100, 2.5 * image);
  let isWaiting = true;
  const cold = Promise.all(Array.from({ length: COLD }, (_, i) => get(port, `${LARGE[0]}?width=${400 + i}`)));
  cold.then(() => { isWaiting = false; });
  const hits = [];
  while (isWaiting) {
    hits.push(await get(port, '/01.jpg?width=200'));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const images = await cold;
  const times = hits.map(({ milliseconds }) => milliseconds);
  console.log(`   one image alone: ${image.toFixed(0)} ms`);
  console.log(`   cold: ${JSON.stringify(tally(images))}, the last after ${quantile(images.map((one) => one.milliseconds), 1).toFixed(0)} ms`);
  console.log(`   ${hits.length} hits: median ${quantile(times, 0.5).toFixed(0)} ms, p99 ${quantile(times, 0.99).toFixed(0)} ms, most ${Math.max(...times).toFixed(0)} ms; idle median ${quantile(idle, 0.5).toFixed(0)} ms`);
  expect(quantile(times, 0.99) < limit, `a hit's p99 is under ${limit.toFixed(0)} ms`);
  expect(images.every(({ status }) => status === 200), 'every cold image is made');
}

async function herd(name, port) {
  const answers = await Promise.all(Array.from({ length: 40 }, () => get(port, `${LARGE[0]}?width=777&style=bw`)));
  const labels = answers.map(({ headers }) => headers?.['cache-status'] ?? headers?.['x-cache']);
  console.log(`\n${name}: 40 at once for one new image: ${JSON.stringify(tally(answers))}; ${quantile(answers.map((a) => a.milliseconds), 1).toFixed(0)} ms`);
  if (name === 'worker') expect(labels.filter((label) => label.includes('fwd=miss')).length === 1, 'one of them made it');
  expect(answers.every(({ status }) => status === 200), 'all have it');
}

/** Viewers that leave a cold image by a reset, and how long the next hit takes. */
async function leaving(name, port) {
  console.log(`\n${name}: 200 viewers leave 200 cold images`);
  await Promise.all(Array.from({ length: 200 }, (_, i) => new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path: `${LARGE[0]}?width=${1300 + i}`, agent: false }, (response) => response.resume());
    sent.on('error', () => {}).once('close', resolve);
    sent.end();
    setTimeout(() => sent.socket?.resetAndDestroy(), 300);
  })));
  const hit = await get(port, '/01.jpg?width=200');
  const image = (await get(port, `${LARGE[0]}?width=299`)).milliseconds;
  const cold = await get(port, '/02.jpg?width=512&style=negative');
  console.log(`   the next hit ${hit.milliseconds.toFixed(0)} ms, the next cold image ${cold.milliseconds.toFixed(0)} ms`);
  const limit = Math.max(500, 12 * image);
  expect(hit.status === 200 && hit.milliseconds < limit, `the next hit takes less than ${limit.toFixed(0)} ms, and not that of 200 images`);
  expect(cold.status === 200 && cold.milliseconds < 3_000, 'the next image is made within 3 s');
}

const edges = await serve();
try {
  for (const name of options.edges.split(',')) {
    const port = edges.ports[name];
    const parts = { mixture, herd, hits: hitsWhileColdWait, leaving };
    for (const part of options.parts.split(',')) await parts[part](name, port, edges.pid);
  }
} finally {
  await edges.stop();
}
console.log(failures.length === 0 ? '\nall hold' : `\n${failures.length} do not hold`);
process.exit(failures.length === 0 ? 0 : 1);
