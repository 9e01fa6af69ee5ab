// Client hints, breakpoints, ready presets and presets alone, in workerd: as in the CloudFront Function, and with headers of their own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';

import { isWorkerBuilt, startWorker } from '../../local/worker.mjs';

const photos = fileURLToPath(new URL('../../fixtures', import.meta.url));
const HINTS = 'sec-ch-width, sec-ch-viewport-width, sec-ch-dpr';

const started = (config) => startWorker({ port: 0, photos, config });
async function get(worker, path, headers = {}) {
  const response = await worker.miniflare.dispatchFetch(`http://deckle.test${path}`, { headers });
  const body = Buffer.from(await response.arrayBuffer());
  const size = response.status === 200 ? await sharp(body).metadata() : {};
  return { status: response.status, headers: response.headers, width: size.width, height: size.height, format: size.format };
}

describe('client hints', () => {
  let worker;
  before(async () => {
    assert.ok(isWorkerBuilt(), 'worker/build is absent: run `make worker`');
    worker = await started({ clientHints: true, breakpoints: [100, 200], deviceHeaders: true, devices: { mobile: 50 }, readyPresets: ['icons'] });
  });
  after(() => worker?.close());

  for (const [what, path, headers, width] of [
    ['the width of the image', '/01.jpg', { 'sec-ch-width': '90' }, 100],
    ['that of the window, by its ratio', '/01.jpg?style=bw', { 'sec-ch-viewport-width': '90', 'sec-ch-dpr': '1.5' }, 200],
    ['a breakpoint for what is asked for', '/01.jpg?width=101', {}, 200],
    ['hints before device headers', '/01.jpg', { 'sec-ch-width': '90', 'cloudfront-is-mobile-viewer': 'true' }, 100],
    ['a device in the URL before hints', '/01.jpg?device-type=mobile', { 'sec-ch-width': '90' }, 50],
    ['a ready preset', '/01.jpg?dimensions=favicon-32', {}, 32],
  ]) {
    test(`count: ${what}`, async () => assert.equal((await get(worker, path, headers)).width, width));
  }

  test('are asked for, and vary what caches keep', async () => {
    for (const round of ['made', 'kept']) {
      const small = await get(worker, '/02.jpg', { 'sec-ch-width': '90' });
      const large = await get(worker, '/02.jpg', { 'sec-ch-width': '190' });
      assert.deepEqual([small.width, large.width], [100, 200], round);
      for (const { headers } of [small, large]) assert.deepEqual([headers.get('vary'), headers.get('accept-ch')], [HINTS, HINTS], round);
    }
  });
});

describe('presets alone', () => {
  let worker;
  before(async () => { worker = await started({ only: 'presets', readyPresets: ['favicon-32'], presets: { small: 'width=60' } }); });
  after(() => worker?.close());

  for (const [path, status] of [
    ['/01.jpg?dimensions=small', 200], ['/01.jpg?dimensions=favicon-32', 200], ['/60w/default/01.jpg', 200],
    ['/01.jpg', 400], ['/01.jpg?width=61', 400], ['/01.jpg?dimensions=small&style=bw', 400], ['/61w/default/01.jpg', 400], ['/default/default/01.jpg', 400], ['/60w/bw/01.jpg', 400],
  ]) {
    test(`${path} is a ${status}`, async () => assert.equal((await get(worker, path)).status, status));
  }
});
