// The package as it is deployed, under AWS's own runtime: what the service gets, byte by byte.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { picture } from './support/images.mjs';
import { BUCKETS } from './support/lambda.mjs';
import { startRuntime, streamedAnswer, unavailable } from './support/lambda-runtime.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

const LAMBDA = fileURLToPath(new URL('../../lambda', import.meta.url));
const folder = `${LAMBDA}/dist/deckle`;
const film = Buffer.alloc(3_000_000, 1);
let s3;
let env;

before(async () => {
  await promisify(execFile)(process.execPath, [`${LAMBDA}/build.mjs`]);
  s3 = await startS3();
  await s3.put(SOURCE, '01.jpg', await picture(300, 200).jpeg().toBuffer(), { ContentType: 'image/jpeg' });
  await s3.put(SOURCE, 'film.mp4', film, { ContentType: 'video/mp4' });
  await s3.put(SOURCE, 'nothing.txt', '', { ContentType: 'text/plain' });
  const { accessKeyId, secretAccessKey } = s3.credentials;
  env = { AWS_ENDPOINT_URL_S3: s3.endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
});
after(() => s3?.stop());

describe('the function behind a Function URL', { skip: unavailable }, () => {
  let runtime;
  before(async () => {
    runtime = await startRuntime({ folder, handler: 'url.handler', env: { ...env, DECKLE: JSON.stringify({ aws: BUCKETS, cors: 'https://a.example' }) } });
  });
  after(() => runtime?.stop());
  const ask = async (rawPath, method = 'GET', headers = {}) => (
    streamedAnswer(await runtime.invoke({ version: '2.0', rawPath, rawQueryString: '', headers, requestContext: { http: { method, path: rawPath } } }))
  );

  it('sends status, headers and the image, configured by its environment', async () => {
    const { status, headers, body } = await ask('/60w/bw/01.jpg');
    assert.deepEqual([status, headers['content-type'], headers['access-control-allow-origin']], [200, 'image/jpeg', 'https://a.example']);
    assert.equal((await sharp(body).metadata()).width, 60);
    assert.deepEqual((await s3.get(DERIVED, '60w/bw/01.jpg')).bytes, body);
  });

  it('sends a head where there is no body: HEAD, an empty object, 304', async () => {
    const made = await ask('/61w/default/01.jpg', 'HEAD');
    assert.deepEqual([made.status, made.headers['content-type'], made.body.length], [200, 'image/jpeg', 0]);
    const empty = await ask('/nothing.txt');
    assert.deepEqual([empty.status, empty.body.length], [200, 0]);
    const same = await ask('/61w/greyscale~fit-cover/01.jpg');
    const again = await ask('/61w/greyscale~fit-cover/01.jpg', 'GET', { 'if-none-match': same.headers.etag });
    assert.deepEqual([again.status, again.body.length], [304, 0]);
  });

  it('sends an original as it comes', async () => {
    const { status, headers, body } = await ask('/film.mp4');
    assert.deepEqual([status, headers['content-type'], body.equals(film)], [200, 'video/mp4', true]);
  });

  it('sends an error as an error', async () => {
    const { status, body } = await ask('/60w/default/none.jpg');
    assert.deepEqual([status, JSON.parse(body).code], [404, 'not_found']);
  });
});

describe('the function at the edge', { skip: unavailable }, () => {
  it('answers what CloudFront reads, configured by the origin\'s header', async () => {
    const runtime = await startRuntime({ folder, handler: 'edge.handler', env });
    const value = JSON.stringify({ aws: { source: BUCKETS.source } });
    const { what, body } = await runtime.invoke({ Records: [{ cf: {
      request: {
        method: 'GET', uri: '/62w/bw/01.jpg', headers: {},
        origin: { s3: {
          domainName: `${DERIVED}.s3.us-east-1.amazonaws.com`, region: 'us-east-1', path: '',
          customHeaders: { 'x-deckle-config': [{ key: 'x-deckle-config', value }] },
        } },
      },
      response: { status: '403', statusDescription: 'Forbidden', headers: {} },
    } }] });
    await runtime.stop();
    const response = JSON.parse(body);
    assert.deepEqual([what, response.status, response.headers['content-type'][0].value], ['response', '200', 'image/jpeg']);
    assert.equal((await sharp(Buffer.from(response.body, 'base64')).metadata()).width, 62);
  });
});
