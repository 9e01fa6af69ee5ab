// The Worker in workerd, with R2 and the Cache API as Miniflare provides them.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { isWorkerBuilt, startWorker } from '../../local/worker.mjs';
import { edit, fixture } from '../wasm.mjs';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
const YEAR = 'public, max-age=31536000, immutable';

let worker;
let origin;
let originUrl;

/** An HTTP origin that answers in every way one can. */
function startOrigin() {
  const server = createServer((request, response) => {
    switch (request.url) {
      case '/media/a%20b.jpg':
        response.writeHead(200, { 'content-type': 'image/jpeg', etag: '"o1"' });
        return response.end(fixture('02.jpg'));
      case '/media/broken.jpg':
        response.writeHead(500);
        return response.end();
      case '/media/elsewhere.jpg':
        response.writeHead(302, { location: '/media/a%20b.jpg' });
        return response.end();
      case '/media/slow.jpg':
        return undefined;
      case '/media/cut.jpg':
        response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': '1000000' });
        response.write(fixture('02.jpg').subarray(0, 5000));
        return setTimeout(() => response.destroy(), 50);
      default:
        response.writeHead(404);
        return response.end();
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

before(async () => {
  assert.ok(isWorkerBuilt(), 'worker/build is absent: run `make worker`');
  origin = await startOrigin();
  originUrl = `http://127.0.0.1:${origin.address().port}/media/`;
  worker = await startWorker({
    port: 0,
    photos: FIXTURES,
    config: { worker: { origins: { 'shop/': originUrl }, originTimeout: 800 }, devices: { mobile: 100 }, deviceHeaders: true },
  });
});
after(async () => {
  await worker?.close();
  origin?.closeAllConnections();
  origin?.close();
});

let hosts = 0;
/** Another host name is another cache entry, over the same buckets. */
const elsewhere = () => `http://host-${++hosts}.test`;

async function get(path, { base = 'http://deckle.test', ...init } = {}) {
  const response = await worker.miniflare.dispatchFetch(base + path, { redirect: 'manual', ...init });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body };
}

/** What `wait_until` does comes after the answer. */
async function eventually(check) {
  for (let i = 0; i < 100; i++) {
    const value = await check();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen within 2 s');
}

describe('overlays', () => {
  test('are loaded from the bucket and from an origin, and laid', async () => {
    const plain = await get('/01.jpg?width=200&format=png');
    const path = '/01.jpg?width=200&format=png&overlay=alpha.png,width:30%25,right;shop/a%20b.jpg,width:40,left,multiply';
    const laid = await get(path);
    assert.equal(laid.status, 200, laid.body.toString());
    assert.ok(!laid.body.equals(plain.body));
    assert.notEqual(laid.headers.get('etag'), plain.headers.get('etag'));
    assert.ok((await get(path, { base: elsewhere() })).body.equals(laid.body));
  });

  test('text is written on the result', async () => {
    const plain = await get('/01.jpg?width=200');
    const written = await get('/01.jpg?width=200&text=%D0%9F%D1%80%D0%B8%D0%B2%D1%96%D1%82,bottom,size:20%25,outline:2');
    assert.equal(written.status, 200, written.body.toString());
    assert.ok(!written.body.equals(plain.body));
    assert.equal((await get('/01.jpg?text=a,size:2')).status, 400);
  });

  test('that are missing are a 404 that names them, and an overlay of itself works', async () => {
    const missing = await get('/01.jpg?width=200&overlay=alpha.png;nothing.png');
    assert.deepEqual([missing.status, JSON.parse(missing.body).message], [404, 'there is no such overlay: nothing.png']);
    assert.equal((await get('/01.jpg?width=200&overlay=01.jpg,screen,tile,width:10%25')).status, 200);
    assert.equal((await get('/01.jpg?width=200&overlay=notes.txt')).status, 422);
  });

  test('that come later are found soon, also by an isolate with little else to do', async () => {
    const path = '/01.jpg?width=210&overlay=later.png';
    assert.equal((await get(path)).status, 404);
    await (await worker.miniflare.getR2Bucket('SOURCE')).put('later.png', new Uint8Array(fixture('alpha.png')));
    await new Promise((resolve) => setTimeout(resolve, 5_200));
    assert.equal((await get(path)).status, 200);
  });
});

describe('a derived image', () => {
  const path = '/01.jpg?height=400&width=200&style=bw';

  test('is made once, stored, and served from the store and the cache', async () => {
    const first = await get(path);
    assert.equal(first.status, 200);
    assert.equal(first.headers.get('content-type'), 'image/jpeg');
    assert.equal(first.headers.get('cache-control'), YEAR);
    assert.equal(first.headers.get('cache-status'), 'deckle; fwd=miss');
    assert.match(first.headers.get('etag'), /^"[\w-]{16}"$/);
    const expected = edit(fixture('01.jpg'), path);
    assert.deepEqual(first.body, Buffer.from(expected.bytes));

    const bucket = await worker.miniflare.getR2Bucket('DERIVED');
    const stored = await eventually(() => bucket.get('400h200w/bw/01.jpg'));
    assert.deepEqual(Buffer.from(await stored.arrayBuffer()), first.body);
    assert.equal(stored.httpMetadata.contentType, 'image/jpeg');
    assert.equal(stored.httpMetadata.cacheControl, YEAR);
    const source = await worker.miniflare.getR2Bucket('SOURCE');
    assert.equal(stored.customMetadata['source-etag'], (await source.head('01.jpg')).httpEtag);

    const fromStore = await get('/400h200w/bw/01.jpg', { base: elsewhere() });
    assert.equal(fromStore.headers.get('cache-status'), 'deckle; hit');
    assert.equal(fromStore.headers.get('etag'), first.headers.get('etag'));
    assert.deepEqual(fromStore.body, first.body);

    const fromCache = await eventually(async () => {
      const answer = await get(path);
      return answer.headers.get('cache-status') === 'deckle; hit; detail=cache' && answer;
    });
    assert.deepEqual(fromCache.body, first.body);
    assert.equal(fromCache.headers.get('etag'), first.headers.get('etag'));
  });

  test('is 304 for its own tag, from every place it can come from', async () => {
    const base = elsewhere();
    const url = '/01.jpg?width=90';
    const tag = (await get(url, { base })).headers.get('etag');
    const conditional = { headers: { 'if-none-match': tag } };
    await eventually(async () => (await get(url, { base })).headers.get('cache-status').includes('cache'));
    for (const place of [base, elsewhere()]) {
      const answer = await get(url, { base: place, ...conditional });
      assert.deepEqual([answer.status, answer.body.length, answer.headers.get('etag')], [304, 0, tag]);
    }
  });

  test('answers HEAD without a body and ignores Range', async () => {
    const head = await get('/01.jpg?width=91', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body.length, head.headers.get('content-type')], [200, 0, 'image/jpeg']);
    const ranged = await get('/01.jpg?width=92', { headers: { range: 'bytes=0-9' } });
    assert.equal(ranged.status, 200);
    assert.ok(ranged.body.length > 100);
  });

  test('asked for thirty times at once is right thirty times', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => get(`/0${(i % 3) + 1}.jpg?width=${150 + (i % 2)}`)));
    for (const [i, answer] of answers.entries()) {
      const expected = edit(fixture(`0${(i % 3) + 1}.jpg`), `/x.jpg?width=${150 + (i % 2)}`);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.body, Buffer.from(expected.bytes));
    }
  });
});

