// CloudFront's order of events end to end: the real function, a real S3 server, the real handler and wasm.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { CloudFront } from '../../local/cloudfront.mjs';
import { responseHeadersPolicy } from '../../local/response-headers.mjs';
import { viewerRequestFunction } from '../../local/viewer-request.mjs';
import { noise, picture } from './support/images.mjs';
import { host, s3Origin } from './support/lambda.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

const FUNCTION = new URL('../../cf-function/dist/viewer-request.js', import.meta.url);

/** Of one answer, and of no interest here. `last-modified` is S3's, and a first answer has none yet. */
const VARYING = new Set(['age', 'date', 'x-cache', 'connection', 'keep-alive', 'last-modified', 'accept-ranges']);

let s3;
let edge;
let port;
let visits;
let code;

const start = async (options = {}) => {
  const cloudFront = new CloudFront({
    viewerRequest: viewerRequestFunction(code),
    originResponse: originResponse(host(s3)),
    origins: { derived: s3Origin(s3, 'derived', options), source: s3Origin(s3, 'source', options) },
    defaultOrigin: 'derived',
    onVisit: (visit) => visits.push(visit),
    ...options,
  });
  return { cloudFront, port: await cloudFront.listen() };
};

/** Sends the path as it stands: `fetch` would tidy it. */
const get = async (path, { method = 'GET', headers = {}, at = port } = {}) => {
  const response = await new Promise((resolve, reject) => {
    request({ port: at, host: '127.0.0.1', path, method, headers }, resolve).on('error', reject).end();
  });
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
};

before(async () => {
  code = await readFile(FUNCTION, 'utf8');
  s3 = await startS3();
  visits = [];
  ({ cloudFront: edge, port } = await start());
  await s3.put(SOURCE, '01.jpg', await picture(300, 500).jpeg().toBuffer(), { ContentType: 'image/jpeg' });
  await s3.put(SOURCE, 'large.jpg', await noise(1600, 1200));
  await s3.put(SOURCE, 'été +1.jpg', await picture(300, 200).jpeg().toBuffer());
});
after(async () => {
  await edge?.close();
  await s3?.stop();
});
afterEach(() => {
  assert.deepEqual(edge.faults, []);
  edge.cache.clear();
  visits.length = 0;
});

describe('one URL, three times', () => {
  it('is made, then found in S3, then in the cache', async () => {
    const url = '/01.jpg?height=400&width=200&style=bw';
    const miss = await get(url);
    assert.deepEqual([miss.status, miss.headers['x-cache']], [200, 'Miss from cloudfront']);
    assert.equal(miss.headers['content-type'], 'image/jpeg');
    assert.match(miss.headers['cache-control'], /max-age=31536000/);
    const { width, height } = await sharp(miss.body).metadata();
    assert.deepEqual([width, height], [200, 333]);
    assert.deepEqual((await s3.get(DERIVED, '400h200w/bw/01.jpg')).bytes, miss.body);

    edge.cache.clear();
    const found = await get(url);
    assert.deepEqual([found.status, found.headers['x-cache']], [200, 'Miss from cloudfront']);
    const hit = await get(url);
    assert.deepEqual([hit.status, hit.headers['x-cache'], hit.headers.age], [200, 'Hit from cloudfront', '0']);
    assert.deepEqual(visits.map(({ path, originStatus }) => [path, originStatus]), [
      ['/400h200w/bw/01.jpg', 403], ['/400h200w/bw/01.jpg', 200], ['/400h200w/bw/01.jpg', undefined],
    ]);
    assert.ok(found.body.equals(miss.body) && hit.body.equals(miss.body));
    assert.equal(found.headers['content-type'], miss.headers['content-type']);
    assert.equal(found.headers['cache-control'], miss.headers['cache-control']);
  });

  it('is one object, however it is written', async () => {
    await get('/01.jpg?w=50&style=bw&utm_source=x');
    for (const url of ['/01.jpg?style=greyscale&width=50', '/50w/bw/01.jpg', '/50w/bw/01.jpg?width=9']) {
      assert.equal((await get(url)).headers['x-cache'], 'Hit from cloudfront', url);
    }
  });
});

