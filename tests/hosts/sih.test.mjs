// URLs of AWS's Serverless Image Handler, through CloudFront's order of events: the real function, a real S3 server, the real wasm.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { build } from '../../cf-function/build.mjs';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { CloudFront } from '../../local/cloudfront.mjs';
import { viewerRequestFunction } from '../../local/viewer-request.mjs';
import { bySharp, CONTROLS } from '../truth/demo-page.mjs';
import { difference } from '../truth/difference.mjs';
import { noise, picture } from './support/images.mjs';
import { host, s3Origin } from './support/lambda.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

const SIH = { sourceBuckets: [SOURCE, 'marks'], fallback: { key: 'fallback.png' } };
const EDITS = { resize: { width: 400, height: 100, fit: 'cover' } };

let s3;
const edges = [];

/** An edge whose configuration has this section. */
async function start(sih = SIH, dialects = ['sih', 'thumbor', 'native'], aws = {}) {
  const config = { dialects, sih };
  const code = build({ ...config, cloudfront: { sourceOriginId: 'source' } });
  // the other bucket of the sources stands in for one of another name
  const cloudFront = new CloudFront({
    viewerRequest: viewerRequestFunction(code),
    originResponse: originResponse(host(s3, { buckets: { marks: { bucket: DERIVED, prefix: 'marks' } }, ...aws }, config)),
    origins: { derived: s3Origin(s3, 'derived'), source: s3Origin(s3, 'source') },
    defaultOrigin: 'derived',
  });
  edges.push(cloudFront);
  return { cloudFront, port: await cloudFront.listen() };
}

const get = async (port, path, headers = {}) => {
  const response = await new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers }, resolve).on('error', reject).end();
  });
  const body = await buffer(response);
  return { status: response.statusCode, headers: response.headers, body };
};
const base64 = (value) => `/${Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')}`;
const sizeOf = async ({ body }) => {
  const { width, height, format } = await sharp(body).metadata();
  return [width, height, format];
};

let edge;
before(async () => {
  s3 = await startS3();
  await s3.put(SOURCE, '01.jpg', await picture(600, 400).jpeg().toBuffer(), { ContentType: 'image/jpeg' });
  await s3.put(SOURCE, 'demo.png', await picture(300, 200).png().toBuffer(), { ContentType: 'image/png' });
  await s3.put(SOURCE, 'fallback.png', await picture(30, 20).png().toBuffer(), { ContentType: 'image/png' });
  await s3.put(DERIVED, 'marks/logo.png', await picture(50, 40).png().toBuffer(), { ContentType: 'image/png' });
  edge = await start();
});
after(async () => {
  for (const one of edges) await one.close();
  await s3?.stop();
});
afterEach(() => {
  for (const one of edges) assert.deepEqual(one.faults.splice(0), []);
});

describe('the request of the slide', () => {
  const json = { bucket: SOURCE, key: '01.jpg', edits: EDITS };

  it('answers the same picture however its JSON is written and padded', async () => {
    const pretty = `${JSON.stringify(json, null, 2)}\n`;
    const spellings = [base64(json), base64(pretty), base64(`${pretty} `), base64(`${pretty}  `), base64(pretty + ' '.repeat(5500))];
    assert.ok(spellings.some((path) => path.endsWith('==')) && spellings.at(-1).length > 7_500);
    const answers = [];
    for (const path of spellings) answers.push(await get(edge.port, path));
    for (const answer of answers) {
      assert.equal(answer.status, 200, answer.body.toString());
      assert.deepEqual(await sizeOf(answer), [400, 100, 'jpeg']);
      assert.ok(answer.body.equals(answers[0].body));
    }
  });

  it('answers the same picture in our words', async () => {
    const edits = Buffer.from(JSON.stringify({ width: 400, height: 100, fit: 'cover' })).toString('base64');
    const [ours, theirs] = [await get(edge.port, `/01.jpg?edits=${encodeURIComponent(edits)}`), await get(edge.port, base64(json))];
    const pixels = ({ body }) => sharp(body).raw().toBuffer();
    assert.ok((await pixels(ours)).equals(await pixels(theirs)));
  });

  it('has the headers of the handler, a tag, and 304', async () => {
    const { headers } = await get(edge.port, base64(json));
    assert.equal(headers['access-control-allow-methods'], 'GET');
    assert.match(headers['cache-control'], /max-age=31536000/);
    edge.cloudFront.cache.clear();
    assert.equal((await get(edge.port, base64(json), { 'if-none-match': headers.etag })).status, 304);
  });
});

describe('the demo page', () => {
  for (const [control, edits] of Object.entries(CONTROLS)) {
    it(`has its picture of ${control}`, async () => {
      const { status, body } = await get(edge.port, base64({ bucket: SOURCE, key: 'demo.png', edits }));
      assert.equal(status, 200, body.toString());
      const { mean } = await difference(body, await bySharp(picture(300, 200), edits));
      assert.ok(mean <= 1, `mean ${mean}`);
    });
  }
});

