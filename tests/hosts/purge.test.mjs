// Derived images of sources that were replaced or deleted, in a real S3 server.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { pathOf, purge } from '../../lambda/purge.mjs';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { picture } from './support/images.mjs';
import { ask, BUCKETS, host } from './support/lambda.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

const PROGRAM = fileURLToPath(new URL('../../lambda/purge.mjs', import.meta.url));

let s3;
let handler;
let client;
const config = { aws: BUCKETS };
const photo = (width) => picture(width, 40).jpeg().toBuffer();

before(async () => {
  s3 = await startS3();
  handler = originResponse(host(s3));
  client = { endpoint: s3.endpoint, credentials: s3.credentials, forcePathStyle: true };
  for (const key of ['kept.jpg', 'replaced.jpg', 'deleted.jpg', 'a/b c+é.jpg']) await s3.put(SOURCE, key, await photo(50));
});
after(() => s3?.stop());

const make = async (...paths) => {
  for (const path of paths) assert.equal((await ask(handler, path)).status, 200, path);
};

it('deletes the images of the sources that are named, and what only looks like one stays', async () => {
  await make('/10w/default/kept.jpg', '/10h/bw/kept.jpg', '/10w/default/a/b%20c%2B%C3%A9.jpg');
  await s3.put(DERIVED, '11w/bw/kept.jpg', 'an original of this name');
  const keys = ['kept.jpg'];
  assert.deepEqual((await purge({ config, keys, client, dryRun: true })).deleted, ['10h/bw/kept.jpg', '10w/default/kept.jpg']);
  assert.equal((await s3.list(DERIVED)).length, 4, 'a dry run deletes nothing');
  assert.deepEqual((await purge({ config, keys, client })).deleted, ['10h/bw/kept.jpg', '10w/default/kept.jpg']);
  assert.deepEqual(await s3.list(DERIVED), ['10w/default/a/b c+é.jpg', '11w/bw/kept.jpg']);
});

it('deletes what is stale: made from another version of its source, or from one that is gone', async () => {
  await make('/10w/default/kept.jpg', '/10w/default/replaced.jpg', '/10w/bw/replaced.jpg', '/10w/default/deleted.jpg');
  await s3.put(SOURCE, 'replaced.jpg', await photo(60));
  await s3.client.send(new DeleteObjectCommand({ Bucket: SOURCE, Key: 'deleted.jpg' }));
  await s3.put(DERIVED, '10w/default/many.jpg', 'x', { Metadata: { 'made-by': '1', 'source-etag': '"hash"', parts: '2' } });
  const { deleted, kept } = await purge({ config, client });
  assert.deepEqual(deleted, ['10w/bw/replaced.jpg', '10w/default/deleted.jpg', '10w/default/replaced.jpg']);
  assert.deepEqual(kept, ['10w/default/many.jpg']);
  assert.ok((await s3.list(DERIVED)).includes('10w/default/kept.jpg'));
  // the next one is made from what is there now
  await make('/10w/default/replaced.jpg');
  assert.deepEqual((await purge({ config, client })).deleted, []);
});

it('is a program that prints the paths of what it deleted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deckle-purge-'));
  try {
    await writeFile(join(folder, 'deckle.json'), JSON.stringify(config));
    await make('/12w/bw/a/b%20c%2B%C3%A9.jpg');
    const { accessKeyId, secretAccessKey } = s3.credentials;
    const env = { ...process.env, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const run = (...args) => promisify(execFile)(process.execPath, [PROGRAM, '--config', join(folder, 'deckle.json'), '--endpoint', s3.endpoint, ...args], { env });
    const { stdout } = await run('a/b c+é.jpg');
    assert.deepEqual(stdout.trim().split('\n').sort(), ['/10w/default/a/b%20c%2B%C3%A9.jpg', '/12w/bw/a/b%20c%2B%C3%A9.jpg']);
    await assert.rejects(run(), /expected the keys of sources, or --stale/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('spells a path as the core does', () => {
  assert.equal(pathOf("10w/bw/a+b&c=d@e:f;g,h$(i)!*'~.jpg"), "/10w/bw/a%2Bb&c=d@e:f;g,h$(i)!*'~.jpg");
  assert.equal(pathOf('10w/bw/%#?[].jpg'), '/10w/bw/%25%23%3F%5B%5D.jpg');
});
