// Derived images of sources that were replaced or deleted, in a real S3 server.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { purge } from '../../lambda/purge.mjs';
import { changesOf } from '../../ops/events.mjs';
import { FOLDER, pathOf } from '../../ops/index.mjs';
import { pathsOf } from '../../ops/invalidation.mjs';
import { SETTLED_MS, purgeSources } from '../../ops/purge.mjs';
import { s3DerivedStore } from '../../ops/s3.mjs';
import { purgeHandler } from '../../lambda/src/purge.mjs';
import { resolveConfig } from '../../lambda/src/config.mjs';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { picture } from './support/images.mjs';
import { ask, BUCKETS, host } from './support/lambda.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

const PROGRAM = fileURLToPath(new URL('../../lambda/purge.mjs', import.meta.url));

let s3;
let handler;
let client;
const config = { aws: BUCKETS };
/** What is in the derived bucket beside the index. */
const images = async () => (await s3.list(DERIVED)).filter((key) => !key.startsWith(FOLDER));
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
  const scan = true;
  assert.deepEqual((await purge({ config, keys, client, scan, dryRun: true })).deleted, ['10h/bw/kept.jpg', '10w/default/kept.jpg']);
  assert.deepEqual((await purge({ config, keys, client, dryRun: true })).deleted, ['10h/bw/kept.jpg', '10w/default/kept.jpg']);
  assert.equal((await images()).length, 4, 'a dry run deletes nothing');
  assert.deepEqual((await purge({ config, keys, client })).deleted, ['10h/bw/kept.jpg', '10w/default/kept.jpg']);
  assert.deepEqual(await images(), ['10w/default/a/b c+é.jpg', '11w/bw/kept.jpg']);
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

describe('the index', () => {
  const store = () => s3DerivedStore(s3.client, { bucket: DERIVED, prefix: '' });
  const overlay = 'logo.png';
  const withOverlay = `/30w/overlay_${Buffer.from(overlay).toString('base64url')}/kept.jpg`;

  it('finds an image by each object that it is made of, and no image of another one', async () => {
    await s3.put(SOURCE, overlay, await picture(8, 8).png().toBuffer());
    await make('/30w/bw/kept.jpg', withOverlay, '/31w/default/a/b%20c%2B%C3%A9.jpg');
    const made = await purgeSources(store(), [overlay], { dryRun: true });
    assert.equal(made.length, 1);
    assert.match(made[0], /^30w\/overlay.*\/kept\.jpg$/);
    assert.deepEqual(await purgeSources(store(), [overlay]), made);
    assert.equal(await s3.get(DERIVED, made[0]), undefined);
    assert.ok(await s3.get(DERIVED, '30w/bw/kept.jpg'));
    // its entry under the source is left, and harmless
    assert.ok((await purgeSources(store(), ['kept.jpg'])).includes('30w/bw/kept.jpg'));
    assert.deepEqual(await purgeSources(store(), ['a']), []);
    assert.ok(await s3.get(DERIVED, '31w/default/a/b c+é.jpg'));
  });

  it('loses an entry only when no image can still be on its way to it', async () => {
    await make('/32w/default/kept.jpg');
    const entries = async () => (await s3.list(DERIVED)).filter((key) => key.startsWith(`${FOLDER}kept.jpg/`));
    await purgeSources(store(), ['kept.jpg']);
    assert.ok((await entries()).includes(`${FOLDER}kept.jpg/32w~default`), 'young ones stay');
    await purgeSources(store(), ['kept.jpg'], { now: Date.now() + SETTLED_MS + 60_000 });
    assert.deepEqual(await entries(), []);
  });

  it('is not served', async () => {
    for (const path of ['/_i/kept.jpg/32w~default', '/10w/bw/_i/kept.jpg/32w~default', '/%5Fi/kept.jpg/32w~default']) {
      const answer = await ask(handler, path);
      assert.deepEqual([answer.status, JSON.parse(answer.body).code], [400, 'invalid_key'], path);
    }
  });

  it('is left out where the configuration says so', async () => {
    const without = originResponse(host(s3, {}, { index: false }));
    assert.equal((await ask(without, '/33w/default/kept.jpg')).status, 200);
    assert.ok(await s3.get(DERIVED, '33w/default/kept.jpg'));
    assert.equal(await s3.get(DERIVED, `${FOLDER}kept.jpg/33w~default`), undefined);
  });
});

describe('with `limits.variants`', () => {
  it('a flood of variants makes as many as are allowed, on what is stored', async () => {
    await s3.put(SOURCE, 'flood.jpg', await photo(50));
    const bounded = originResponse(host(s3, {}, { limits: { variants: 5 } }));
    const statuses = [];
    for (let width = 1; width <= 60; width += 1) statuses.push((await ask(bounded, `/${width}w/default/flood.jpg`)).status);
    assert.equal((await images()).filter((key) => key.endsWith('/flood.jpg')).length, 5);
    assert.deepEqual(statuses, [...Array(5).fill(200), ...Array(55).fill(403)]);
    // what is stored is still there, and another source has its own
    for (const path of ['/3w/default/flood.jpg', '/7w/default/replaced.jpg']) assert.equal((await ask(bounded, path)).status, 200, path);
  });
});