describe('what a query says', () => {
  it('reaches the origin and is told apart by the cache', async () => {
    const [small, large] = [await get(edge.port, '/01.jpg?width=100&utm=1'), await get(edge.port, '/01.jpg?width=800')];
    assert.deepEqual([await sizeOf(small), await sizeOf(large)], [[100, 67, 'jpeg'], [800, 533, 'jpeg']]);
    assert.equal((await get(edge.port, '/01.jpg?utm=2&width=100')).headers['x-cache'], 'Hit from cloudfront');
    assert.deepEqual(await sizeOf(await get(edge.port, '/fit-in/300x300/01.jpg?rotate=90')), [200, 300, 'jpeg']);
  });

  it('is checked against its signature, and nothing is answered without one', async () => {
    const { port } = await start({ ...SIH, fallback: undefined, signature: { secret: 'of AWS' } });
    const sign = (text) => createHmac('sha256', 'of AWS').update(text).digest('hex');
    const good = await get(port, `/01.jpg?width=50&format=png&signature=${sign('/01.jpg?format=png&width=50')}`);
    assert.deepEqual(await sizeOf(good), [50, 33, 'png']);
    const code = async (path) => JSON.parse((await get(port, path)).body).code;
    assert.equal(await code(`/01.jpg?width=51&signature=${sign('/01.jpg?width=50')}`), 'SignatureDoesNotMatch');
    assert.equal(await code('/01.jpg?width=50'), 'AuthorizationQueryParametersError');
    // stored, and still not shown to those who ask for it by its canonical path
    assert.equal(await code('/50w/format-png/01.jpg'), 'AuthorizationQueryParametersError');
    const expires = '29990101T000000Z';
    const ends = await get(port, `/01.jpg?expires=${expires}&width=60&signature=${sign(`/01.jpg?expires=${expires}&width=60`)}`);
    assert.match(ends.headers['cache-control'], /^max-age=\d{9,},public$/);
  });

  it('is WebP for those who accept it, where the configuration says so', async () => {
    const { port } = await start({ ...SIH, autoWebp: true });
    assert.equal((await sizeOf(await get(port, '/20x0/01.jpg', { accept: 'image/webp,*/*' })))[2], 'webp');
    assert.equal((await sizeOf(await get(port, '/20x0/01.jpg', { accept: 'image/*' })))[2], 'jpeg');
    assert.equal((await sizeOf(await get(port, '/01.jpg', { accept: 'image/webp' })))[2], 'webp');
  });
});

describe('another bucket', () => {
  it('has sources and overlays', async () => {
    assert.deepEqual(await sizeOf(await get(edge.port, '/s3:marks/logo.png')), [50, 40, 'png']);
    assert.deepEqual(await sizeOf(await get(edge.port, '/s3:marks/10x0/logo.png')), [10, 8, 'png']);
    const marked = await get(edge.port, '/200x0/filters:watermark(marks,logo.png,-10,-10,50)/01.jpg');
    assert.deepEqual(await sizeOf(marked), [200, 133, 'jpeg']);
    assert.ok(!marked.body.equals((await get(edge.port, '/200x0/01.jpg')).body));
  });

  it('that is not in the list is refused', async () => {
    const { port } = await start({ ...SIH, fallback: undefined });
    const refused = await get(port, base64({ bucket: 'secrets', key: 'a' }));
    assert.deepEqual([refused.status, JSON.parse(refused.body).code], [403, 'ImageBucket::CannotAccessBucket']);
  });
});

describe('an error', () => {
  it('shows the fallback image with its own status, and not for a year', async () => {
    const answer = await get(edge.port, '/20x20/nothing.jpg');
    assert.equal(answer.status, 404);
    assert.deepEqual(await sizeOf(answer), [30, 20, 'png']);
    assert.equal(answer.headers['cache-control'], 'public, max-age=60');
  });

  it('is told in the handler\'s words where there is no such image', async () => {
    const { port } = await start({ ...SIH, fallback: { key: 'not there either' } });
    const { status, headers, body } = await get(port, '/20x20/nothing.jpg');
    const message = 'The image nothing.jpg does not exist or the request may not be base64 encoded properly.';
    assert.equal(body.toString(), JSON.stringify({ status: 404, code: 'NoSuchKey', message }));
    assert.deepEqual([status, headers['cache-control']], [404, 'public, max-age=10']);
  });
});

describe('what is too large for the edge', () => {
  it('is never a redirect to another object', async () => {
    const film = Buffer.alloc(900_000, 1);
    const cut = (await noise(1200, 900)).subarray(0, -200_000);
    await s3.put(DERIVED, 'marks/film.mp4', film, { ContentType: 'video/mp4' });
    await s3.put(SOURCE, 'large.png', film, { ContentType: 'image/png' });
    await s3.put(SOURCE, 'cut.jpg', cut, { ContentType: 'image/jpeg' });
    const { port } = await start({ ...SIH, fallback: { key: 'large.png' } }, undefined, { originals: true });
    for (const path of ['/s3:marks/film.mp4', '/20x20/nothing.jpg']) {
      const { status, headers } = await get(port, path);
      assert.deepEqual([status, headers.location], [413, undefined], path);
    }
    // a damaged source is answered and not stored: the original is where its viewer is sent, and not what is laid on it
    const marked = await get(port, '/1200x900/filters:quality(98):watermark(marks,logo.png,-10,-10,50)/cut.jpg');
    assert.deepEqual([marked.status, marked.headers.location], [302, '/cut.jpg']);
  });
});

describe('native URLs', () => {
  it('are read beside the others, in the order of the configuration', async () => {
    const { port } = await start(SIH, ['native', 'sih', 'thumbor']);
    assert.deepEqual(await sizeOf(await get(port, '/01.jpg?width=800')), [600, 400, 'jpeg']);
    assert.deepEqual(await sizeOf(await get(port, '/800x0/01.jpg')), [800, 533, 'jpeg']);
    for (const { port: one } of [edge, { port }]) {
      assert.deepEqual(await sizeOf(await get(one, '/01.jpg?w=100&style=bw')), [100, 67, 'jpeg']);
      assert.equal((await get(one, '/100w/bw/01.jpg')).status, 200);
    }
  });
});
