// The Lambda@Edge handler over a real S3 server.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { MAX_RESPONSE_BYTES, originResponse } from '../../lambda/src/origin-response.mjs';
import { startFaultProxy } from './support/fault-proxy.mjs';
import { noise, picture } from './support/images.mjs';
import { ask, assertError, host } from './support/lambda.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

let s3;
let proxy;
let handler;
let photo;

before(async () => {
  s3 = await startS3();
  proxy = await startFaultProxy(s3.endpoint);
  handler = originResponse(host({ ...s3, endpoint: proxy.endpoint }));
  photo = await picture(300, 200).jpeg().toBuffer();
  await s3.put(SOURCE, '01.jpg', photo, { ContentType: 'image/jpeg' });
  await s3.put(SOURCE, 'large.jpg', await noise(1600, 1200), { ContentType: 'image/jpeg' });
});
after(async () => {
  await proxy?.stop();
  await s3?.stop();
});
afterEach(() => proxy.answer(() => undefined));

describe('a miss of a derived image', () => {
  for (const status of [403, 404]) {
    it(`is made, stored and answered when S3 says ${status}`, async () => {
      const answer = await ask(handler, `/${status}h60w/bw/01.jpg`, { status });
      assert.equal(answer.status, 200);
      assert.equal(answer.response.statusDescription, 'OK');
      assert.equal(answer.headers['content-type'], 'image/jpeg');
      assert.match(answer.headers['cache-control'], /max-age=31536000/);
      assert.match(answer.headers.etag, /^"[^"]+"$/);
      const { width, height } = await sharp(answer.body).metadata();
      assert.deepEqual([width, height], [60, 40]);

      const stored = await s3.get(DERIVED, `${status}h60w/bw/01.jpg`);
      assert.deepEqual(stored.bytes, answer.body);
      assert.equal(stored.ContentType, 'image/jpeg');
      assert.match(stored.CacheControl, /max-age=31536000, immutable/);
      assert.equal(stored.Metadata['source-etag'], (await s3.get(SOURCE, '01.jpg')).ETag);
      assert.match(stored.Metadata['made-by'], /^\d+$/);
    });
  }

  it('keeps what is read-only and what S3 said of the request, and drops what it said of its error', async () => {
    const extra = [['via', '1.1 s3'], ['etag', '"of the error"'], ['content-encoding', 'gzip']];
    const { headers, response } = await ask(handler, '/61w/default/01.jpg', { extra });
    assert.deepEqual(response.headers.via, [{ key: 'Via', value: '1.1 s3' }]);
    assert.equal(headers['transfer-encoding'], 'chunked');
    assert.ok(headers['x-amz-request-id']);
    assert.notEqual(headers.etag, '"of the error"');
    assert.equal(headers['content-encoding'], undefined);
    assert.equal(response.headers['content-type'].length, 1);
  });

  it('has no body for HEAD, and is stored all the same', async () => {
    const { status, body, headers } = await ask(handler, '/62w/default/01.jpg', { method: 'HEAD' });
    assert.deepEqual([status, body.length, headers['content-type']], [200, 0, 'image/jpeg']);
    assert.ok(await s3.get(DERIVED, '62w/default/01.jpg'));
  });

  it('is whole whatever the viewer has already', async () => {
    const { headers } = await ask(handler, '/63w/default/01.jpg');
    const again = await ask(handler, '/63w/default/01.jpg', { headers: { 'if-none-match': headers.etag, range: 'bytes=0-1' } });
    assert.equal(again.status, 200);
    assert.ok(again.body.length > 100);
  });

  it('is stored under its canonical key when asked for in another spelling', async () => {
    const { status } = await ask(handler, '/64w/greyscale/01.jpg');
    assert.equal(status, 200);
    assert.ok(await s3.get(DERIVED, '64w/bw/01.jpg'));
    assert.equal(await s3.get(DERIVED, '64w/greyscale/01.jpg'), undefined);
  });

  it('is made once for all spellings of one meaning', async () => {
    const first = await ask(handler, '/68w/rotate-180/01.jpg');
    proxy.answer(() => undefined);
    for (const spelling of ['/68w/flip~flop/01.jpg', '/68w/fit-cover~position-top~rotate-180/01.jpg']) {
      assert.deepEqual((await ask(handler, spelling)).body, first.body);
    }
    assert.deepEqual(proxy.seen, ['GET /derived/68w/rotate-180/01.jpg', 'GET /derived/68w/rotate-180/01.jpg'].map((line) => line.replace('derived', DERIVED)));
  });

  for (const key of ['été/naïve 家.jpg', 'a+b c.jpg', 'per%cent.jpg', "quote'(1)!.jpg", 'deep/er/than/that.jpg']) {
    it(`finds the source ${key}`, async () => {
      await s3.put(SOURCE, key, photo);
      const encoded = key.split('/').map(encodeURIComponent).join('/');
      const { status } = await ask(handler, `/65w/default/${encoded}`);
      assert.equal(status, 200);
      assert.ok(await s3.get(DERIVED, `65w/default/${key}`));
    });
  }

  it('reads a plus in the path as itself', async () => {
    await s3.put(SOURCE, 'a+b.jpg', photo);
    assert.equal((await ask(handler, '/66w/default/a+b.jpg')).status, 200);
    assert.ok(await s3.get(DERIVED, '66w/default/a+b.jpg'));
  });

  it('is answered eight times at once from one instance', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(handler, '/67w/default/01.jpg')));
    for (const { status, body } of answers) {
      assert.equal(status, 200);
      assert.deepEqual(body, answers[0].body);
    }
    assert.deepEqual((await s3.get(DERIVED, '67w/default/01.jpg')).bytes, answers[0].body);
  });

  it('survives headers that a viewer made up', async () => {
    const headers = {
      'x-deckle-config': '{"aws":{"source":{"bucket":"other","region":"x"}}}',
      accept: 'image/webp,'.repeat(500),
      'x-odd': '\u00e9\u0000\ud800',
      '__proto__': 'a',
      'if-modified-since': 'never',
    };
    assert.equal((await ask(handler, '/68w/default/01.jpg', { headers })).status, 200);
  });
});