describe('the function that S3 tells of changes', () => {
  /** CloudFront's client, as far as it is used. */
  const cloudFront = () => ({ sent: [], send(command) { this.sent.push(command.input); return Promise.resolve({}); } });
  const queue = (...bodies) => ({ Records: bodies.map((body, at) => ({ messageId: `m${at}`, body: typeof body === 'string' ? body : JSON.stringify(body) })) });
  const host_ = (more = {}) => ({
    config: resolveConfig(config), distribution: 'E123', store: s3DerivedStore(s3.client, { bucket: DERIVED, prefix: '' }), cloudFront: cloudFront(), againSeconds: 0, ...more,
  });

  it('deletes and invalidates the images of an original, also those that were on their way', async () => {
    await make('/40w/default/a/b%20c%2B%C3%A9.jpg', '/41w/bw/a/b%20c%2B%C3%A9.jpg');
    const client = cloudFront();
    let isLate = true;
    const inner = host_().store;
    const store = {
      ...inner,
      async delete(keys) {
        await inner.delete(keys);
        // another request had read the old original before
        if (isLate) {
          isLate = false;
          await make('/42w/default/a/b%20c%2B%C3%A9.jpg');
        }
      },
    };
    const event = queue({ source: 'aws.s3', 'detail-type': 'Object Created', detail: { bucket: { name: SOURCE }, object: { key: 'a/b c+é.jpg' } } });
    const answer = await purgeHandler(host_({ cloudFront: client, store }))(event);
    assert.deepEqual(answer, { batchItemFailures: [] });
    assert.deepEqual((await images()).filter((key) => key.endsWith('é.jpg')), []);
    const [first, second] = client.sent.map(({ InvalidationBatch: { Paths } }) => Paths.Items);
    assert.ok(first.includes('/40w/default/a/b%20c%2B%C3%A9.jpg') && first.includes('/a/b%20c%2B%C3%A9.jpg'), first);
    assert.ok(second.includes('/42w/default/a/b%20c%2B%C3%A9.jpg'), second);
    assert.equal(client.sent[0].DistributionId, 'E123');
    assert.notEqual(client.sent[0].InvalidationBatch.CallerReference, client.sent[1].InvalidationBatch.CallerReference);
  });

  it('gives back what it cannot read, and does the rest', async () => {
    await make('/43w/default/kept.jpg');
    const event = queue('{', { Event: 's3:TestEvent' }, { Records: [{ s3: { bucket: { name: SOURCE }, object: { key: 'kept.jpg' } } }] });
    const answer = await purgeHandler(host_({ distribution: undefined }))(event);
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'm0' }] });
    assert.equal(await s3.get(DERIVED, '43w/default/kept.jpg'), undefined);
  });

  it('takes no derived object, no index and nothing beside the folder of sources for an original', async () => {
    const client = cloudFront();
    const inFolder = resolveConfig({ aws: { ...BUCKETS, source: { ...BUCKETS.source, prefix: 'public' } } });
    const change = (key) => ({ source: 'aws.s3', detail: { bucket: { name: SOURCE }, object: { key } } });
    await purgeHandler(host_({ config: inFolder, cloudFront: client }))(queue(change('private/a.jpg'), change('public/_i/a.jpg/1w~bw')));
    assert.deepEqual(client.sent, []);
    await purgeHandler(host_({ config: inFolder, cloudFront: client }))(queue(change('public/a.jpg')));
    assert.deepEqual(client.sent[0].InvalidationBatch.Paths.Items, ['/a.jpg']);
  });

  it('reads the names in each kind of event', () => {
    const s3Event = { Records: [{ s3: { bucket: { name: 'b' }, object: { key: 'a+b%2B%C3%BC.jpg' } } }] };
    assert.deepEqual(changesOf(s3Event), [{ bucket: 'b', key: 'a b+ü.jpg' }]);
    assert.deepEqual(changesOf({ source: 'aws.s3', detail: { bucket: { name: 'b' }, object: { key: 'a+b%.jpg' } } }), [{ bucket: 'b', key: 'a+b%.jpg' }]);
    assert.deepEqual(changesOf({ account: 'x', action: 'PutObject', bucket: 'b', object: { key: 'a+b.jpg', size: 1 } }), [{ bucket: 'b', key: 'a+b.jpg' }]);
    for (const other of [null, 1, {}, { Records: [{}] }, { Records: [{ s3: { bucket: { name: 'b' }, object: { key: '%zz' } } }] }, { object: {} }]) assert.deepEqual(changesOf(other), []);
  });

  it('forgets everything where there are many, and no more than what is named where a name has a star', () => {
    assert.deepEqual(pathsOf(['1w/bw/a*.jpg'], ['a*.jpg']), ['/a%2A.jpg', '/1w/bw/a%2A.jpg']);
    assert.deepEqual(pathsOf(Array.from({ length: 300 }, (_, at) => `${at}w/bw/a.jpg`), ['a.jpg']), ['/*']);
  });
});

it('spells a path as the core does', () => {
  assert.equal(pathOf("10w/bw/a+b&c=d@e:f;g,h$(i)!*'~.jpg"), "/10w/bw/a%2Bb&c=d@e:f;g,h$(i)!*'~.jpg");
  assert.equal(pathOf('10w/bw/%#?[].jpg'), '/10w/bw/%25%23%3F%5B%5D.jpg');
});
