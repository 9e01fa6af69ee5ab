// S3 as the store of an exchange: what is there, what is not, and what went wrong.

import { Readable } from 'node:stream';

import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { StoreFailure } from './exchange.mjs';
import { getOverHttp } from './http-origin.mjs';
import { logError } from './log.mjs';

/**
 * Statuses of S3 that mean "not there": without the right to list, a missing object is a 403. The codes are 403s and
 * 404s that mean something else.
 */
const MISSING = new Set([403, 404]);
const NOT_MISSING = new Set([
  'NoSuchBucket', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken', 'RequestTimeTooSkewed',
  'AccountProblem', 'AllAccessDisabled', 'InvalidObjectState',
]);
const TIMEOUTS = new Set(['AbortError', 'TimeoutError', 'RequestTimeout', 'RequestAbortedError']);
/** The client reports these as timeouts, though the connection broke. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE']);

/** Short, because a HEAD only confirms that a redirect will work, and the function has 30 seconds for everything. */
const HEAD_TIMEOUT_MS = 2_000;

/** Clients live as long as the process: they keep connections and credentials. */
const clients = new Map();

/**
 * @param {string} region  stated, because a replica of Lambda@Edge has the region of the viewer by default
 * @param {import('./config.mjs').AwsConfig} aws
 * @param {import('@aws-sdk/client-s3').S3ClientConfig} options
 */
function client(region, aws, options) {
  const name = JSON.stringify([region, aws.connectTimeoutMs, options]);
  let found = clients.get(name);
  if (!found) {
    found = new S3Client({
      region,
      maxAttempts: 2,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // no socketTimeout: it counts the time that a viewer takes to read, too
      requestHandler: { connectionTimeout: aws.connectTimeoutMs },
      ...options,
    });
    clients.set(name, found);
  }
  return found;
}

/**
 * @param {import('./config.mjs').AwsConfig} aws
 * @param {{options?: import('@aws-sdk/client-s3').S3ClientConfig, isKnownMissing?: (bucket: string, key: string) => boolean}} [more]
 *   `isKnownMissing` answers for objects that S3 was asked for a moment ago
 * @returns {import('./exchange.mjs').Store}
 */