describe('an overlay', () => {
  it('is loaded from the bucket of sources and laid, and kept under one path', async () => {
    await s3.put(SOURCE, 'marks/logo a.png', await sharp({ create: { width: 40, height: 20, channels: 3, background: '#ff0000' } }).png().toBuffer());
    const made = await get('/01.jpg?w=100&format=png&overlay=marks/logo%20a.png,top-left,width:20%25');
    assert.equal(made.status, 200, made.body.toString());
    const { data, info } = await sharp(made.body).raw().toBuffer({ resolveWithObject: true });
    const at = (x, y) => [...data.subarray((y * info.width + x) * info.channels).subarray(0, 3)];
    assert.deepEqual([info.width, at(5, 5), at(19, 9)], [100, [255, 0, 0], [255, 0, 0]]);
    assert.notDeepEqual(at(30, 5), [255, 0, 0]);
    const again = await get('/01.jpg?format=png&overlay=marks/logo%20a.png,northwest,width:020%25&w=100');
    assert.ok(again.status === 200 && again.body.equals(made.body));
    const token = Buffer.from('marks/logo a.png,top-left,width:20%').toString('base64url');
    assert.deepEqual((await s3.get(DERIVED, `100w/overlay_${token}~format-png/01.jpg`)).bytes, made.body);
  });

  it('and text are laid in this order', async () => {
    const url = '/01.jpg?w=100&format=png&overlay=marks/logo%20a.png,top-left,width:100%25';
    const [plain, written] = [await get(url), await get(`${url}&text=Hi,top-left,size:30,colour:00f`)];
    const colours = await sharp(written.body).extract({ left: 0, top: 0, width: 40, height: 40 }).stats();
    assert.deepEqual([plain.status, written.status, colours.channels[2].max], [200, 200, 255]);
  });

  it('that is missing is a 404 that names it', async () => {
    const { status, body } = await get('/01.jpg?w=100&overlay=nothing.png');
    assert.deepEqual([status, JSON.parse(body).message], [404, 'there is no such overlay: nothing.png']);
  });
});

describe('a bucket that says 404', () => {
  it('is the same', async () => {
    const other = await start({ missingStatus: 404 });
    try {
      const { status } = await get('/01.jpg?width=51', { at: other.port });
      assert.deepEqual([status, visits[0].originStatus, other.cloudFront.faults.length], [200, 404, 0]);
    } finally {
      await other.cloudFront.close();
    }
  });
});

describe('HTTP', () => {
  it('answers HEAD from the origin and from the cache', async () => {
    const head = await get('/01.jpg?width=52', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body.length], [200, 0]);
    await get('/01.jpg?width=52');
    const kept = await get('/01.jpg?width=52', { method: 'HEAD' });
    assert.deepEqual([kept.status, kept.body.length, kept.headers['x-cache']], [200, 0, 'Hit from cloudfront']);
    assert.ok(Number(kept.headers['content-length']) > 100);
  });

  it('answers 304 to who has it, on a miss and on a hit', async () => {
    const { headers } = await get('/01.jpg?width=53');
    const had = { 'if-none-match': headers.etag };
    const hit = await get('/01.jpg?width=53', { headers: had });
    assert.deepEqual([hit.status, hit.body.length, hit.headers['x-cache']], [304, 0, 'Hit from cloudfront']);
    edge.cache.clear();
    const fromS3 = await get('/01.jpg?width=53');
    edge.cache.clear();
    assert.equal((await get('/01.jpg?width=53', { headers: { 'if-none-match': fromS3.headers.etag } })).status, 304);
  });

  it('sends the same bytes to all who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => get('/01.jpg?width=54')));
    for (const { status, body } of answers) assert.deepEqual([status, body.equals(answers[0].body)], [200, true]);
  });

  it('answers a bad value itself, with what is wrong', async () => {
    const { status, headers, body } = await get('/01.jpg?width=9000');
    assert.deepEqual([status, headers['x-cache']], [400, 'FunctionGeneratedResponse from cloudfront']);
    assert.equal(JSON.parse(body).parameter, 'width');
  });

  it('keeps a 404 for a moment', async () => {
    const first = await get('/none.jpg?width=10');
    assert.deepEqual([first.status, JSON.parse(first.body).code, first.headers['x-cache']], [404, 'not_found', 'Error from cloudfront']);
    await get('/none.jpg?width=10');
    assert.equal(visits[1].originStatus, undefined);
  });
});

describe('requests for the same at the same time', () => {
  it('are one event and one image', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => get('/01.jpg?width=123')));
    for (const { status, body } of answers) assert.deepEqual([status, body.equals(answers[0].body)], [200, true]);
    assert.equal(new Set(answers.map(({ headers }) => headers.etag)).size, 1);
  });
});

describe('the headers of a derived image', () => {
  it('are the same on every way: made, from S3, from the cache', async () => {
    const { cloudFront, port: at } = await start({ responseHeaders: responseHeadersPolicy() });
    try {
      const names = (answer) => Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !VARYING.has(name)));
      const made = await get('/01.jpg?width=124&format=auto', { at, headers: { accept: 'image/webp' } });
      cloudFront.cache.clear();
      const stored = await get('/01.jpg?width=124&format=auto', { at, headers: { accept: 'image/webp' } });
      const cached = await get('/01.jpg?width=124&format=auto', { at, headers: { accept: 'image/webp' } });
      assert.deepEqual(visits.map(({ originStatus }) => originStatus), [403, 200, undefined]);
      assert.deepEqual(names(stored), names(made));
      assert.deepEqual(names(cached), names(made));
      const { vary, etag, ...rest } = names(made);
      assert.deepEqual([vary, rest['x-content-type-options'], rest['access-control-allow-origin']], ['accept', 'nosniff', '*']);
      assert.ok(etag);
      assert.deepEqual(Object.keys(made.headers).filter((name) => /^(x-amz-|server)/.test(name)), []);
    } finally {
      await cloudFront.close();
    }
  });
});

