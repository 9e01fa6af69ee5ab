// Strict Thumbor's URLs, configured as its documentation says, through CloudFront's order of events.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { build } from '../../cf-function/build.mjs';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { CloudFront } from '../../local/cloudfront.mjs';
import { viewerRequestFunction } from '../../local/viewer-request.mjs';
import { picture } from './support/images.mjs';
import { host, s3Origin } from './support/lambda.mjs';
import { SOURCE, startS3 } from './support/s3-server.mjs';

const sign = (path) => createHmac('sha1', 'key').update(path).digest('base64url').concat('=');

let s3;
before(async () => {
  s3 = await startS3();
  await s3.put(SOURCE, 'a.png', await picture(60, 40).png().toBuffer(), { ContentType: 'image/png' });
});
after(() => s3?.stop());

/** Runs with an edge of this configuration; `get` answers status, and size and format or code. */
async function withEdge(config, run) {
  const code = build({ ...config, cloudfront: { sourceOriginId: 'source' } });
  const cloudFront = new CloudFront({
    viewerRequest: viewerRequestFunction(code),
    originResponse: originResponse(host(s3, {}, config)),
    origins: { derived: s3Origin(s3, 'derived'), source: s3Origin(s3, 'source') },
    defaultOrigin: 'derived',
  });
  const port = await cloudFront.listen();
  try {
    await run(async (path) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
      const body = Buffer.from(await response.arrayBuffer());
      if (response.status !== 200) return [response.status, JSON.parse(body).code];
      const { width, height, format } = await sharp(body).metadata();
      return [200, width, height, format];
    });
    assert.deepEqual(cloudFront.faults, []);
  } finally {
    await cloudFront.close();
  }
}

test('without a key, unsafe URLs are read', async () => {
  await withEdge({ dialects: ['thumbor', 'native'], thumbor: 'strict' }, async (get) => {
    assert.deepEqual(await get('/unsafe/30x30/a.png'), [200, 30, 30, 'png']);
    assert.deepEqual(await get('/unsafe/fit-in/30x30/filters:format(jpeg):grayscale()/a.png'), [200, 30, 20, 'jpeg']);
    assert.deepEqual(await get('/unsafe/-20x0/smart/a.png'), [200, 20, 13, 'png']);
    assert.deepEqual(await get('/a.png?width=20'), [200, 20, 13, 'png']);
    assert.deepEqual(await get('/unsafe/30x30/none.png'), [404, 'not_found']);
  });
});

test('with a key, URLs are signed', async () => {
  await withEdge({ dialects: ['thumbor'], thumbor: { mode: 'strict', securityKey: 'key' } }, async (get) => {
    assert.deepEqual(await get(`/${sign('30x30/a.png')}/30x30/a.png`), [200, 30, 30, 'png']);
    assert.deepEqual(await get(`/${sign('30x30/a.png')}/31x30/a.png`), [403, 'invalid_signature']);
    assert.equal((await get('/unsafe/30x30/a.png'))[0], 403);
  });
});
