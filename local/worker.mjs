// The Cloudflare Worker on this machine: workerd by Miniflare, with R2 in a folder and the photos uploaded into it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderBucket } from './bucket-folder.mjs';

const WORKER = fileURLToPath(new URL('../worker', import.meta.url));

/** Where its modules are. */
const BUILT = {
  modules: true,
  rootPath: join(WORKER, 'build'),
  scriptPath: 'index.js',
  modulesRules: [
    { type: 'ESModule', include: ['**/*.js', '**/*.mjs'] },
    { type: 'CompiledWasm', include: ['**/*.wasm'] },
  ],
};

/** Whether `make worker` has run. */
export function isWorkerBuilt() {
  return existsSync(join(WORKER, 'build/index.js'));
}

/**
 * @param {object} options
 * @param {number} options.port      0 for any
 * @param {string} [options.host]
 * @param {string} [options.photos]  a folder whose files become the objects of the bucket SOURCE
 * @param {string} [options.persist] a folder that keeps R2; without one it lives as long as the process
 * @param {object} [options.config]  the content of `deckle.json`
 * @param {Record<string, string>} [options.secrets]
 * @param {boolean} [options.derived]  whether there is a bucket of derived images
 * @param {object[]} [options.modules]  in place of those in worker/build
 * @param {string} [options.assets]  a folder of static assets, which are answered before the Worker is asked
 * @returns {Promise<{url: URL, miniflare: import('miniflare').Miniflare, close: () => Promise<void>}>}
 */
export async function startWorker({ port, host = '127.0.0.1', photos, persist, config, modules, assets, secrets, derived = true }) {
  const { Log, LogLevel, Miniflare } = await import('miniflare');
  const { unstable_getMiniflareWorkerOptions: readWrangler } = await import('wrangler');
  const { workerOptions } = readWrangler(join(WORKER, '../wrangler.toml'));
  const bindings = { ...workerOptions.bindings, ...secrets };
  if (config) bindings.DECKLE = { ...bindings.DECKLE, ...config };
  const miniflare = new Miniflare({
    ...workerOptions,
    bindings,
    r2Buckets: ['SOURCE', ...(derived ? ['DERIVED'] : []), ...Object.values(config?.worker?.buckets ?? {})],
    name: 'deckle',
    ...(modules ? { modules } : BUILT),
    ...(assets ? { assets: { directory: assets, workerName: 'deckle', assetConfig: { html_handling: 'auto-trailing-slash' }, routerConfig: { has_user_worker: true } } } : {}),
    host,
    port,
    log: new Log(LogLevel.WARN),
    r2Persist: persist ?? false,
    cachePersist: false,
    cf: false, // otherwise Miniflare fetches it from Cloudflare
  });
  try {
    const url = await miniflare.ready;
    if (photos) await upload(miniflare, new FolderBucket(photos));
    return { url, miniflare, close: () => miniflare.dispose() };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

/** Copies the folder into SOURCE, and deletes derived images whose source has changed. */
async function upload(miniflare, folder) {
  const source = await miniflare.getR2Bucket('SOURCE');
  const derived = await miniflare.getR2Bucket('DERIVED');
  const etags = new Map();
  for (const key of await folder.list()) {
    const loaded = await folder.get(key);
    if (loaded === 'missing') continue;
    const { etag } = loaded.object;
    etags.set(key, etag);
    if ((await source.head(key))?.httpEtag === etag) loaded.cancel();
    else await source.put(key, new Uint8Array(await loaded.read(loaded.object.size)));
  }
  for (const { key } of await listAll(source)) {
    if (!etags.has(key)) await source.delete(key);
  }
  for (const { key, customMetadata } of await listAll(derived)) {
    if (isStale(key, customMetadata?.['source-etag'], etags)) await derived.delete(key);
  }
}

/**
 * Whether a derived object was made from an older version of its source. Objects without a `source-etag` are left alone.
 * @param {string} key  `{dims}/{options}/{source key}`
 * @param {string | undefined} sourceEtag
 * @param {Map<string, string>} etags  of the sources by key
 */
export function isStale(key, sourceEtag, etags) {
  const sourceKey = key.split('/').slice(2).join('/');
  return sourceEtag !== undefined && etags.get(sourceKey) !== sourceEtag;
}

async function listAll(bucket) {
  const objects = [];
  let cursor;
  do {
    const page = await bucket.list({ cursor, include: ['customMetadata'] });
    objects.push(...page.objects);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor);
  return objects;
}
