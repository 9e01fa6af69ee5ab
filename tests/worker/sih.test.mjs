// URLs of AWS's Serverless Image Handler on the Worker, in workerd.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

import { isWorkerBuilt, startWorker } from '../../local/worker.mjs';
import { picture } from '../hosts/support/images.mjs';
import { bySharp, CONTROLS } from '../truth/demo-page.mjs';
import { difference } from '../truth/difference.mjs';
import { fixture } from '../wasm.mjs';

let worker;

before(async () => {
  assert.ok(isWorkerBuilt(), 'worker/build is absent: run `make worker`');
  worker = await startWorker({
    port: 0,
    photos: fileURLToPath(new URL('../../fixtures', import.meta.url)),
    config: {
      dialects: ['sih', 'thumbor', 'native'],
      // a detector that a Worker has not
      sih: { sourceBuckets: ['photos', 'marks'], autoWebp: true, detector: 'rekognition', fallback: { key: 'grey.png' } },
      worker: { buckets: { marks: 'MARKS' } },
    },
  });
  const marks = await worker.miniflare.getR2Bucket('MARKS');
  await marks.put('demo.png', new Uint8Array(await picture(300, 200).png().toBuffer()));
  await marks.put('logo.png', new Uint8Array(await sharp(fixture('grey.png')).resize(50, 40, { fit: 'fill' }).png().toBuffer()));
});
after(async () => worker?.close());

const get = async (path, init = {}) => {
  const response = await worker.miniflare.dispatchFetch(`http://deckle.test${path}`, { redirect: 'manual', ...init });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body };
};
const base64 = (text) => `/${Buffer.from(text).toString('base64')}`;
const sizeOf = async ({ body }) => {
  const { width, height, format } = await sharp(body).metadata();
  return [width, height, format];
};

test('the request of the slide answers the same picture however it is written, from the store and from cache', async () => {
  const json = { bucket: 'photos', key: '01.jpg', edits: { resize: { width: 400, height: 100, fit: 'cover' } } };
  const pretty = `${JSON.stringify(json, null, 2)}\n`;
  const first = await get(base64(JSON.stringify(json)));
  assert.deepEqual(await sizeOf(first), [400, 100, 'jpeg']);
  for (const text of [pretty, `${pretty} `, `${pretty}  `, pretty + ' '.repeat(5500)]) {
    const again = await get(base64(text));
    assert.ok(again.status === 200 && again.body.equals(first.body));
  }
  // the same in our words: of a picture whose metadata is not kept
  const edits = Buffer.from(JSON.stringify({ width: 400, height: 100, fit: 'cover' })).toString('base64');
  const native = await get(`/01.jpg?edits=${encodeURIComponent(edits)}`);
  assert.deepEqual(await sizeOf(native), [400, 100, 'jpeg']);
});

for (const [control, edits] of Object.entries(CONTROLS)) {
  test(`the demo page has its picture of ${control}`, async () => {
    const { status, body } = await get(base64(JSON.stringify({ bucket: 'marks', key: 'demo.png', edits })));
    assert.equal(status, 200, body.toString());
    const { mean } = await difference(body, await bySharp(picture(300, 200), edits));
    assert.ok(mean <= 1, `mean ${mean}`);
  });
}

test('what nothing has looked at is not shown', async () => {
  const { status } = await get(base64(JSON.stringify({ key: '01.jpg', edits: { contentModeration: true } })));
  assert.equal(status, 400);
});

test('headers that one URL asks for are not those of another', async () => {
  const ask = (headers) => get(base64(JSON.stringify({ key: '02.jpg', edits: { resize: { width: 33 } }, headers })));
  const mine = await ask({ 'X-Mine': 'yes', 'Cache-Control': 'max-age=77', 'Set-Cookie': 'no' });
  assert.deepEqual([mine.headers.get('x-mine'), mine.headers.get('cache-control'), mine.headers.get('set-cookie')], ['yes', 'max-age=77', null]);
  const plain = await ask({});
  assert.deepEqual([plain.headers.get('x-mine'), plain.headers.get('cache-control')], [null, 'max-age=31536000,public']);
});

test('another bucket has sources and overlays, and its images are not those of the first', async () => {
  assert.deepEqual(await sizeOf(await get('/s3:marks/10x8/logo.png')), [10, 8, 'png']);
  assert.equal((await get('/s3:marks/10x8/01.jpg')).status, 404);
  const marked = await get('/200x0/filters:watermark(marks,logo.png,-10,10p,50)/01.jpg');
  assert.equal(marked.status, 200, marked.body.toString());
  assert.ok(!marked.body.equals((await get('/200x0/01.jpg')).body));
  const missing = await get('/200x0/filters:watermark(marks,nothing.png,0,0)/01.jpg');
  assert.equal(missing.status, 400);
});

test('WebP goes to those who accept it', async () => {
  const webp = await get('/44x0/01.jpg', { headers: { accept: 'image/webp' } });
  assert.deepEqual([(await sizeOf(webp))[2], webp.headers.get('vary')], ['webp', 'accept']);
  assert.equal((await sizeOf(await get('/44x0/01.jpg')))[2], 'jpeg');
});

test('an error shows the fallback image with its own status', async () => {
  const answer = await get('/20x20/nothing.jpg');
  assert.deepEqual([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')], [404, 'image/png', 'public, max-age=60']);
  assert.ok(answer.body.equals(fixture('grey.png')));
});

test('a request that has ended is refused', async () => {
  assert.equal((await get('/01.jpg?expires=20200101T000000Z')).status, 400);
  const good = await get('/01.jpg?width=20&expires=29990101T000000Z');
  assert.match(good.headers.get('cache-control'), /^max-age=\d{9,},public$/);
});