describe('originals and others', () => {
  test('an original is passed through as it is', async () => {
    const answer = await get('/01.jpg');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, fixture('01.jpg'));
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=86400');
    assert.ok(answer.headers.get('etag') && answer.headers.get('last-modified'));
  });

  test('SVG is drawn, and its original has a policy that lets no script run', async () => {
    const drawn = await get('/icon.svg?width=10');
    assert.deepEqual([drawn.status, drawn.headers.get('content-type')], [200, 'image/png']);
    const answer = await get('/icon.svg');
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/svg+xml']);
    assert.match(answer.headers.get('content-security-policy'), /default-src 'none'.*sandbox/);
    assert.deepEqual(answer.body, fixture('icon.svg'));
  });

  test('format=auto varies by Accept, and its cached form says so too', async () => {
    const base = elsewhere();
    const webp = { base, headers: { accept: 'image/webp,*/*' } };
    for (let i = 0; i < 2; i++) {
      const answer = await get('/alpha.png?width=50&format=auto', webp);
      assert.deepEqual([answer.headers.get('content-type'), answer.headers.get('vary')], ['image/webp', 'accept']);
    }
    const png = await get('/alpha.png?width=50&format=auto', { base, headers: { accept: '*/*' } });
    assert.equal(png.headers.get('content-type'), 'image/png');
  });

  test('device headers cap the width where the configuration says so', async () => {
    const answer = await get('/01.jpg?width=300&format=png', { headers: { 'cloudfront-is-mobile-viewer': 'true' } });
    assert.equal(answer.body.readUInt32BE(16), 100);
  });
});

