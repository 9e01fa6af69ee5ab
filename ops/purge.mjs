// Deletes what was made of a source, found by the index. What it runs on is a derived store: S3, R2 by its S3 API, R2 in a Worker.

import { folderOf, imageOf } from './index.mjs';

/**
 * An entry younger than this stays: the image that it stands for may be stored a moment after it. One that stands for nothing is
 * harmless, and goes with the next purge.
 */
export const SETTLED_MS = 10 * 60_000;

/** How long after a purge the next one finds what was under way during the first, made of the source before. */
export const AGAIN_SECONDS = 60;

const MAX_BATCH = 1000;

/**
 * @typedef {object} DerivedStore
 * @property {(folder: string) => AsyncIterable<{key: string, uploaded: Date}>} list  what is in a folder, without its folders
 * @property {(key: string) => Promise<string | undefined>} read  a small object
 * @property {(keys: string[]) => Promise<void>} delete           at most 1,000; what is not there counts as deleted
 *
 * @param {DerivedStore} store
 * @param {string[]} sources  keys
 * @param {{dryRun?: boolean, now?: number}} [options]
 * @returns {Promise<string[]>} keys of the images that were deleted, sorted
 */
export async function purgeSources(store, sources, { dryRun = false, now = Date.now() } = {}) {
  const images = new Set();
  const settled = [];
  for (const source of new Set(sources)) {
    for await (const { key, uploaded } of store.list(folderOf(source))) {
      const image = imageOf(key, source) ?? (await store.read(key));
      if (image) images.add(image);
      if (now - uploaded.getTime() > SETTLED_MS) settled.push(key);
    }
  }
  // an entry goes after its image: what is interrupted can be done again
  if (!dryRun) for (const batch of batches([...images, ...settled])) await store.delete(batch);
  return [...images].sort();
}

function* batches(keys) {
  for (let at = 0; at < keys.length; at += MAX_BATCH) yield keys.slice(at, at + MAX_BATCH);
}
