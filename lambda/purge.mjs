// Deletes derived images, so that they are made again when they are asked for next. S3, or R2 by its S3 API.
//
//     node lambda/purge.mjs [options] KEY...     those of these sources
//     node lambda/purge.mjs [options] --stale    those whose source was replaced or deleted since
//
//     --config FILE      deckle.json, for aws.source and aws.derived
//     --endpoint URL     of another store than S3: https://<account>.r2.cloudflarestorage.com
//     --dry-run          deletes nothing
//
// Prints the path of each, one a line, as a cache in front knows it: `aws cloudfront create-invalidation --paths` takes them.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { DeleteObjectCommand, HeadObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

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
 * @param {boolean} [options.dryRun]
 * @param {import('@aws-sdk/client-s3').S3ClientConfig} [options.client]
 * @returns {Promise<Outcome>}
 */
export async function purge({ config, keys = [], dryRun = false, client = {} }) {
  const { source, derived } = resolveConfig(config).aws;
  const store = (place) => ({ ...place, s3: new S3Client({ region: place.region, ...client }) });
  const [from, to] = [store(source), store(derived)];
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
      if (sourceKey) yield { key, sourceKey };
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

/** As `docs/url.md` spells a key in a path. */
export function pathOf(key) {
  return `/${key.split('/').map(encodeURIComponent).join('/').replace(/%(?:24|26|2C|3A|3B|3D|40)/g, decodeURIComponent)}`;
}

async function main() {
  const { values, positionals: keys } = parseArgs({
    allowPositionals: true,
    options: { config: { type: 'string' }, endpoint: { type: 'string' }, stale: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
  });
  if (Boolean(values.stale) === keys.length > 0) throw new Error('expected the keys of sources, or --stale');
  const config = values.config ? JSON.parse(readFileSync(values.config, 'utf8')) : readConfigFile();
  const client = values.endpoint ? { endpoint: values.endpoint, forcePathStyle: true } : {};
  const { deleted, kept } = await purge({ config, keys, dryRun: values['dry-run'], client });
  for (const key of deleted) console.log(pathOf(key));
  if (kept.length > 0) console.error(`${kept.length} were kept, as they are made from several objects or from another bucket: name their key`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(`purge: ${error.message}`);
    process.exitCode = 1;
  }
}