describe('mistakes', () => {
  const cases = [
    ['/01.jpg?width=9000', 400, 'invalid_parameter'],
    ['/01.jpg?style=sparkle', 400, 'invalid_parameter'],
    ['/a%00b.jpg?width=9', 400, 'invalid_key'],
    ['/a%2F..%2Fb.jpg', 400, 'invalid_key'],
    ['/none.jpg?width=9', 404, 'not_found'],
    ['/none.jpg', 404, 'not_found'],
    ['/', 404, 'not_found'],
    ['/01.jpg?crop=9000,0,10,10', 422, 'impossible_edit'],
    ['/faults/empty.jpg?width=9', 422, 'not_an_image'],
    ['/faults/text-named.jpg?width=9', 422, 'not_an_image'],
    ['/faults/corrupt-header.jpg?width=9', 422, 'corrupt_image'],
    ['/faults/huge-header.png?width=9', 413, 'limit_exceeded'],
    ['/faults/huge-header.jpg?width=9', 413, 'limit_exceeded'],
  ];
  for (const [path, status, code] of cases) {
    test(`${path} is ${status} ${code}, and the next request is answered`, async () => {
      const answer = await get(path);
      assert.equal(answer.status, status, answer.body.toString());
      assert.equal(answer.headers.get('content-type'), 'application/json');
      const body = JSON.parse(answer.body);
      assert.deepEqual([body.status, body.code, typeof body.message], [status, code, 'string']);
      assert.equal((await get('/01.jpg?width=33')).status, 200);
    });
  }

  test('a method that is none of ours is 405', async () => {
    const answer = await get('/01.jpg', { method: 'POST', body: 'x' });
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
  });

  test('a PNG named .jpg is answered as what it is', async () => {
    const answer = await get('/faults/png-named.jpg?width=20');
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/png']);
  });
});

describe('HTTP origins', () => {
  test('serve keys under their prefix, escaped again', async () => {
    const answer = await get('/shop/a%20b.jpg?width=60');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, Buffer.from(edit(fixture('02.jpg'), '/x.jpg?width=60').bytes));
    const original = await get('/shop/a%20b.jpg');
    assert.deepEqual(original.body, fixture('02.jpg'));
  });

  for (const [name, status, code] of [
    ['none', 404, 'not_found'],
    ['broken', 502, 'source_unavailable'],
    ['elsewhere', 502, 'source_unavailable'],
    ['slow', 504, 'source_timeout'],
  ]) {
    test(`that answer with ${name} give ${status}`, async () => {
      const answer = await get(`/shop/${name}.jpg?width=60`);
      assert.deepEqual([answer.status, JSON.parse(answer.body).code], [status, code]);
      if (status >= 500) assert.equal(answer.headers.get('cache-control'), 'no-store');
    });
  }

  test('that break off give 502 and store nothing', async () => {
    const answer = await get('/shop/cut.jpg?width=60');
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [502, 'source_unavailable']);
    const bucket = await worker.miniflare.getR2Bucket('DERIVED');
    assert.equal(await bucket.head('60w/default/shop/cut.jpg'), null);
  });
});
