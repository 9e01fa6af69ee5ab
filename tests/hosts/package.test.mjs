// The Lambda package: what is deployed runs by itself, and is the same bytes each time.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { picture } from './support/images.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

const run = promisify(execFile);
const LAMBDA = fileURLToPath(new URL('../../lambda', import.meta.url));

let s3;
let folder;

before(async () => {
  s3 = await startS3();
  await s3.put(SOURCE, '01.jpg', await picture(300, 200).jpeg().toBuffer());
  await run(process.execPath, [join(LAMBDA, 'build.mjs')]);
  folder = await mkdtemp(join(tmpdir(), 'deckle-package-'));
});
after(async () => {
  await s3?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** Runs the packaged handler away from the project, with S3 where the environment says. */
async function invoke(name, event, config = {}) {
  const place = join(folder, name);
  await cp(join(LAMBDA, 'dist/deckle'), place, { recursive: true });
  await writeFile(join(place, 'deckle.json'), JSON.stringify(config));
  const script = `import('${place}/${name}.mjs').then(async ({ handler }) => console.log(JSON.stringify(await handler(${JSON.stringify(event)}))))`;
  const { accessKeyId, secretAccessKey } = s3.credentials;
  const env = {
    PATH: process.env.PATH, AWS_ENDPOINT_URL_S3: s3.endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const { stdout } = await run(process.execPath, ['-e', script], { env, cwd: folder, maxBuffer: 1e8 });
  return JSON.parse(stdout);
}

describe('the package', () => {
  it('for Lambda@Edge answers by itself', async () => {
    const header = JSON.stringify({ aws: { source: { bucket: SOURCE, region: 'us-east-1' } } });
    const response = await invoke('edge', { Records: [{ cf: {
      request: {
        method: 'GET', uri: '/60w/bw/01.jpg', headers: {},
        origin: { s3: {
          domainName: 'deckle-derived.s3.us-east-1.amazonaws.com', region: 'us-east-1', path: '',
          customHeaders: { 'x-deckle-config': [{ key: 'x-deckle-config', value: header }] },
        } },
      },
      response: { status: '403', headers: {} },
    } }] });
    assert.deepEqual([response.status, response.headers['content-type'][0].value], ['200', 'image/jpeg']);
  });

  it('for a Function URL answers by itself', async () => {
    const event = { rawPath: '/60w/bw/01.jpg', headers: {}, requestContext: { http: { method: 'GET' } } };
    const bucket = (name) => ({ bucket: name, region: 'us-east-1' });
    const answer = await invoke('url', event, { aws: { source: bucket(SOURCE), derived: bucket(DERIVED) } });
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, 'image/jpeg']);
  });

  it('is the same bytes each time, in every time zone, and a zip that others can read', async () => {
    const archive = () => readFile(join(LAMBDA, 'dist/deckle.zip'));
    const first = await archive();
    for (const TZ of ['UTC', 'Pacific/Auckland', 'America/Los_Angeles']) {
      await run(process.execPath, [join(LAMBDA, 'build.mjs')], { env: { ...process.env, TZ } });
      assert.deepEqual(await archive(), first, TZ);
    }
    const { stdout } = await run('python3', ['-m', 'zipfile', '-t', join(LAMBDA, 'dist/deckle.zip')]);
    assert.match(stdout, /Done testing/);
    assert.ok(first.length < 4_000_000, `${first.length} bytes`);
  });
});

it('leaves out the keys of signed URLs', async () => {
  const config = join(folder, 'signing.json');
  await writeFile(config, JSON.stringify({ cors: false, cloudfront: { sourceOriginId: 'source', signing: { keys: { first: 'a secret of the first key' } } } }));
  await run(process.execPath, [join(LAMBDA, 'build.mjs'), '--config', config]);
  const packed = JSON.parse(await readFile(join(LAMBDA, 'dist/deckle/deckle.json'), 'utf8'));
  assert.deepEqual(packed, { cors: false, cloudfront: { sourceOriginId: 'source', signing: {} } });
  await run(process.execPath, [join(LAMBDA, 'build.mjs')]);
});