export function s3Store(aws, { options = {}, isKnownMissing = () => false } = {}) {
  const place = (store, key, named) => {
    // a bucket that a request names: one of `sih.sourceBuckets`, which the exchange has checked
    const { bucket, region, prefix } = named === undefined ? aws[store] : (aws.buckets[named] ?? { ...aws.source, bucket: named, prefix: '' });
    return { s3: client(region, aws, options), target: { Bucket: bucket, Key: `${prefix}${key}` } };
  };
  return {
    async get(store, key, named) {
      const origin = store === 'source' && named === undefined ? aws.origins?.find(({ prefix }) => key.startsWith(prefix)) : undefined;
      if (origin) return getOverHttp(origin, key, aws.loadTimeoutMs);
      const { s3, target } = place(store, key, named);
      if (key === '' || isKnownMissing(target.Bucket, target.Key)) return 'missing';
      const deadline = deadlineUntilCleared(aws.loadTimeoutMs);
      try {
        const output = await s3.send(new GetObjectCommand(target), { abortSignal: deadline.signal });
        return loaded(output, deadline, aws.loadTimeoutMs);
      } catch (error) {
        deadline.clear();
        const reason = failure(error);
        // who may list is told 404 of what is not there
        const isDenied = store === 'source' && aws.canList && reason === 'missing' && error.$metadata.httpStatusCode === 403;
        if (isDenied) logError('source_forbidden', { bucket: target.Bucket, key: target.Key, error });
        else if (reason !== 'missing') logError('get', { bucket: target.Bucket, key: target.Key, reason, error });
        return isDenied ? 'unavailable' : reason;
      }
    },

    async put(key, body, { contentType, cacheControl, metadata, index = [] }, size) {
      const put = async (name, content, more) => {
        const { s3, target } = place('derived', name);
        try {
          const command = new PutObjectCommand({ ...target, Body: content, ...more });
          const { ETag: etag } = await s3.send(command, { abortSignal: AbortSignal.timeout(aws.storeTimeoutMs) });
          return { etag };
        } catch (error) {
          logError('put', { bucket: target.Bucket, key: target.Key, error });
          return undefined;
        }
      };
      // side by side, as a viewer waits; those of the index are begun first
      const entries = index.map((entry) => put(entry.key, Buffer.from(entry.body), { ContentType: 'text/plain' }));
      const stored = await put(key, body, { ContentLength: size, ContentType: contentType, CacheControl: cacheControl, Metadata: metadata });
      await Promise.all(entries);
      return stored;
    },

    async list(folder, most) {
      const { s3, target } = place('derived', folder);
      try {
        const input = { Bucket: target.Bucket, Prefix: target.Key, Delimiter: '/', MaxKeys: most };
        const { Contents = [] } = await s3.send(new ListObjectsV2Command(input), { abortSignal: AbortSignal.timeout(HEAD_TIMEOUT_MS) });
        return Contents.map(({ Key }) => Key.slice(target.Key.length - folder.length));
      } catch (error) {
        logError('list', { bucket: target.Bucket, key: target.Key, error });
        return isTimeout(error) ? 'timeout' : 'unavailable';
      }
    },

    async head(key) {
      const { s3, target } = place('derived', key);
      try {
        return describe(await s3.send(new HeadObjectCommand(target), { abortSignal: AbortSignal.timeout(HEAD_TIMEOUT_MS) }));
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * A signal that aborts after some time unless it is cleared. `AbortSignal.timeout` cannot be cleared, and the client destroys a
 * body whose signal aborts: one that is passed on to the viewer may take longer than one that is read here.
 */
function deadlineUntilCleared(milliseconds) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** @returns {import('./exchange.mjs').Loaded} */
function loaded(output, deadline, loadTimeoutMs) {
  const body = output.Body;
  const cancel = () => {
    deadline.clear();
    body.on('error', () => {});
    body.destroy();
  };
  return {
    object: describe(output),
    cancel,
    stream() {
      deadline.clear();
      return Readable.from(unstalled(body, loadTimeoutMs), { objectMode: false });
    },
    async read(maxBytes) {
      const abort = () => body.destroy(Object.assign(new Error('took too long'), { name: 'TimeoutError' }));
      deadline.signal.addEventListener('abort', abort);
      try {
        return await collect(body, maxBytes);
      } catch (error) {
        throw new StoreFailure(failure(error) === 'timeout' ? 'timeout' : 'unavailable', { cause: error });
      } finally {
        deadline.signal.removeEventListener('abort', abort);
        cancel();
      }
    },
  };
}

/**
 * The same body, which breaks off when nothing comes for so long while it is asked for more. How long its reader takes does not count.
 * @param {import('node:stream').Readable} body
 * @param {number} milliseconds
 */
async function* unstalled(body, milliseconds) {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await within(milliseconds, chunks.next());
      if (done) return;
      yield value;
    }
  } finally {
    body.on('error', () => {});
    body.destroy();
  }
}

/** What a promise gives, unless it takes longer. */
function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new StoreFailure('timeout')), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * @param {AsyncIterable<Uint8Array>} body
 * @param {number} maxBytes
 */
async function collect(body, maxBytes) {
  const chunks = [];
  let length = 0;
  for await (const chunk of body) {
    const wanted = chunk.subarray(0, maxBytes - length);
    chunks.push(wanted);
    length += wanted.length;
    // a body read to its end leaves a connection that can be used again
    if (wanted.length < chunk.length) break;
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length);
}

/** @returns {import('./exchange.mjs').StoredObject} */
function describe(output) {
  return {
    etag: output.ETag,
    contentType: output.ContentType,
    size: output.ContentLength,
    lastModified: output.LastModified?.toUTCString(),
    cacheControl: output.CacheControl,
    metadata: output.Metadata ?? {},
  };
}

/** Whether a client of AWS gave up waiting. */
export function isTimeout(error) {
  return TIMEOUTS.has(error?.name) && !BROKEN.has(error.code);
}

/** @returns {'missing' | 'timeout' | 'unavailable'} */
function failure(error) {
  if (TIMEOUTS.has(error?.name)) return isTimeout(error) ? 'timeout' : 'unavailable';
  if (MISSING.has(error?.$metadata?.httpStatusCode) && !NOT_MISSING.has(error.name)) return 'missing';
  return 'unavailable';
}
