// Requests that mean no good, through CloudFront's order of events: every answer is an image, or a client's mistake with a code.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { build } from '../../cf-function/build.mjs';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { CloudFront } from '../../local/cloudfront.mjs';
import { viewerRequestFunction } from '../../local/viewer-request.mjs';
import { ask, failures } from '../hostile/ask.mjs';
import { LARGE, requests, SMALL } from '../hostile/requests.mjs';
import { hugePng, picture } from './support/images.mjs';
import { host, s3Origin } from './support/lambda.mjs';
import { SOURCE, startS3 } from './support/s3-server.mjs';

const CONFIGS = {
  'with AWS\'s dialect first': { dialects: ['sih', 'thumbor', 'native'], sih: { sourceBuckets: [SOURCE] } },
  'with ours first, and strict Thumbor': { dialects: ['native', 'thumbor'], thumbor: 'strict' },
};

let s3;
before(async () => {
  s3 = await startS3();
  await s3.put(SOURCE, SMALL, await picture(60, 40).png().toBuffer(), { ContentType: 'image/png' });
  await s3.put(SOURCE, LARGE, await picture(1200, 900).jpeg().toBuffer(), { ContentType: 'image/jpeg' });
  await s3.put(SOURCE, 'bomb.png', hugePng(60_000, 60_000), { ContentType: 'image/png' });
});
after(() => s3?.stop());

describe('hostile requests', () => {
  for (const [name, config] of Object.entries(CONFIGS)) {
    it(`are answered ${name}, and what comes after them as well`, async () => {
      const code = build({ ...config, cloudfront: { sourceOriginId: 'source' } });
      const cloudFront = new CloudFront({
        viewerRequest: viewerRequestFunction(code),
        originResponse: originResponse(host(s3, {}, config)),
        origins: { derived: s3Origin(s3, 'derived'), source: s3Origin(s3, 'source') },
        defaultOrigin: 'derived',
      });
      const port = await cloudFront.listen();
      try {
        assert.deepEqual(await failures(port, requests(SOURCE)), []);
        assert.deepEqual(cloudFront.faults, []);
        const { status, body } = await ask(port, `/${SMALL}?width=17`);
        assert.equal(status, 200, body);
      } finally {
        await cloudFront.close();
      }
    });
  }
});
