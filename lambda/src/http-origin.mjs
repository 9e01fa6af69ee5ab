// HTTP servers with sources, as the Worker has them: a prefix of source keys, and the base URL that takes its place.

import { Readable } from 'node:stream';

import { StoreFailure } from './exchange.mjs';
import { logError } from './log.mjs';

/** A body of unknown length is read so far to find out: an answer at the edge has no more. */
const MEASURED_BYTES = 1_000_000;

const MISSING = new Set([403, 404, 410]);

/**
 * @typedef {{prefix: string, base: URL, headers: Record<string, string>}} HttpOrigin
 * @param {Record<string, string | {url: string, headers?: Record<string, string>}>} given  `aws.origins`
 * @returns {HttpOrigin[]} the longest prefix first
 * @throws {Error} what is wrong, with the member's name
 */
export function httpOrigins(given = {}) {
  const origins = Object.entries(given).map(([prefix, value]) => {
    const { url, headers = {} } = typeof value === 'string' ? { url: value } : Object(value);
    const fail = (message) => { throw Object.assign(new Error(`aws.origins, ${prefix}: ${message}`), { code: 'invalid_configuration' }); };
    if (!prefix.endsWith('/')) fail('has a prefix that does not end in /');
    if (!URL.canParse(url)) fail('is not a URL');
    const base = new URL(url);
    if (!['http:', 'https:'].includes(base.protocol)) fail('is neither an http nor an https URL');
    if (base.username || base.password) fail('names a user');
    if (base.search || base.hash) fail('has a query or a fragment');
    if (!base.pathname.endsWith('/')) fail('has a path that does not end in /');
    return { prefix, base, headers };
  });
  return origins.sort((a, b) => b.prefix.length - a.prefix.length);
}

/** Where a key is; undefined where it would not be under the base. */
export function urlOf({ prefix, base }, key) {
  const rest = key.slice(prefix.length).split('/').map(encodeURIComponent).join('/');
  const url = new URL(base.href + rest);
  return url.origin === base.origin && url.pathname.startsWith(base.pathname) ? url : undefined;
}

/**
 * Gets an object. A redirect is an answer like any other: followed, it could lead anywhere.
 * @param {HttpOrigin} origin
 * @param {string} key
 * @param {number} milliseconds  to its last byte where it is read here; between two parts where it is streamed
 * @returns {Promise<import('./exchange.mjs').Loaded | 'missing' | 'timeout' | 'unavailable'>}
 */
export async function getOverHttp(origin, key, milliseconds) {
  const url = urlOf(origin, key);
  if (!url) return 'missing';
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), milliseconds);
  const clear = () => clearTimeout(timer);
  let response;
  try {
    response = await fetch(url, { headers: origin.headers, redirect: 'manual', signal: controller.signal });
  } catch (error) {
    clear();
    const reason = controller.signal.aborted ? 'timeout' : 'unavailable';
    logError('get', { url: url.href, reason, error });
    return reason;
  }
  const cancel = () => {
    clear();
    controller.abort();
  };
  if (response.status !== 200) {
    cancel();
    if (MISSING.has(response.status)) return 'missing';
    logError('get', { url: url.href, reason: 'unavailable', status: response.status });
    return 'unavailable';
  }
  const object = describe(response.headers);
  /** @type {AsyncIterable<Uint8Array>} */
  let body = response.body ?? Readable.from([]);
  if (object.size === undefined) {
    try {
      ({ body, size: object.size } = await measured(body));
    } catch (error) {
      const reason = controller.signal.aborted ? 'timeout' : 'unavailable';
      cancel();
      logError('get', { url: url.href, reason, error });
      return reason;
    }
  }
  async function* parts() {
    for await (const part of body) {
      clear();
      yield part;
      timer = setTimeout(() => controller.abort(), milliseconds);
    }
    clear();
  }
  return {
    object,
    cancel,
    stream: () => Readable.from(parts(), { objectMode: false }),
    async read(maxBytes) {
      const chunks = [];
      let length = 0;
      try {
        for await (const part of body) {
          const wanted = part.subarray(0, maxBytes - length);
          chunks.push(wanted);
          length += wanted.length;
          if (length === maxBytes) break;
        }
        return Buffer.concat(chunks, length);
      } catch (error) {
        throw new StoreFailure(controller.signal.aborted ? 'timeout' : 'unavailable', { cause: error });
      } finally {
        cancel();
      }
    },
  };
}

/** The same body, and its size if it is small. */
async function measured(body) {
  const parts = body[Symbol.asyncIterator]();
  const start = [];
  let size = 0;
  while (size <= MEASURED_BYTES) {
    const { done, value } = await parts.next();
    if (done) return { body: start, size };
    start.push(value);
    size += value.length;
  }
  return { body: joined(start, parts), size: undefined };
}

async function* joined(start, rest) {
  yield* start;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** @returns {import('./exchange.mjs').StoredObject} */
function describe(headers) {
  const size = headers.has('content-encoding') ? null : headers.get('content-length');
  return {
    etag: headers.get('etag') ?? undefined,
    contentType: headers.get('content-type') ?? undefined,
    size: /^\d+$/.test(size ?? '') ? Number(size) : undefined,
    lastModified: headers.get('last-modified') ?? undefined,
    cacheControl: headers.get('cache-control') ?? undefined,
    metadata: {},
  };
}
