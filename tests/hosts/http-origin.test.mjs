// Sources on an HTTP server, on AWS.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { httpOrigins, urlOf } from '../../lambda/src/http-origin.mjs';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { picture } from './support/images.mjs';
import { ask, assertError, host } from './support/lambda.mjs';
import { DERIVED, startS3 } from './support/s3-server.mjs';

let s3;
let server;
let handler;
let photo;
const seen = [];

before(async () => {
  s3 = await startS3();
  photo = await picture(300, 200).jpeg().toBuffer();
  server = createServer((request, response) => {
    seen.push([request.url, request.headers['x-secret']]);
    if (request.url.endsWith('/hang.jpg')) return;
    if (request.url.endsWith('/stall.jpg')) {
      response.writeHead(200, { 'content-length': photo.length }).write(photo.subarray(0, 1_000));
      return;
    }
    if (request.url.endsWith('/moved.jpg')) return void response.writeHead(302, { location: '/media/a.jpg' }).end();
    if (request.url.endsWith('/none.jpg')) return void response.writeHead(404).end('none');
    response.writeHead(200, { 'content-type': 'image/jpeg', etag: '"of the shop"' }).end(photo);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/media/`;
  handler = originResponse(host(s3, { loadTimeoutMs: 500, origins: { 'shop/': { url, headers: { 'x-secret': 'known to both' } } } }));
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await s3?.stop();
});

describe('a source on an HTTP server', () => {
  it('is asked for with its header, under the base, and its image is stored', async () => {
    const { status, headers } = await ask(handler, '/60w/default/shop/a%20b/%C3%BC%3F.jpg');
    assert.deepEqual([status, headers['content-type']], [200, 'image/jpeg']);
    assert.deepEqual(seen.at(-1), ['/media/a%20b/%C3%BC%3F.jpg', 'known to both']);
    assert.equal((await s3.get(DERIVED, '60w/default/shop/a b/ü?.jpg')).Metadata['source-etag'], '"of the shop"');
  });

  it('is passed on where it is asked for as it is', async () => assert.deepEqual((await ask(handler, '/shop/a.jpg')).body, photo));

  it('that is not there is a 404, one that moved, hangs or stops a 502 or 504', async () => {
    assertError(await ask(handler, '/60w/default/shop/none.jpg'), 404, 'not_found');
    assertError(await ask(handler, '/60w/default/shop/moved.jpg'), 502, 'source_unavailable');
    assertError(await ask(handler, '/60w/default/shop/hang.jpg'), 504, 'source_timeout');
    assertError(await ask(handler, '/60w/default/shop/stall.jpg'), 504, 'source_timeout');
  });

  it('is never looked for outside the base', () => {
    const [origin] = httpOrigins({ 'shop/': 'https://shop.example.com/media/' });
    assert.equal(urlOf(origin, 'shop/../x.jpg'), undefined);
    assert.equal(urlOf(origin, 'shop//evil.example.com/x').origin, 'https://shop.example.com');
    assert.equal(urlOf(origin, 'shop/a:b@c').href, 'https://shop.example.com/media/a%3Ab%40c');
  });

  it('is refused where a key could lead away from it', () => {
    for (const [prefix, url] of [['ext', 'https://a.example/'], ['ext/', 'https://a.example/media'], ['ext/', 'https://u@a.example/'], ['ext/', 'https://a.example/?x=/'], ['ext/', 'ftp://a.example/'], ['ext/', 'a.example/']]) {
      assert.throws(() => httpOrigins({ [prefix]: url }), { code: 'invalid_configuration' }, url);
    }
  });
});
