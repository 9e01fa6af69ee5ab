// Requests that mean no good, in workerd: every answer is an image, or a client's mistake with a code.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { isWorkerBuilt, startWorker } from '../../local/worker.mjs';
import { ask, failures } from '../hostile/ask.mjs';
import { LARGE, requests, SMALL } from '../hostile/requests.mjs';
import { hugePng, picture } from '../hosts/support/images.mjs';

const CONFIGS = {
  'with AWS\'s dialect first': { dialects: ['sih', 'thumbor', 'native'], sih: { sourceBuckets: ['sources'] } },
  'with ours first, and strict Thumbor': { dialects: ['native', 'thumbor'], thumbor: 'strict' },
};

before(() => assert.ok(isWorkerBuilt(), 'worker/build is absent: run `make worker`'));

describe('hostile requests', () => {
  for (const [name, config] of Object.entries(CONFIGS)) {
    it(`are answered ${name}, by the instance that was there before them`, async () => {
      const worker = await startWorker({ port: 0, config: { ...config, worker: { diagnostics: true } } });
      try {
        const bucket = await worker.miniflare.getR2Bucket('SOURCE');
        await bucket.put(SMALL, new Uint8Array(await picture(60, 40).png().toBuffer()));
        await bucket.put(LARGE, new Uint8Array(await picture(1200, 900).jpeg().toBuffer()));
        await bucket.put('bomb.png', new Uint8Array(hugePng(60_000, 60_000)));
        const port = Number(worker.url.port);
        assert.deepEqual(await failures(port, requests('sources')), []);
        const { status, head } = await ask(port, `/${SMALL}?width=17`);
        assert.equal(status, 200);
        assert.match(head, /held=0/);
      } finally {
        await worker.close();
      }
    });
  }
});
