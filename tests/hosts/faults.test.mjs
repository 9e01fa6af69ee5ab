// What goes wrong around the Lambda@Edge handler: S3, the network, and images that are none. No answer is a trap, a
// throw, a loop or something that CloudFront would not accept.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, afterEach, before, describe, it } from 'node:test';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { wasmInstance } from '../../lambda/src/wasm.mjs';
import { startFaultProxy } from './support/fault-proxy.mjs';
import { hugePng, noise, picture } from './support/images.mjs';
import { ask, assertError, host } from './support/lambda.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

const TIMEOUTS = { connectTimeoutMs: 1_000, loadTimeoutMs: 1_500, storeTimeoutMs: 1_500 };

let s3;
let proxy;
let handler;
let photo;

before(async () => {
  s3 = await startS3();
  proxy = await startFaultProxy(s3.endpoint);
  handler = originResponse(host({ ...s3, endpoint: proxy.endpoint }, TIMEOUTS));
  photo = await picture(300, 200).jpeg().toBuffer();
  await s3.put(SOURCE, '01.jpg', photo, { ContentType: 'image/jpeg' });
  await s3.put(SOURCE, 'large.jpg', await noise(1600, 1200));
});
after(async () => {
  await proxy?.stop();
  await s3?.stop();
});
afterEach(async () => {
  proxy.answer(() => undefined);
  assert.equal((await ask(handler, '/60w/default/01.jpg')).status, 200, 'the next request is answered');
});

const onGet = (fault) => proxy.answer(({ method, path }) => (method === 'GET' && path.includes(SOURCE) ? fault : undefined));
const onPut = (fault) => proxy.answer(({ method }) => (method === 'PUT' ? fault : undefined));

describe('a source that S3 does not give', () => {
  const cases = [
    ['403 AccessDenied', { status: 403, code: 'AccessDenied' }, 404, 'not_found'],
    ['404 NoSuchKey', { status: 404, code: 'NoSuchKey' }, 404, 'not_found'],
    ['404 NoSuchBucket', { status: 404, code: 'NoSuchBucket' }, 502, 'source_unavailable'],
    ['403 ExpiredToken', { status: 403, code: 'ExpiredToken' }, 502, 'source_unavailable'],
    ['500', { status: 500, code: 'InternalError' }, 502, 'source_unavailable'],
    ['503', { status: 503, code: 'SlowDown' }, 502, 'source_unavailable'],
    ['a reset connection', 'reset', 502, 'source_unavailable'],
    ['no answer', 'hang', 504, 'source_timeout'],
    ['half a body, then the end', 'truncate', 502, 'source_unavailable'],
    ['half a body, then nothing', 'stall', 504, 'source_timeout'],
  ];
  for (const [what, fault, status, code] of cases) {
    it(`is a ${status}: ${what}`, async () => {
      onGet(fault);
      const start = performance.now();
      assertError(await ask(handler, '/80w/default/01.jpg'), status, code);
      assert.ok(performance.now() - start < 6_000);
    });
  }

  for (const [fault, status, code] of [['truncate', 502, 'source_unavailable'], ['stall', 504, 'source_timeout']]) {
    it(`is a ${status} as an original: ${fault}`, async () => {
      onGet(fault);
      assertError(await ask(handler, '/01.jpg'), status, code);
    });
  }
});

describe('a derived image that cannot be stored', () => {
  for (const fault of [{ status: 403, code: 'AccessDenied' }, { status: 500, code: 'InternalError' }, 'reset', 'hang']) {
    const what = typeof fault === 'string' ? fault : String(fault.status);
    it(`is answered all the same when it is small: ${what}`, async () => {
      onPut(fault);
      const { status, headers } = await ask(handler, '/81w/default/01.jpg');
      assert.deepEqual([status, headers['content-type']], [200, 'image/jpeg']);
    });

    it(`is refused and not redirected to when it is large: ${what}`, async () => {
      onPut(fault);
      const answer = await ask(handler, '/1500w/quality-96/large.jpg');
      assertError(answer, 413, 'result_too_large');
      assert.equal(answer.headers['cache-control'], 'no-store');
    });
  }
});

