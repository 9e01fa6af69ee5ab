// The Worker with viewers that leave, sources that stall or break off, and many who ask for the same.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';
import { isWorkerBuilt, startWorker } from '../../local/worker.mjs';
import { edit, fixture } from '../wasm.mjs';
import { cut, inParts, slowly, stalled, startOrigin, unmeasured, whole } from './support/origin.mjs';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
const TIMEOUT_MS = 3_000;
const FILM = Buffer.alloc(24 << 20, 'film');

let worker;
let origin;

before(async () => {
  assert.ok(isWorkerBuilt(), 'worker/build is absent: run `make worker`');
  const photo = fixture('02.jpg');
  const start = photo.subarray(0, 5000);
  origin = await startOrigin({
    '/herd.jpg': whole(photo),
    '/corrupt.jpg': whole(fixture('faults/text-named.jpg')),
    '/stalled.jpg': stalled(start, 9_000_000),
    '/half-a.jpg': slowly(padded(photo, 7.5)),
    '/half-b.jpg': slowly(padded(photo, 7.5)),
    '/mark-a.jpg': whole(padded(photo, 2)),
    '/mark-b.jpg': whole(padded(photo, 2)),
    '/most.jpg': slowly(padded(photo, 15), 1_000),
    '/waits.jpg': slowly(padded(photo, 7.5), TIMEOUT_MS + 500),
    '/silent.jpg': () => undefined,
    '/cut.jpg': cut(start, photo.length),
    '/large-cut.jpg': cut(start, 5_000_000),
    '/stops.mp4': stalled(FILM.subarray(0, 3_000_000), 9_000_000),
    '/stops.zip': unmeasured(FILM.subarray(0, 3_000_000)),
    '/stops-soon.zip': unmeasured(FILM.subarray(0, 1_000_000)),
    '/cut-soon.zip': unmeasured(FILM.subarray(0, 1_000_000), (response) => setTimeout(() => response.destroy(), 50)),
    '/small.zip': unmeasured(FILM.subarray(0, 1_000_000), (response) => response.end()),
    '/large.zip': unmeasured(FILM, (response) => response.end()),
    '/film.mp4': inParts(FILM, { 'content-type': 'video/mp4', etag: '"film"' }),
    '/liar.mp4': whole(FILM, { 'content-type': 'video/mp4', etag: '"liar"', 'accept-ranges': 'bytes' }),
  });
  worker = await startWorker({
    port: 0,
    photos: FIXTURES,
    config: { worker: { origins: { 'shop/': `${origin.url}/` }, originTimeout: TIMEOUT_MS, queueTimeout: 1_500, diagnostics: true } },
  });
  const bucket = await worker.miniflare.getR2Bucket('SOURCE');
  await bucket.put('large.jpg', new Uint8Array(await large(3872, 2592)));
});
after(async () => {
  await worker?.close();
  origin?.close();
});