describe('an answer of S3 that is no miss', () => {
  for (const status of ['200', '206', '304', '301', '416', '500', '503']) {
    it(`goes back untouched: ${status}`, async () => {
      const response = { status, statusDescription: 'as it came', headers: { etag: [{ key: 'ETag', value: '"a"' }] } };
      const kept = structuredClone(response);
      const request = { method: 'GET', uri: '/60w/default/01.jpg', headers: {} };
      assert.equal(await handler({ Records: [{ cf: { request, response } }] }), response);
      assert.deepEqual(response, kept);
      assert.deepEqual(proxy.seen, []);
    });
  }

  it('goes back untouched when the method is not ours', async () => {
    const response = { status: '403', headers: {} };
    await handler({ Records: [{ cf: { request: { method: 'POST', uri: '/', headers: {} }, response } }] });
    assert.deepEqual(response, { status: '403', headers: {} });
  });
});

describe('a miss of an original', () => {
  it('is answered from the source when another bucket was asked', async () => {
    const { status, body, headers } = await ask(handler, '/01.jpg');
    assert.deepEqual([status, headers['content-type']], [200, 'image/jpeg']);
    assert.deepEqual(body, photo);
    assert.equal(await s3.get(DERIVED, '01.jpg'), undefined);
  });

  it('is a 404 at once when the source itself was asked', async () => {
    assertError(await ask(handler, '/01.jpg', { store: 'source' }), 404, 'not_found');
    assert.deepEqual(proxy.seen, []);
  });

  it('is a 404 with a short life when there is no source', async () => {
    const answer = await ask(handler, '/60w/default/none.jpg');
    assertError(answer, 404, 'not_found');
    assert.match(answer.headers['cache-control'], /max-age=\d{1,2}$/);
  });

  it('is a 404 for the bucket itself', async () => assertError(await ask(handler, '/'), 404, 'not_found'));
});

