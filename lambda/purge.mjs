// Deletes derived images, so that they are made again when they are asked for next. S3, or R2 by its S3 API.
//
//     node lambda/purge.mjs [options] KEY...     those of these sources, by the index
//     node lambda/purge.mjs [options] --scan KEY...   the same by a look at every derived object: those made without an index, too
//     node lambda/purge.mjs [options] --stale    those whose source was replaced or deleted since, by a look at every derived object
//
//     --config FILE      deckle.json, for aws.source and aws.derived
//     --endpoint URL     of another store than S3: https://<account>.r2.cloudflarestorage.com
//     --distribution ID  CloudFront forgets them, too, and a minute later what was on its way meanwhile is deleted and forgotten
//     --again SECONDS    how much later; 0 for not at all
//     --dry-run          deletes nothing
//
// Prints the path of each, one a line, as a cache in front knows it: `aws cloudfront create-invalidation --paths` takes them.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { DeleteObjectCommand, HeadObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

import { FOLDER, pathOf } from '../ops/index.mjs';
import { invalidate, pathsOf } from '../ops/invalidation.mjs';
import { AGAIN_SECONDS, purgeSources } from '../ops/purge.mjs';
import { s3DerivedStore } from '../ops/s3.mjs';
import { readConfigFile, resolveConfig } from './src/config.mjs';

/** The form of a derived object's key; what remains is the key of its source. */
const DERIVED = /^(?:default|[1-9]\d*h(?:[1-9]\d*w)?|[1-9]\d*w)\/[^/]+\/(.+)$/;
/** Requests to the store at a time. */
const AT_ONCE = 16;

/**
 * @typedef {object} Outcome
 * @property {string[]} deleted  keys of derived objects
 * @property {string[]} kept     of those that `stale` cannot judge: made from several objects, or from another bucket of sources
 *
 * @param {object} options
 * @param {object} options.config      the content of `deckle.json`
 * @param {string[]} [options.keys]    of sources; none: those that are stale
 * @param {boolean} [options.scan]     whether to look at every derived object for them
 * @param {boolean} [options.dryRun]
 * @param {import('@aws-sdk/client-s3').S3ClientConfig} [options.client]
 * @returns {Promise<Outcome>}
 */
export async function purge({ config, keys = [], scan = false, dryRun = false, client = {} }) {
  const { source, derived } = resolveConfig(config).aws;
  const store = (place) => ({ ...place, s3: new S3Client({ region: place.region, ...client }) });
  const [from, to] = [store(source), store(derived)];
  if (keys.length > 0 && !scan) return { deleted: await purgeSources(s3DerivedStore(to.s3, to), keys, { dryRun }), kept: [] };
  const wanted = new Set(keys);
  const tags = new Map();
  /** The tag of a source now; undefined when it is gone. */
  const tag = (key) => {
    if (!tags.has(key)) tags.set(key, head(from, key).then((object) => object?.ETag));
    return tags.get(key);
  };
  const outcome = { deleted: [], kept: [] };
  await inParallel(derivedKeys(to), async ({ key, sourceKey }) => {
    if (wanted.size > 0 && !wanted.has(sourceKey)) return;
    const { Metadata: made } = (await head(to, key)) ?? {};
    // without this it is no image of ours, but an original of such a name in the same bucket
    if (!made?.['made-by']) return;
    if (wanted.size === 0) {
      if (made.parts) return void outcome.kept.push(key);
      if ((await tag(sourceKey)) === made['source-etag']) return;
    }
    if (!dryRun) await to.s3.send(new DeleteObjectCommand({ Bucket: to.bucket, Key: to.prefix + key }));
    outcome.deleted.push(key);
  });
  return { deleted: outcome.deleted.sort(), kept: outcome.kept.sort() };
}

async function* derivedKeys({ s3, bucket, prefix }) {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of Contents) {
      const key = Key.slice(prefix.length);
      const sourceKey = DERIVED.exec(key)?.[1];
      if (sourceKey && !key.startsWith(FOLDER)) yield { key, sourceKey };
    }
  }
}

/** Without the right to list, S3 answers 403 for what is not there; that is not taken for deleted. */
async function head({ s3, bucket, prefix }, key) {
  try {
    return await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: prefix + key }));
  } catch (error) {
    if (error.$metadata?.httpStatusCode === 404) return undefined;
    throw new Error(`${bucket}/${prefix}${key}: ${error.name}`, { cause: error });
  }
}

async function inParallel(items, work) {
  const each = async () => {
    for await (const item of items) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, each));
}

async function main() {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  const { values, positionals: keys } = parseArgs({
    allowPositionals: true,
    options: { config: text, endpoint: text, distribution: text, again: text, scan: flag, stale: flag, 'dry-run': flag },
  });
  if (Boolean(values.stale) === keys.length > 0) throw new Error('expected the keys of sources, or --stale');
  const { distribution, scan, 'dry-run': dryRun } = values;
  const again = Number(values.again ?? (distribution ? AGAIN_SECONDS : 0));
  if (!(again >= 0 && again <= 3600)) throw new Error('--again is not a number of seconds from 0 to 3600');
  const config = values.config ? JSON.parse(readFileSync(values.config, 'utf8')) : readConfigFile();
  const client = values.endpoint ? { endpoint: values.endpoint, forcePathStyle: true } : {};
  const pass = async (name) => {
    const { deleted, kept } = await purge({ config, keys, scan, dryRun, client });
    for (const key of deleted) console.log(pathOf(key));
    if (distribution && !dryRun) await invalidate(new CloudFrontClient({ region: 'us-east-1' }), distribution, pathsOf(deleted, keys), `deckle-${name}-${Date.now()}`);
    return kept;
  };
  const kept = await pass('first');
  if (kept.length > 0) console.error(`${kept.length} were kept, as they are made from several objects or from another bucket: name their key`);
  if (again > 0 && !dryRun) {
    await after(again * 1000);
    await pass('second');
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(`purge: ${error.message}`);
    process.exitCode = 1;
  }
}