/** A photograph of any size. */
const large = (width, height) => sharp(fixture('01.jpg')).resize(width, height, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer();

/** A photograph with so many MiB of something after its end. */
function padded(photo, mebibytes) {
  return Buffer.concat([photo, Buffer.alloc(mebibytes * 2 ** 20 - photo.length)]);
}

/** A request over a connection of its own, as it stands. */
function get(path, { method = 'GET', headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = worker.url;
    const sent = request({ host, port, path, method, headers, agent: false }, async (response) => {
      try {
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      } catch (error) {
        reject(error);
      }
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** A viewer that leaves after a while, by a reset: workerd takes a mere end of the connection for a viewer that has no more to say. */
function leave(path, milliseconds) {
  return new Promise((resolve) => {
    const { hostname: host, port } = worker.url;
    const sent = request({ host, port, path, agent: false }, (response) => response.resume());
    sent.on('error', () => {}).once('close', resolve);
    sent.end();
    setTimeout(() => sent.socket.resetAndDestroy(), milliseconds);
  });
}

const timed = async (promise) => {
  const start = performance.now();
  const answer = await promise;
  return { ...answer, milliseconds: performance.now() - start };
};
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const state = async () => Object.fromEntries((await get('/none')).headers['deckle-isolate'].split(', ').map((pair) => {
  const [name, value] = pair.split('=');
  return [name, Number(value)];
}));

describe('forty who ask for the same at once', () => {
  test('get one image, made once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => get('/shop/herd.jpg?width=333')));
    const expected = Buffer.from(edit(fixture('02.jpg'), '/x.jpg?width=333').bytes);
    for (const { status, body, headers } of answers) {
      assert.deepEqual([status, headers.etag], [200, answers[0].headers.etag]);
      assert.ok(body.equals(expected));
    }
    const made = answers.filter(({ headers }) => headers['cache-status'] === 'deckle; fwd=miss');
    assert.deepEqual([made.length, origin.count('/herd.jpg')], [1, 1]);
  });

  test('get one error, found once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => get('/shop/corrupt.jpg?width=333')));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([422]));
    assert.equal(origin.count('/corrupt.jpg'), 1);
  });

  test('get it in their own way: HEAD, and whoever has it already', async () => {
    const [one, head] = await Promise.all([get('/03.jpg?width=334'), get('/03.jpg?width=334', { method: 'HEAD' })]);
    assert.deepEqual([one.status, head.status, head.body.length], [200, 200, 0]);
    assert.equal(head.headers.etag, one.headers.etag);
    assert.equal(Number(head.headers['content-length']), one.body.length);
  });
});

describe('a source that stalls', () => {
  for (const name of ['stalled', 'silent']) {
    test(`is a 504 at the deadline, and others go on meanwhile: ${name}`, async () => {
      const slow = timed(get(`/shop/${name}.jpg?width=50`));
      await pause(300);
      const others = await Promise.all([1, 2, 3].map((i) => timed(get(`/01.jpg?width=${400 + i}&style=bw`))));
      for (const { status, milliseconds } of others) {
        assert.equal(status, 200);
        assert.ok(milliseconds < TIMEOUT_MS - 500, `${milliseconds} ms`);
      }
      const answer = await slow;
      assert.deepEqual([answer.status, JSON.parse(answer.body).code], [504, 'source_timeout']);
      assert.ok(answer.milliseconds < TIMEOUT_MS * 2);
    });
  }
});

describe('more than an isolate has room for', () => {
  test('is a 503 that says when to come back, and the next request is answered', async () => {
    const first = get('/shop/stalled.jpg?width=60');
    await pause(200);
    const second = await timed(get('/shop/stalled.jpg?width=61'));
    assert.deepEqual([second.status, JSON.parse(second.body).code], [503, 'busy']);
    assert.deepEqual([second.headers['retry-after'], second.headers['cache-control']], ['2', 'no-store']);
    assert.equal((await get('/01.jpg?width=62')).status, 200);
    assert.equal((await first).status, 504);
  });
});

describe('room', () => {
  test('is found for two that each hold a source and wait for more', async () => {
    const both = ['a', 'b'].map((name) => get(`/shop/half-${name}.jpg?width=70&overlay=shop/mark-${name}.jpg,width:20`));
    for (const { status, body } of await Promise.all(both)) assert.equal(status, 200, body.toString());
    assert.equal((await state()).held, 0);
  });

  test('is waited for without taking the time from the source', async () => {
    const most = get('/shop/most.jpg?width=70');
    await pause(100);
    const { status, body } = await get('/shop/waits.jpg?width=70');
    assert.equal(status, 200, body.toString());
    assert.equal((await most).status, 200);
  });
});

describe('an image with an overlay', () => {
  test('counts, and waits for its turn, once', async () => {
    const { made } = await state();
    const answer = await get('/01.jpg?width=71&overlay=02.jpg,width:20');
    assert.equal(answer.status, 200, answer.body.toString());
    assert.match(answer.headers['deckle-isolate'], new RegExp(`made=${made + 1}$`));
  });
});

describe('viewers that leave', () => {
  test('thirty of them in the middle of a body leave room for the next at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => leave(`/shop/stalled.jpg?width=${100 + i}`, 500)));
    const { status, milliseconds } = await timed(get('/01.jpg?width=410&style=sepia'));
    assert.equal(status, 200);
    assert.ok(milliseconds < 2_000, `${milliseconds} ms`);
    await pause(200);
    const { tasks, held } = await state();
    assert.deepEqual([tasks, held], [1, 0], 'nothing is left of them but the one who asks');
  });

  test('are not worked for: most of their images are never made', async () => {
    const before = await state();
    await Promise.all(Array.from({ length: 60 }, (_, i) => leave(`/large.jpg?width=${600 + i}`, 150)));
    const hit = await timed(get('/01.jpg?width=410&style=sepia'));
    assert.equal(hit.status, 200);
    await pause(500);
    const after = await state();
    assert.deepEqual([after.tasks, after.held], [1, 0]);
    assert.ok(after.made - before.made < 30, `${after.made - before.made} of 60 were made`);
  });

  test('do not keep the next viewer of the same image from getting it', async () => {
    await leave('/shop/stalled.jpg?width=77', 300);
    const next = await timed(get('/shop/stalled.jpg?width=77'));
    assert.equal(next.status, 504);
    assert.ok(next.milliseconds < TIMEOUT_MS + 2_500, `${next.milliseconds} ms`);
  });
});

describe('a body that is cut off', () => {
  test('is an error as an original, and is never kept', async () => {
    for (let i = 0; i < 2; i += 1) {
      const answer = await get('/shop/cut.jpg');
      assert.deepEqual([answer.status, JSON.parse(answer.body).code], [502, 'source_unavailable']);
    }
    assert.equal(origin.count('/cut.jpg'), 2);
  });

  test('breaks off for the viewer where the answer has begun', async () => {
    await assert.rejects(get('/shop/large-cut.jpg'));
    await assert.rejects(get('/shop/large-cut.jpg'));
    assert.equal(origin.count('/large-cut.jpg'), 2);
  });
});

describe('a large original', () => {
  test('whose source stops in the middle breaks off at the deadline and is not kept', async () => {
    for (let i = 0; i < 2; i += 1) {
      const start = performance.now();
      await assert.rejects(get('/shop/stops.mp4'));
      const milliseconds = performance.now() - start;
      assert.ok(milliseconds > TIMEOUT_MS - 100 && milliseconds < TIMEOUT_MS * 2, `${milliseconds} ms`);
    }
    assert.equal(origin.count('/stops.mp4'), 2);
    const { tasks, held } = await state();
    assert.deepEqual([tasks, held], [1, 0]);
  });

  test('waits for a viewer that takes longer than a source may', async () => {
    const answer = await new Promise((resolve, reject) => {
      const { hostname: host, port } = worker.url;
      request({ host, port, path: '/shop/film.mp4', agent: false }, resolve).on('error', reject).end();
    });
    await pause(TIMEOUT_MS + 1_000);
    const chunks = [];
    for await (const chunk of answer) chunks.push(chunk);
    assert.ok(Buffer.concat(chunks).equals(FILM));
  });

  test('is streamed whole, at once, and holds nothing', async () => {
    const before = await state();
    const answer = await timed(get('/shop/film.mp4'));
    assert.equal(answer.status, 200);
    assert.ok(answer.body.equals(FILM));
    assert.equal(answer.headers['content-length'], String(FILM.length));
    assert.ok(answer.milliseconds < 5_000, `${answer.milliseconds} ms`);
    assert.ok((await state()).memory - before.memory < 1 << 20);
  });

  test('is sent in part, from an origin and from a bucket', async () => {
    for (const [path, bytes] of [['/shop/film.mp4', FILM], ['/01.jpg', fixture('01.jpg')]]) {
      const part = await get(path, { headers: { range: 'bytes=100-199' } });
      assert.deepEqual([part.status, part.headers['content-range']], [206, `bytes 100-199/${bytes.length}`]);
      assert.ok(part.body.equals(bytes.subarray(100, 200)));
      const beyond = await get(path, { headers: { range: `bytes=${bytes.length}-` } });
      assert.equal(beyond.status, 416);
    }
  });

  test('is an error when its origin has no ranges after all', async () => {
    assert.equal((await get('/shop/liar.mp4', { headers: { range: 'bytes=0-9' } })).status, 502);
  });
});

describe('an original whose length its origin does not tell', () => {
  test('is read, measured and kept while it is small', async () => {
    for (let i = 0; i < 2; i += 1) {
      const answer = await get('/shop/small.zip');
      assert.deepEqual([answer.status, answer.headers['content-length'], answer.headers['cache-control']], [200, '1000000', 'public, max-age=86400']);
      assert.ok(answer.body.equals(FILM.subarray(0, 1_000_000)));
      await pause(300);
    }
    assert.equal(origin.count('/small.zip'), 1);
  });

  test('is an error when it stops or breaks off before', async () => {
    for (const [name, status] of [['stops-soon', 504], ['cut-soon', 502]]) {
      for (let i = 0; i < 2; i += 1) assert.equal((await get(`/shop/${name}.zip`)).status, status);
      assert.equal(origin.count(`/${name}.zip`), 2);
    }
  });

  test('is streamed when it is large, and no cache may keep it, as none could tell that it broke off', async () => {
    const answer = await get('/shop/large.zip');
    assert.deepEqual([answer.status, answer.headers['cache-control']], [200, 'no-store']);
    assert.ok(answer.body.equals(FILM));
    const stopped = await timed(get('/shop/stops.zip').catch(() => undefined));
    // it may be seen to break off
    if (stopped.status !== undefined) assert.deepEqual([stopped.status, stopped.headers['cache-control']], [200, 'no-store']);
    assert.ok(stopped.milliseconds < TIMEOUT_MS * 2, `${stopped.milliseconds} ms`);
  });
});

describe('conditions', () => {
  test('by date: 304 for an original that is no newer', async () => {
    const first = await get('/05.jpg');
    const since = { 'if-modified-since': first.headers['last-modified'] };
    const again = await get('/05.jpg', { headers: since });
    assert.deepEqual([again.status, again.body.length], [304, 0]);
    const older = { 'if-modified-since': 'Sat, 01 Jan 2000 00:00:00 GMT' };
    assert.equal((await get('/05.jpg', { headers: older })).status, 200);
  });
});

describe('methods', () => {
  for (const method of ['PURGE', 'PROPFIND', 'MKCOL', 'COPY', 'SEARCH', 'DELETE', 'PUT']) {
    test(`${method} is a 405`, async () => assert.equal((await get('/01.jpg', { method })).status, 405));
  }
});

describe('a document that might run script', () => {
  test('has the policy that lets it run none, whatever its type is called', async () => {
    const bucket = await worker.miniflare.getR2Bucket('SOURCE');
    for (const [key, contentType] of [['feed', 'application/rss+xml'], ['page', 'text/html'], ['plain', 'text/plain']]) {
      await bucket.put(key, '<script xmlns="http://www.w3.org/1999/xhtml">1</script>', { httpMetadata: { contentType } });
      for (const path of [`/${key}`, `/${key}?width=9`]) {
        assert.match((await get(path)).headers['content-security-policy'] ?? '', /default-src 'none'.*sandbox/, path);
      }
    }
  });
});

describe('the headers of a derived image', () => {
  test('are the same on every way: made, from the bucket, from the cache', async () => {
    const url = '/04.jpg?width=321&format=auto';
    const ask = async (host) => {
      const answer = await worker.miniflare.dispatchFetch(`http://${host}${url}`, { headers: { accept: 'image/webp' } });
      const body = Buffer.from(await answer.arrayBuffer());
      const { 'cache-status': status, ...all } = Object.fromEntries(answer.headers);
      // of this one answer, or the runtime's own
      const others = new Set(['server-timing', 'deckle-isolate', 'age', 'date', 'cf-cache-status']);
      const headers = Object.fromEntries(Object.entries(all).filter(([name]) => !others.has(name)));
      return { status, headers, body };
    };
    const made = await ask('one.test');
    const bucket = await worker.miniflare.getR2Bucket('DERIVED');
    for (let i = 0; i < 100 && !(await bucket.head('321w/format-webp/04.jpg')); i += 1) await pause(50);
    await pause(200);
    const stored = await ask('two.test');
    const cached = await ask('one.test');
    assert.deepEqual([made.status, stored.status, cached.status], ['deckle; fwd=miss', 'deckle; hit', 'deckle; hit; detail=cache']);
    assert.deepEqual(stored.headers, made.headers);
    assert.deepEqual(cached.headers, made.headers);
    assert.ok(stored.body.equals(made.body) && cached.body.equals(made.body));
  });
});