describe('a source that is not what it says', () => {
  const cut = (bytes, share) => bytes.subarray(0, Math.floor(bytes.length * share));
  const files = {
    'empty.jpg': () => Buffer.alloc(0),
    'one-byte.jpg': () => Buffer.from([0xff]),
    'text.jpg': () => Buffer.from('this is no picture\n'),
    'header-only.jpg': () => cut(photo, 0.02),
    'corrupt.jpg': () => Buffer.concat([cut(photo, 0.3), Buffer.alloc(500, 0xd9), photo.subarray(photo.length / 2)]),
    'huge.png': () => hugePng(30_000, 30_000),
    'endless.png': () => hugePng(0x7fffffff, 0x7fffffff),
    'bad-data.png': () => hugePng(300, 200),
  };
  before(async () => {
    for (const [key, make] of Object.entries(files)) await s3.put(SOURCE, `faults/${key}`, make());
    await s3.put(SOURCE, 'faults/truncated.jpg', cut(photo, 0.6));
    await s3.put(SOURCE, 'faults/really-a-jpeg.png', photo, { ContentType: 'image/png' });
  });

  for (const key of Object.keys(files)) {
    it(`is a 4xx or an image, and never stored as something else: ${key}`, async () => {
      const answer = await ask(handler, `/82w/default/faults/${key}`);
      if (answer.status === 200) {
        assert.match(answer.headers['content-type'], /^image\/(jpeg|png)$/);
        return;
      }
      assert.ok(answer.status === 413 || answer.status === 422, `status is ${answer.status}`);
      assertError(answer, answer.status, JSON.parse(answer.body).code);
      assert.equal(await s3.get(DERIVED, `82w/default/faults/${key}`), undefined);
    });
  }

  it('is 413 for a header that promises 30,000 × 30,000', async () => {
    assert.equal((await ask(handler, '/83w/default/faults/huge.png')).status, 413);
  });

  it('is shown with a warning, and not stored, when it was cut short', async () => {
    const { status, headers } = await ask(handler, '/82w/default/faults/truncated.jpg');
    assert.deepEqual([status, headers['cache-control']], [200, 'public, max-age=60']);
    assert.match(headers['deckle-warning'], /^the source image is damaged: \d+ % of it is filled$/);
    assert.equal(await s3.get(DERIVED, '82w/default/faults/truncated.jpg'), undefined);
  });

  it('is read by its content, not by its name', async () => {
    const { status, headers } = await ask(handler, '/82w/default/faults/really-a-jpeg.png');
    assert.deepEqual([status, headers['content-type']], [200, 'image/jpeg']);
  });
});

describe('the fixtures of faults', () => {
  const folder = new URL('../../fixtures/faults/', import.meta.url);

  it('are a 4xx or an image, every one', async () => {
    const names = await readdir(folder);
    assert.ok(names.length >= 5, 'fixtures/faults holds the files');
    for (const name of names) {
      await s3.put(SOURCE, `fixtures/${name}`, await readFile(new URL(name, folder)));
      const { status, headers } = await ask(handler, `/90w/default/fixtures/${name}`);
      const isImage = status === 200 && headers['content-type'].startsWith('image/');
      assert.ok(isImage || status === 413 || status === 422, `${name}: ${status} ${headers['content-type']}`);
    }
  });
});

describe('the wasm instance', () => {
  it('is replaced when it has grown past the threshold', async () => {
    const small = originResponse(host({ ...s3, endpoint: proxy.endpoint }, { instanceMaxBytes: 1 }));
    const { generation } = wasmInstance();
    assert.equal((await ask(small, '/84w/default/01.jpg')).status, 200);
    assert.equal(wasmInstance().generation, generation + 1);
  });

  it('may be replaced while other requests are under way', async () => {
    const { generation } = wasmInstance();
    const pending = Array.from({ length: 4 }, (_, index) => ask(handler, `/${85 + index}w/default/01.jpg`));
    wasmInstance().reset();
    assert.deepEqual((await Promise.all(pending)).map(({ status }) => status), [200, 200, 200, 200]);
    assert.equal(wasmInstance().generation, generation + 1);
  });
});