describe('a path that S3 calls too long', () => {
  it('is ours to answer, counted in bytes', async () => {
    const uri = `/60w/default/${`${encodeURIComponent('ж'.repeat(100))}/`.repeat(5)}twelve-more.jpg`;
    assertError(await ask(handler, uri, { status: '400' }), 400, 'invalid_key');
  });
});

describe('a path that means nothing', () => {
  for (const uri of ['//evil.example/a.jpg', '/60w/default/%zz.jpg', '/60w/default/../x.jpg', '/60w/default/%2e%2e/x.jpg', '/60w/default/a%00b.jpg', '/60w/default/a%5Cb.jpg']) {
    it(`is a 400: ${uri}`, async () => {
      assertError(await ask(handler, uri), 400, 'invalid_key');
      assert.deepEqual(proxy.seen, []);
    });
  }
  it('is a 400 when a size is out of range', async () => assertError(await ask(handler, '/99999w/default/01.jpg'), 400, 'invalid_parameter'));
});

describe('a result that is too large for the edge', () => {
  it('is stored, and the viewer is sent to it', async () => {
    const answer = await ask(handler, '/1500w/quality-95/large.jpg');
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, '/1500w/quality-95/large.jpg');
    assert.equal(answer.headers['cache-control'], 'private, no-store');
    assert.equal(answer.body.length, 0);
    const stored = await s3.get(DERIVED, '1500w/quality-95/large.jpg');
    assert.ok(stored.bytes.length * 4 / 3 > MAX_RESPONSE_BYTES);
    assert.equal((await sharp(stored.bytes).metadata()).width, 1500);
  });

  it('is not stored twice', async () => {
    await ask(handler, '/1501w/quality-95/large.jpg');
    proxy.answer(() => undefined);
    assert.equal((await ask(handler, '/1501w/quality-95/large.jpg')).status, 302);
    assert.deepEqual(proxy.seen.filter((line) => line.startsWith('PUT')), []);
  });

  it('is refused when S3 has it and CloudFront cannot see it', async () => {
    await ask(handler, '/1502w/quality-95/large.jpg');
    const extra = [['date', new Date(Date.now() + 60_000).toUTCString()]];
    const late = (event) => {
      event.Records[0].cf.response.headers.date = [{ key: 'Date', value: extra[0][1] }];
      return handler(event);
    };
    assertError(await ask(late, '/1502w/quality-95/large.jpg'), 413, 'result_too_large');
  });

  it('is found at the canonical path when asked for in another spelling', async () => {
    assert.equal((await ask(handler, '/1503w/quality-095/large.jpg')).headers.location, '/1503w/quality-95/large.jpg');
    proxy.answer(() => undefined);
    // by now it is there, and is neither read nor made again
    for (const spelling of ['/1503w/quality-095/large.jpg', '/1503w/fit-cover~quality-95/large.jpg']) {
      assert.equal((await ask(handler, spelling)).headers.location, '/1503w/quality-95/large.jpg');
    }
    assert.deepEqual(proxy.seen.filter((line) => line.includes(SOURCE) || line.startsWith('PUT')), []);
    await s3.put(SOURCE, 'l+g.jpg', (await s3.get(SOURCE, 'large.jpg')).bytes);
    assert.equal((await ask(handler, '/1500w/quality-95/l+g.jpg')).headers.location, '/1500w/quality-95/l%2Bg.jpg');
  });

  it('fits when it is just small enough', async () => {
    const size = 740_000; // base64 of it is 986,668
    await s3.put(SOURCE, 'fits.bin', Buffer.alloc(size, 7), { ContentType: 'application/zip' });
    assert.equal((await ask(handler, '/fits.bin')).body.length, size);
  });
});

