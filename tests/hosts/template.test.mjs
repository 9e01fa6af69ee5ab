// The deployed shape: what the template makes in each of its modes, over a real S3 server, with the rights that it gives.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { packaged } from '../../cloudformation/package.mjs';
import { roleRule, simulate } from '../../cloudformation/simulate.mjs';
import { parseTemplate, resolveTemplate } from '../../cloudformation/template.mjs';
import { startFaultProxy } from './support/fault-proxy.mjs';
import { picture } from './support/images.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

const TEXT = readFileSync(new URL('../../cloudformation/deckle.yaml', import.meta.url), 'utf8');
const TEMPLATE = parseTemplate(packaged(TEXT, {}, Buffer.from('a package')).template);
const physical = { SourceBucket: SOURCE, DerivedBucket: DERIVED, LogsBucket: 'logs' };
const KEYS = ['plain.jpg', 'a b.jpg', 'a+b.jpg', 'é/家.jpg', '100%.jpg', 'a@2x (1).jpg'];

let s3;
let proxy;
let photo;
before(async () => {
  s3 = await startS3();
  proxy = await startFaultProxy(s3.endpoint);
  photo = await picture(300, 200).jpeg().toBuffer();
  for (const prefix of ['', 'in/']) for (const key of KEYS) await s3.put(SOURCE, `${prefix}${key}`, photo, { ContentType: 'image/jpeg' });
});
after(async () => {
  await proxy?.stop();
  await s3?.stop();
});

/** A distribution of the template with these parameters, and a way to ask it. */
async function deployed(t, parameters, { spoil = () => {}, readable } = {}) {
  const stack = resolveTemplate(structuredClone(TEMPLATE), parameters, { physical });
  spoil(stack);
  proxy.answer(roleRule(stack));
  const visits = [];
  const cloudFront = simulate(stack, { s3, lambdaEndpoint: proxy.endpoint, readable, onVisit: (visit) => visits.push(visit) });
  const port = await cloudFront.listen();
  t.after(() => cloudFront.close());
  const ask = async (path, headers = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()), visit: visits.at(-1) };
  };
  return { ask, cloudFront, visits };
}

const SHAPES = {
  'two buckets that it made': [{}],
  'one bucket for all': [{ OneBucket: 'Yes' }],
  'an existing bucket and a folder of it': [{ SourceBuckets: SOURCE, SourcePrefix: 'in' }],
  'originals from their bucket': [{ OriginalsFromBucket: 'Yes', SourceBuckets: SOURCE, SourcePrefix: 'in' }, { readable: [SOURCE] }],
};

for (const TransformAt of ['region', 'edge']) {
  describe(`the template with TransformAt=${TransformAt}`, () => {
    let width = TransformAt === 'edge' ? 100 : 200;
    for (const [what, [parameters, world]] of Object.entries(SHAPES)) {
      it(`and ${what}: an image is made, then found in S3, then in the cache, whatever its key`, async (t) => {
        const { ask, cloudFront } = await deployed(t, { TransformAt, ...parameters }, world);
        for (const key of KEYS) {
          width += 1;
          const path = `/${key.split('/').map(encodeURIComponent).join('/')}?width=${width}&style=bw`;
          const first = await ask(path);
          assert.deepEqual([first.status, first.headers['content-type'], (await sharp(first.body).metadata()).width], [200, 'image/jpeg', width], `${key}: ${first.body.subarray(0, 200)}`);
          assert.equal(first.headers['cache-control'], 'public, max-age=86400, s-maxage=31536000');
          const hit = await ask(path);
          assert.deepEqual([hit.headers['x-cache'], hit.body], ['Hit from cloudfront', first.body], key);
          cloudFront.cache.clear();
          const stored = await ask(path);
          assert.deepEqual([stored.status, stored.visit.origin, stored.body], [200, 'derived', first.body], key);
          for (const name of ['content-type', 'cache-control', 'etag', 'access-control-allow-origin', 'x-content-type-options', 'vary', 'content-security-policy', 'x-amz-meta-source-etag']) {
            assert.equal(stored.headers[name], first.headers[name], `${key}: ${name}`);
          }
        }
        assert.deepEqual(cloudFront.faults, []);
      });
    }

    it('answers an original, WebP to who accepts it, 404 for what is not there and 400 for a bad value', async (t) => {
      const { ask } = await deployed(t, { TransformAt });
      assert.deepEqual((await ask('/plain.jpg')).body, photo);
      width += 1;
      assert.equal((await ask(`/plain.jpg?width=${width}`, { accept: 'image/webp' })).headers['content-type'], 'image/webp');
      assert.deepEqual(JSON.parse((await ask('/none.jpg?width=9')).body).code, 'not_found');
      assert.deepEqual((await ask('/plain.jpg?width=0')).status, 400);
    });

    it('keeps a 404 for 10 s and a failure not at all', async (t) => {
      const { ask } = await deployed(t, { TransformAt });
      for (const xCache of ['Error from cloudfront', 'Error from cloudfront']) assert.equal((await ask('/none.jpg?width=8')).headers['x-cache'], xCache);
      const { visits, ask: again } = await deployed(t, { TransformAt }, { spoil: (stack) => { stack.resources.Role.Properties.Policies[0].PolicyDocument.Statement.shift(); } });
      for (let i = 0; i < 2; i += 1) {
        const { status, body } = await again('/plain.jpg?width=7');
        assert.deepEqual([status, JSON.parse(body).code], [502, 'source_unavailable'], 'a role without the right to read is no "not found"');
      }
      assert.ok(visits.every(({ originStatus }) => originStatus !== undefined), 'the second was asked again');
    });

    it('serves nothing beside the folder of the bucket', async (t) => {
      const { ask } = await deployed(t, { TransformAt, SourceBuckets: SOURCE, SourcePrefix: 'in' });
      assert.notEqual((await ask('/in/plain.jpg?width=6')).status, 200);
      assert.notEqual((await ask('/../plain.jpg?width=6')).status, 500);
    });

    it('refuses what is not signed while there is no key', async (t) => {
      const { ask } = await deployed(t, { TransformAt, Signature: 'Yes' });
      for (const path of ['/plain.jpg?width=9', '/plain.jpg', '/9w/default/plain.jpg']) assert.equal((await ask(path)).status, 403);
    });
  });
}