describe('a document that might run script', () => {
  it('has the policy that lets it run none, whatever its size', async () => {
    const { cloudFront, port: at } = await start({ responseHeaders: responseHeadersPolicy() });
    try {
      for (const size of [10, 1_500_000]) {
        const page = `<svg xmlns="http://www.w3.org/2000/svg"><!--${'x'.repeat(size)}--></svg>`;
        await s3.put(SOURCE, `page-${size}.html`, page, { ContentType: 'text/html' });
        const answer = await get(`/page-${size}.html?width=9`, { at });
        assert.match(answer.headers['content-security-policy'], /sandbox/);
        assert.deepEqual((await s3.list(DERIVED)).filter((key) => key.includes('page-')), []);
      }
    } finally {
      await cloudFront.close();
    }
  });
});

describe('a request that is none', () => {
  it('is a 400 with a fragment, and a 414 when it is too long', async () => {
    for (const [path, status] of [['/01.jpg#frag', 400], ['/01.jpg?x=1#frag', 400], [`/${'a'.repeat(8_300)}.jpg`, 414]]) {
      const answer = await get(path);
      assert.deepEqual([answer.status, JSON.parse(answer.body).status], [status, status]);
    }
  });
});

describe('a result that is too large', () => {
  it('is a redirect that is not kept, and then the image from S3', async () => {
    const url = '/large.jpg?width=1500&quality=95';
    const first = await get(url);
    assert.deepEqual([first.status, first.headers['cache-control']], [302, 'private, no-store']);
    const second = await get(first.headers.location);
    assert.deepEqual([second.status, visits[1].originStatus], [200, 200]);
    assert.equal((await sharp(second.body).metadata()).width, 1500);
    assert.equal((await get(url)).headers['x-cache'], 'Hit from cloudfront');
  });
});

describe('keys', () => {
  it('may hold anything that a URL can escape', async () => {
    const url = `/${encodeURIComponent('été +1.jpg')}?width=40`;
    const first = await get(url);
    assert.equal(first.status, 200);
    edge.cache.clear();
    assert.ok((await get(url)).body.equals(first.body));
    assert.deepEqual(visits.map(({ originStatus }) => originStatus), [403, 200]);
    assert.ok((await s3.list(DERIVED)).includes('40w/default/été +1.jpg'));
  });

  for (const path of ['/%00.jpg?width=10', '/a/../01.jpg?width=10', '/%zz.jpg?width=10', '//evil.example/?width=10', '/a%5cb.jpg?width=10']) {
    it(`are refused: ${path}`, async () => assert.equal((await get(path)).status, 400));
  }
});

describe('originals', () => {
  it('come from the source, by way of the handler', async () => {
    const { status, body } = await get('/01.jpg');
    assert.deepEqual([status, visits[0].originStatus], [200, 403]);
    assert.ok(body.equals((await s3.get(SOURCE, '01.jpg')).bytes));
  });

  it('come from their own origin when the function selects it', async () => {
    const select = "import cf from 'cloudfront';function handler(event){cf.selectRequestOriginById('source');return event.request}";
    const other = await start({ viewerRequest: viewerRequestFunction(select) });
    try {
      assert.equal((await get('/01.jpg', { at: other.port })).status, 200);
      assert.deepEqual([visits[0].origin, visits[0].originStatus], ['source', 200]);
      assert.equal((await get('/none.jpg', { at: other.port })).status, 404);
    } finally {
      await other.cloudFront.close();
    }
  });
});

describe('what the service would answer 502 or 503 to', () => {
  it('is a loud 500 that names the reason, and is counted', async (t) => {
    const log = t.mock.method(console, 'error', () => {});
    const cases = [
      [{ originResponse: async () => ({ status: 200, headers: {} }) }, /status is 200/],
      [{ originResponse: async () => { throw new Error('by mistake'); } }, /by mistake/],
      [{ viewerRequest: viewerRequestFunction('function handler(){throw new Error("by design")}') }, /by design/],
      [{ defaultOrigin: 'nowhere' }, /does not have/],
    ];
    for (const [options, expected] of cases) {
      const { cloudFront, port: at } = await start(options);
      const { status, body } = await get('/01.jpg?width=55', { at });
      await cloudFront.close();
      assert.equal(status, 500);
      assert.match(String(body), expected);
      assert.match(cloudFront.faults.join(), expected);
    }
    assert.ok(log.mock.callCount() >= cases.length);
  });
});
