// 200 mixed jobs up to 100 MP in one isolate: what WebAssembly's memory comes to, after each.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';
import { isWorkerBuilt, startWorker } from '../../local/worker.mjs';
import { fixture } from '../wasm.mjs';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
/** What may be held in WebAssembly: 80 MiB by the request at work, 16 MiB by those that wait. */
const MOST_BYTES = 96 << 20;
/** An instance with more than this is replaced when it has nothing to do. */
const LARGE_BYTES = 32 << 20;
const JOBS = 200;

let worker;

before(async () => {
  assert.ok(isWorkerBuilt(), 'worker/build is absent: run `make worker`');
  worker = await startWorker({ port: 0, photos: FIXTURES, config: { worker: { diagnostics: true } } });
  const bucket = await worker.miniflare.getR2Bucket('SOURCE');
  const photo = (width, height) => sharp(fixture('01.jpg')).resize(width, height, { fit: 'fill' });
  await bucket.put('10mp.jpg', new Uint8Array(await photo(3872, 2592).jpeg({ quality: 90 }).toBuffer()));
  await bucket.put('24mp.jpg', new Uint8Array(await photo(6000, 4000).jpeg({ quality: 85, progressive: true }).toBuffer()));
  await bucket.put('100mp.jpg', new Uint8Array(await photo(11_600, 8_640).jpeg({ quality: 80 }).toBuffer()));
  await bucket.put('8mp.png', new Uint8Array(await photo(3840, 2160).png({ compressionLevel: 1 }).toBuffer()));
});
after(() => worker?.close());

/** The n-th of a mixture that is the same each time. */
function job(n) {
  const width = 100 + n;
  if (n % 40 === 7) return `/100mp.jpg?width=${width}`;
  if (n % 40 === 27) return `/100mp.jpg?width=${1000 + n}&rotate=90`;
  if (n % 20 === 3) return `/24mp.jpg?width=${width + 400}`;
  if (n % 20 === 13) return `/24mp.jpg?width=${width + 1000}&format=webp`;
  if (n % 20 === 17) return `/8mp.png?width=${width + 600}`;
  if (n % 20 === 19) return `/10mp.jpg?style=sepia&width=${2400 + n * 6}`;
  if (n % 40 === 31) return `/24mp.jpg?style=negative&width=${2800 + n * 6}`;
  if (n % 20 === 9) return `/10mp.jpg?quality=${30 + Math.floor(n / 4)}`;
  if (n % 5 === 0) return `/10mp.jpg?width=${width + 300}&style=bw`;
  return `/0${(n % 6) + 1}.jpg?width=${width}`;
}

const memoryOf = ({ headers }) => Number(/memory=(\d+)/.exec(headers.get('deckle-isolate'))?.[1]);

async function get(path) {
  const response = await worker.miniflare.dispatchFetch(`http://deckle.test${path}`);
  await response.arrayBuffer();
  return response;
}

describe('an isolate', { timeout: 600_000 }, () => {
  test('stays within its share of 128 MB through 200 jobs, four at a time, and gives memory back', async (t) => {
    const statuses = {};
    let most = 0;
    let next = 0;
    await Promise.all(Array.from({ length: 4 }, async () => {
      while (next < JOBS) {
        const path = job(next++);
        const response = await get(path);
        statuses[response.status] = (statuses[response.status] ?? 0) + 1;
        assert.ok(response.status === 200 || response.status === 413, `${path}: ${response.status}`);
        const memory = memoryOf(response);
        assert.ok(memory <= MOST_BYTES, `${path}: ${memory}`);
        most = Math.max(most, memory);
      }
    }));
    assert.ok((statuses[413] ?? 0) < JOBS / 10, JSON.stringify(statuses));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const idle = memoryOf(await get('/none'));
    t.diagnostic(`statuses ${JSON.stringify(statuses)}, at most ${(most / 2 ** 20).toFixed(1)} MiB, idle ${(idle / 2 ** 20).toFixed(1)} MiB`);
    assert.ok(most > LARGE_BYTES, 'the jobs are large enough for an instance to be replaced');
    assert.ok(idle <= LARGE_BYTES, `${idle} when idle`);
    assert.equal((await get('/01.jpg?width=99')).status, 200);
  });
});
