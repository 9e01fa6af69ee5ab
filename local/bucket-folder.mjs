// A folder as a bucket: an object is a file, what HTTP says of it is in a sidecar beside it. A file without a sidecar
// is an object too, so a folder of photos needs no preparation.
//
// `make serve` uses it and not the S3 server of the tests (s3s-fs): that would have to be compiled before the first picture is seen, and
// it knows no content of a folder that it did not write. The tests run both.

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StoreFailure } from '../lambda/src/exchange.mjs';

const SIDECAR = /^\..*\.deckle\.json$/;
const TEMPORARY = /^\..*\.deckle\.tmp$/;

/** What a tool that uploads a folder says of a file, by its name. */
const TYPES = {
  avif: 'image/avif', bmp: 'image/bmp', css: 'text/css', gif: 'image/gif', html: 'text/html', ico: 'image/x-icon', jpeg: 'image/jpeg',
  jpg: 'image/jpeg', js: 'text/javascript', json: 'application/json', mp4: 'video/mp4', pdf: 'application/pdf', png: 'image/png',
  svg: 'image/svg+xml', txt: 'text/plain', webm: 'video/webm', webp: 'image/webp', xml: 'application/xml',
};

/** @typedef {import('../lambda/src/exchange.mjs').StoredObject} StoredObject */

export class FolderBucket {
  #folder;
  /** ETags by file, while size and time stay the same. */
  #etags = new Map();
  #isTyped;

  /**
   * @param {string} folder  made when the first object is put
   * @param {{typed?: boolean}} [options]  `typed`: a file without a sidecar has the type that its name says, as if it had been uploaded
   */
  constructor(folder, { typed = false } = {}) {
    this.#folder = resolve(folder);
    this.#isTyped = typed;
  }

  /**
   * @param {string} key
   * @returns {Promise<import('../lambda/src/exchange.mjs').Loaded | 'missing'>}
   */
  async get(key) {
    const file = this.#file(key);
    // head and body are of one file, even when another takes its name meanwhile
    const handle = file && (await open(file).catch(() => undefined));
    const found = await handle?.stat();
    if (!found?.isFile()) {
      await handle?.close();
      return 'missing';
    }
    const object = await this.#describe(file, found, handle);
    return {
      object,
      cancel: () => void handle.close(),
      stream: () => handle.createReadStream({ start: 0 }),
      async read(maxBytes) {
        try {
          return await readStart(handle, maxBytes);
        } catch (error) {
          throw new StoreFailure('unavailable', { cause: error });
        } finally {
          await handle.close();
        }
      },
    };
  }

  /** @returns {Promise<StoredObject | undefined>} */
  async head(key) {
    const file = this.#file(key);
    const found = file && (await stat(file).catch(() => undefined));
    return found?.isFile() ? this.#describe(file, found) : undefined;
  }

  async #describe(file, found, handle) {
    const said = await readSidecar(file, found.size);
    return {
      etag: await this.#etag(file, found, handle),
      contentType: said.contentType ?? (this.#isTyped ? TYPES[file.split('.').at(-1).toLowerCase()] : undefined),
      size: found.size,
      lastModified: found.mtime.toUTCString(),
      cacheControl: said.cacheControl,
      metadata: said.metadata ?? {},
    };
  }

  /**
   * Writes beside the place and renames, so that no reader sees half an object.
   * @param {Uint8Array | Readable} body
   * @param {{contentType?: string, cacheControl?: string, metadata?: Record<string, string>}} said
   * @returns {Promise<import('../lambda/src/exchange.mjs').Stored | undefined>}
   */
  async put(key, body, { contentType, cacheControl, metadata } = {}) {
    const file = this.#file(key);
    if (!file) return undefined;
    const temporary = beside(file, `${randomUUID()}.deckle.tmp`);
    const sidecar = `${temporary}.json.deckle.tmp`;
    try {
      await mkdir(dirname(file), { recursive: true });
      await pipeline(body instanceof Readable ? body : [body], createWriteStream(temporary));
      const { size } = await stat(temporary);
      await writeFile(sidecar, `${JSON.stringify({ size, contentType, cacheControl, metadata })}\n`);
      await rename(sidecar, sidecarOf(file));
      const etag = await hashed(createReadStream(temporary));
      await rename(temporary, file);
      return { etag };
    } catch (error) {
      for (const left of [temporary, sidecar]) await rm(left, { force: true }).catch(() => {});
      console.error('folder bucket: put', key, error.message);
      return undefined;
    }
  }

  async delete(key) {
    const file = this.#file(key);
    if (!file) return;
    await rm(file, { force: true });
    await rm(sidecarOf(file), { force: true });
  }

  /** @returns {Promise<string[]>} every key, sorted */
  async list() {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const keys = entries
      .filter((entry) => entry.isFile() && !isOurs(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(this.#folder.length + 1));
    return keys.sort();
  }

  #file(key) {
    const segments = key.split('/');
    const isBad = (segment) => segment === '' || segment === '.' || segment === '..' || segment.includes('\0');
    if (segments.some(isBad) || isOurs(segments.at(-1))) return undefined;
    return join(this.#folder, ...segments);
  }

  /** As S3 and R2 make it for a simple put: the MD5 of the content. */
  async #etag(file, { size, mtimeMs }, handle) {
    const known = this.#etags.get(file);
    if (known?.size === size && known.mtimeMs === mtimeMs) return known.etag;
    const etag = await hashed(handle ? handle.createReadStream({ start: 0, autoClose: false }) : createReadStream(file));
    this.#etags.set(file, { size, mtimeMs, etag });
    return etag;
  }
}

/**
 * Two folders as the store of an exchange.
 * @param {{source: FolderBucket, derived: FolderBucket}} buckets
 * @returns {import('../lambda/src/exchange.mjs').Store}
 */
export function folderStore(buckets) {
  return {
    get: (store, key) => buckets[store].get(key),
    async put(key, body, put) {
      for (const entry of put.index ?? []) await buckets.derived.put(entry.key, Buffer.from(entry.body));
      return buckets.derived.put(key, body, put);
    },
    head: (key) => buckets.derived.head(key),
    list: async (folder, most) => (await buckets.derived.list()).filter((key) => key.startsWith(folder) && !key.slice(folder.length).includes('/')).slice(0, most),
  };
}

async function hashed(stream) {
  const hash = createHash('md5');
  await pipeline(stream, hash);
  return `"${hash.digest('hex')}"`;
}

function isOurs(name) {
  return SIDECAR.test(name) || TEMPORARY.test(name);
}

function beside(file, suffix) {
  const name = file.slice(dirname(file).length + 1);
  return join(dirname(file), `.${name}.${suffix}`);
}

function sidecarOf(file) {
  return beside(file, 'deckle.json');
}

/** What the sidecar says; empty when there is none, or when the file has been replaced since. */
async function readSidecar(file, size) {
  try {
    const said = JSON.parse(await readFile(sidecarOf(file), 'utf8'));
    return said.size === size ? said : {};
  } catch {
    return {};
  }
}

async function readStart(handle, maxBytes) {
  const { size } = await handle.stat();
  const bytes = Buffer.alloc(Math.min(size, maxBytes));
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
