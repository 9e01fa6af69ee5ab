// One suite for every host: what `cloudformation/smoke.mjs` asks a deployment, asked of both modes of the template and of the Worker.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, it } from 'node:test';
import { packaged } from '../../cloudformation/package.mjs';
import { roleRule, simulate } from '../../cloudformation/simulate.mjs';
import { smoke } from '../../cloudformation/smoke.mjs';
import { parseTemplate, resolveTemplate } from '../../cloudformation/template.mjs';
import { startWorker } from '../../local/worker.mjs';
import { startFaultProxy } from './support/fault-proxy.mjs';
import { picture } from './support/images.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

const TEXT = readFileSync(new URL('../../cloudformation/deckle.yaml', import.meta.url), 'utf8');
const TEMPLATE = parseTemplate(packaged(TEXT, {}, Buffer.from('a package')).template);
const KEY = 'photos/a b.jpg';
let s3;
let photo;

before(async () => {
  s3 = await startS3();
  photo = await picture(600, 400).jpeg().toBuffer();
  await s3.put(SOURCE, KEY, photo, { ContentType: 'image/jpeg' });
});
after(() => s3?.stop());

const isRight = (results) => {
  assert.ok(results.length >= 29, `${results.length} requests`);
  assert.deepEqual(results.filter(({ wrong }) => wrong), []);
};

for (const TransformAt of ['region', 'edge']) {
  it(`the template with TransformAt=${TransformAt} answers as it should`, async () => {
    const stack = resolveTemplate(structuredClone(TEMPLATE), { TransformAt }, { physical: { SourceBucket: SOURCE, DerivedBucket: DERIVED, LogsBucket: 'logs' } });
    const proxy = await startFaultProxy(s3.endpoint);
    proxy.answer(roleRule(stack));
    const cloudFront = simulate(stack, { s3, lambdaEndpoint: proxy.endpoint });
    const port = await cloudFront.listen();
    try {
      isRight(await smoke(`http://127.0.0.1:${port}`, KEY));
      assert.deepEqual(cloudFront.faults, []);
    } finally {
      await cloudFront.close();
      await proxy.stop();
    }
  });
}

it('the Worker answers as it should', async () => {
  const worker = await startWorker({ port: 0, config: { format: 'auto' } });
  try {
    await (await worker.miniflare.getR2Bucket('SOURCE')).put(KEY, new Uint8Array(photo), { httpMetadata: { contentType: 'image/jpeg' } });
    isRight(await smoke(worker.url.origin, KEY));
  } finally {
    await worker.close();
  }
});

it('what answers something else is found out', async () => {
  const server = createServer((request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('hello'));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const results = await smoke(`http://127.0.0.1:${server.address().port}`, KEY);
  server.close();
  assert.match(results[0].wrong, /content-type is text\/html/);
});
