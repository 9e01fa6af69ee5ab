// The same on AWS: the CloudFront Function decides, and what is behind it checks.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import sharp from 'sharp';

import { build } from '../../cf-function/build.mjs';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { CloudFront } from '../../local/cloudfront.mjs';
import { viewerRequestFunction } from '../../local/viewer-request.mjs';
import { picture } from './support/images.mjs';
import { host, s3Origin } from './support/lambda.mjs';
import { SOURCE, startS3 } from './support/s3-server.mjs';

let s3;
const open = [];

async function started(config) {
  const origins = { derived: s3Origin(s3, 'derived'), source: s3Origin(s3, 'source') };
  const edge = new CloudFront({ viewerRequest: viewerRequestFunction(build(config)), originResponse: originResponse(host(s3, {}, config)), origins, defaultOrigin: 'derived', onVisit: () => {} });
  open.push(edge);
  const port = await edge.listen();
  return async (path, headers = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, width: response.status === 200 ? (await sharp(body).metadata()).width : undefined };
  };
}

before(async () => {
  s3 = await startS3();
  await s3.put(SOURCE, '01.jpg', await picture(300, 500).jpeg().toBuffer(), { ContentType: 'image/jpeg' });
});
after(async () => {
  for (const edge of open) await edge.close();
  await s3?.stop();
});

describe('on AWS', () => {
  it('client hints and breakpoints decide of the width', async () => {
    const get = await started({ clientHints: true, breakpoints: [100, 200], devices: { mobile: 50 } });
    for (const [path, headers, width] of [
      ['/01.jpg', { 'sec-ch-width': '90' }, 100],
      ['/01.jpg?style=bw', { 'sec-ch-viewport-width': '90', 'sec-ch-dpr': '1.5' }, 200],
      ['/01.jpg?width=101', {}, 200],
      ['/01.jpg?device-type=mobile', { 'sec-ch-width': '90' }, 50],
    ]) {
      assert.deepEqual(await get(path, headers), { status: 200, width }, path);
    }
  });

  it('presets alone are answered where the configuration says so', async () => {
    const get = await started({ only: 'presets', readyPresets: ['favicon-32'], presets: { small: 'width=60' } });
    for (const [path, status] of [
      ['/01.jpg?dimensions=small', 200], ['/01.jpg?dimensions=favicon-32', 200], ['/60w/default/01.jpg', 200],
      ['/01.jpg', 400], ['/01.jpg?width=61', 400], ['/01.jpg?dimensions=small&style=bw', 400], ['/61w/default/01.jpg', 400], ['/default/default/01.jpg', 400], ['/60w/bw/01.jpg', 400],
    ]) {
      assert.equal((await get(path)).status, status, path);
    }
  });
});