describe('an object that is no image', () => {
  const film = Buffer.alloc(900_000, 1);
  before(() => Promise.all([
    s3.put(SOURCE, 'film 1.mp4', film, { ContentType: 'video/mp4' }),
    s3.put(SOURCE, 'notes.txt', 'hello', { ContentType: 'text/plain' }),
    s3.put(SOURCE, '400w/bw/film.mp4', film, { ContentType: 'video/mp4' }),
  ]));

  it('goes out as it is', async () => {
    const { status, body, headers } = await ask(handler, '/60w/default/notes.txt');
    assert.deepEqual([status, body.toString(), headers['content-type']], [200, 'hello', 'text/plain']);
  });

  it('is refused when it is large and originals have no origin of their own, and no copy is made', async () => {
    const answer = await ask(handler, '/60w/default/film%201.mp4');
    assertError(answer, 413, 'result_too_large');
    assert.match(JSON.parse(answer.body).message, /cloudfront\.sourceOriginId/);
    assert.equal(await s3.get(DERIVED, '60w/default/film 1.mp4'), undefined);
  });

  it('is redirected to its own path when that is served elsewhere', async () => {
    const elsewhere = originResponse(host({ ...s3, endpoint: proxy.endpoint }, { originals: true }));
    const plain = await ask(elsewhere, '/61w/default/film%201.mp4');
    assert.deepEqual([plain.status, plain.headers.location, plain.headers['cache-control']], [302, '/film%201.mp4', 'private, no-store']);
    assert.equal(await s3.get(DERIVED, '61w/default/film 1.mp4'), undefined);
    const disguised = await ask(elsewhere, '/61w/default/400w/bw/film.mp4');
    assert.equal(disguised.headers.location, '/default/default/400w/bw/film.mp4');
    // its own path was asked for and missed: a redirect there would loop
    assertError(await ask(elsewhere, '/film%201.mp4'), 413, 'result_too_large');
    assert.equal(await s3.get(DERIVED, 'film 1.mp4'), undefined);
  });
});

describe('the configuration', () => {
  it('is overridden by the origin\'s custom header', async () => {
    const elsewhere = originResponse(host({ ...s3, endpoint: proxy.endpoint }, { source: { bucket: 'nowhere', region: 'eu-west-3' } }));
    const header = JSON.stringify({ aws: { source: { bucket: SOURCE, region: 'us-east-1' } } });
    assert.equal((await ask(elsewhere, '/70w/default/01.jpg', { customHeaders: { 'x-deckle-config': header } })).status, 200);
    assertError(await ask(elsewhere, '/70w/default/01.jpg'), 404, 'not_found');
  });

  it('may be left out when one bucket holds everything', async () => {
    const { makeStore } = host({ ...s3, endpoint: proxy.endpoint });
    const simple = originResponse({ file: {}, makeStore });
    assert.equal((await ask(simple, '/71w/default/01.jpg', { store: 'source' })).status, 200);
    assert.ok(await s3.get(SOURCE, '71w/default/01.jpg'));
  });

  it('puts prefixes before keys', async () => {
    const prefixed = originResponse(host({ ...s3, endpoint: proxy.endpoint }, {
      source: { bucket: SOURCE, region: 'us-east-1', prefix: '/in/' }, derived: { bucket: DERIVED, region: 'us-east-1', prefix: 'out' },
    }));
    await s3.put(SOURCE, 'in/p.jpg', photo);
    assert.equal((await ask(prefixed, '/72w/default/p.jpg')).status, 200);
    assert.ok(await s3.get(DERIVED, 'out/72w/default/p.jpg'));
  });

  it('is a 500 in the service\'s own shape when it cannot be used', async () => {
    const broken = originResponse(host(s3, {}, { nonsense: 1 }));
    assertError(await ask(broken, '/73w/default/01.jpg'), 500, 'invalid_configuration');
    const header = { 'x-deckle-config': '{' };
    assertError(await ask(handler, '/73w/default/01.jpg', { customHeaders: header }), 500, 'invalid_configuration');
  });
});
