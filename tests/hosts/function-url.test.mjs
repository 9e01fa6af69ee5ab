// The Function URL handler over a real S3 server, buffered and streamed.

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { functionUrl, MAX_BUFFERED_BYTES } from '../../lambda/src/function-url.mjs';
import { startFaultProxy } from './support/fault-proxy.mjs';
import { picture } from './support/images.mjs';
import { assertError, host } from './support/lambda.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

let s3;
let proxy;
let handlers;
const film = Buffer.alloc(5_000_000, 1);

const event = (rawPath, { method = 'GET', query = '', headers = {} } = {}) => ({
  version: '2.0', rawPath, rawQueryString: query, headers, requestContext: { http: { method, path: rawPath } },
});

before(async () => {
  s3 = await startS3();
  proxy = await startFaultProxy(s3.endpoint);
  handlers = functionUrl(host({ ...s3, endpoint: proxy.endpoint }, { loadTimeoutMs: 1_000 }));
  await s3.put(SOURCE, '01.jpg', await picture(300, 200).jpeg().toBuffer(), { ContentType: 'image/jpeg' });
  await s3.put(SOURCE, 'film.mp4', film, { ContentType: 'video/mp4' });
});
after(async () => {
  await proxy?.stop();
  await s3?.stop();
});
afterEach(() => proxy.answer(() => undefined));

describe('a buffered answer', () => {
  const ask = async (...args) => {
    const { statusCode, headers, body, isBase64Encoded } = await handlers.buffered(event(...args));
    assert.equal(isBase64Encoded, true);
    return { status: statusCode, headers, body: Buffer.from(body, 'base64') };
  };

  it('is the image, which is stored', async () => {
    const { status, headers, body } = await ask('/60w/bw/01.jpg');
    assert.deepEqual([status, headers['content-type'], (await sharp(body).metadata()).width], [200, 'image/jpeg', 60]);
    assert.deepEqual((await s3.get(DERIVED, '60w/bw/01.jpg')).bytes, body);
  });

  it('is decided by the path alone: the CloudFront Function has read the query and the headers', async () => {
    const headers = { accept: 'image/webp', 'cloudfront-is-mobile-viewer': 'true' };
    const { status, headers: answered } = await ask('/61w/bw/01.jpg', { query: 'width=99&format=auto', headers });
    assert.deepEqual([status, answered['content-type'], answered.vary], [200, 'image/jpeg', undefined]);
    assert.ok(await s3.get(DERIVED, '61w/bw/01.jpg'));
  });

  it('is served under the canonical path when the path is spelled otherwise', async () => {
    const { body } = await ask('/65w/greyscale/01.jpg');
    assert.deepEqual((await s3.get(DERIVED, '65w/bw/01.jpg')).bytes, body);
    assert.equal(await s3.get(DERIVED, '65w/greyscale/01.jpg'), undefined);
    const again = await ask('/65w/greyscale/01.jpg');
    assert.deepEqual([again.status, again.headers['cache-status'], again.body], [200, undefined, body]);
  });

  it('has one tag on every way, the one that S3 answers', async () => {
    const made = await ask('/66w/bw/01.jpg');
    const { ETag: tag } = await s3.get(DERIVED, '66w/bw/01.jpg');
    assert.equal(made.headers.etag, tag);
    const first = await ask('/66w/greyscale~fit-cover/01.jpg');
    assert.deepEqual([first.status, first.headers.etag], [200, tag]);
    const again = await ask('/66w/greyscale~fit-cover/01.jpg', { headers: { 'if-none-match': tag } });
    assert.deepEqual([again.status, again.headers.etag], [304, tag]);
  });

  it('is whole where S3 has lost it, under the tag that it had', async () => {
    const { headers, body } = await ask('/62w/default/01.jpg');
    const again = await ask('/62w/default/01.jpg', { headers: { 'if-none-match': headers.etag } });
    assert.deepEqual([again.status, again.headers.etag, again.body], [200, headers.etag, body]);
  });

  it('has no body for HEAD', async () => {
    const { status, body } = await ask('/63w/default/01.jpg', { method: 'HEAD' });
    assert.deepEqual([status, body.length], [200, 0]);
    assert.ok(await s3.get(DERIVED, '63w/default/01.jpg'));
  });

  it('is refused over 6 MB when it is an original, and no copy is made', async () => {
    assert.ok(film.length > MAX_BUFFERED_BYTES);
    assertError(await ask('/64w/default/film.mp4'), 413, 'result_too_large');
    assert.equal(await s3.get(DERIVED, '64w/default/film.mp4'), undefined);
  });

  it('is an error in the service\'s own shape', async () => {
    assertError(await ask('/60w/default/none.jpg'), 404, 'not_found');
    assertError(await ask('/01.jpg', { method: 'POST' }), 405, 'method_not_allowed');
    const { statusCode, headers, body } = await handlers.buffered({});
    assertError({ status: statusCode, headers, body: Buffer.from(body, 'base64') }, 500, 'internal');
  });
});

describe('a streamed answer', () => {
  const ask = async (...args) => {
    const stream = new PassThrough();
    let metadata;
    globalThis.awslambda = { HttpResponseStream: { from: (to, said) => { metadata = said; return to; } } };
    const body = buffer(stream);
    await handlers.streamed(event(...args), stream);
    delete globalThis.awslambda;
    return { status: metadata.statusCode, headers: metadata.headers, body: await body };
  };

  it('is the image, which is stored', async () => {
    const { status, headers, body } = await ask('/70w/bw/01.jpg');
    assert.equal(status, 200);
    const stored = await s3.get(DERIVED, '70w/bw/01.jpg');
    assert.deepEqual(stored.bytes, body);
    assert.equal(headers.etag, stored.ETag);
  });

  it('may be as large as an object is', async () => {
    const { status, body, headers } = await ask('/71w/default/film.mp4');
    assert.deepEqual([status, headers['content-type'], body.equals(film)], [200, 'video/mp4', true]);
  });

  it('breaks off when S3 stops or breaks off in the middle of it', async () => {
    for (const [fault, least, most] of [['stall', 900, 2_500], ['truncate', 0, 900]]) {
      proxy.answer(({ path }) => (path.endsWith('film.mp4') ? fault : undefined));
      const start = performance.now();
      await assert.rejects(ask('/71w/default/film.mp4'));
      const milliseconds = performance.now() - start;
      assert.ok(milliseconds >= least && milliseconds < most, `${fault}: ${milliseconds} ms`);
      assert.equal(await s3.get(DERIVED, '71w/default/film.mp4'), undefined);
    }
  });

  it('waits for a viewer that takes longer than S3 may', async () => {
    const stream = new PassThrough();
    globalThis.awslambda = { HttpResponseStream: { from: (to) => to } };
    const sent = handlers.streamed(event('/71w/default/film.mp4'), stream);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.ok((await buffer(stream)).equals(film));
    await sent;
    delete globalThis.awslambda;
  });

  it('is an error in the service\'s own shape', async () => assertError(await ask('/60w/default/none.jpg'), 404, 'not_found'));
});
