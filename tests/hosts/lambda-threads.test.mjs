// Instances of the function in threads: what waits for what, and whose work is not begun.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { originResponseEvent } from '../../local/cloudfront.mjs';
import { LambdaThreads, NobodyWaits } from '../../local/lambda-threads.mjs';
import { s3Face } from '../../local/s3-face.mjs';
import { FolderBucket } from '../../local/bucket-folder.mjs';
import { picture } from './support/images.mjs';

const region = 'us-east-1';
const ORIGIN = { domainName: `deckle-derived.s3.${region}.amazonaws.com`, region };

let folder;
let threads;
let derived;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deckle-threads-'));
  const photos = join(folder, 'photos');
  derived = join(folder, 'derived');
  await mkdir(photos);
  await writeFile(join(photos, 'large.jpg'), await picture(3000, 2000).jpeg().toBuffer());
  const aws = { source: { bucket: 'deckle-source', region }, derived: { bucket: 'deckle-derived', region } };
  threads = new LambdaThreads({ file: { aws }, photos, derived });
});
after(async () => {
  await threads?.close();
  await rm(folder, { recursive: true, force: true });
});

const event = async (uri, get = async () => 'missing') =>
  originResponseEvent({ method: 'GET', uri, querystring: '', headers: {}, ip: '203.0.113.7' }, ORIGIN, await s3Face(get)({ method: 'GET', uri }));

describe('instances in threads', () => {
  it('make an image and store it', async () => {
    const { status } = await threads.run(await event('/100w/default/large.jpg'));
    assert.equal(status, '200');
    assert.ok(await new FolderBucket(derived).head('100w/default/large.jpg'));
  });

  it('hand back what S3 had while images are being made', async () => {
    const making = [1, 2, 3, 4].map(async (i) => threads.run(await event(`/${1000 + i}w/bw/large.jpg`)));
    const found = await new FolderBucket(derived).get('100w/default/large.jpg');
    const quick = threads.run(await event('/100w/default/large.jpg', async () => found));
    const first = await Promise.race([quick.then(() => 'found'), Promise.all(making).then(() => 'made')]);
    assert.equal(first, 'found');
    assert.deepEqual((await Promise.all(making)).map(({ status }) => status), ['200', '200', '200', '200']);
  });

  it('do not begin what nobody waits for any more', async () => {
    const viewer = new AbortController();
    const making = threads.run(await event('/1100w/bw/large.jpg'));
    const left = threads.run(await event('/1101w/bw/large.jpg'), { signal: viewer.signal });
    viewer.abort();
    await assert.rejects(left, NobodyWaits);
    await making;
    assert.equal(await new FolderBucket(derived).head('1101w/bw/large.jpg'), undefined);
  });
});
