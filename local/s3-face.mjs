// How S3 answers CloudFront over HTTP, on top of anything that can get an object by its key.

import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * @typedef {{status: number, statusDescription: string, headers: [string, string][], body: Buffer}} OriginAnswer
 * @typedef {(request: {method: string, uri: string}) => Promise<OriginAnswer>} Origin
 */

const ERRORS = {
  400: ['KeyTooLongError', 'Your key is too long'],
  403: ['AccessDenied', 'Access Denied'],
  404: ['NoSuchKey', 'The specified key does not exist.'],
  500: ['InternalError', 'We encountered an internal error. Please try again.'],
  503: ['SlowDown', 'Please reduce your request rate.'],
};

/** S3's limit on the name of an object. */
const MAX_KEY_BYTES = 1_024;

/**
 * @param {(key: string) => Promise<import('../lambda/src/exchange.mjs').Loaded | 'missing' | 'timeout' | 'unavailable'>} get
 * @param {{prefix?: string, missingStatus?: 403 | 404}} [options]  403 is S3's answer without the right to list
 * @returns {Origin}
 */
export function s3Face(get, { prefix = '', missingStatus = 403 } = {}) {
  return async ({ method, uri }) => {
    const key = keyOf(uri);
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) return failure(400, method);
    const got = key ? await get(`${prefix}${key}`) : 'missing';
    if (got === 'missing') return failure(missingStatus, method);
    if (typeof got === 'string') return failure(got === 'timeout' ? 503 : 500, method);

    if (method === 'HEAD') got.cancel();
    const body = method === 'HEAD' ? Buffer.alloc(0) : await buffer(got.stream());
    return answer(200, described(got.object), body);
  };
}

/** S3 reads a plus in a path as a space. A path with an invalid escape is used undecoded. */
function keyOf(uri) {
  const path = uri.slice(1).replaceAll('+', ' ');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function described({ etag, contentType, size, lastModified, cacheControl, metadata = {} }) {
  const pairs = [
    ['content-type', contentType ?? 'binary/octet-stream'],
    ['content-length', size === undefined ? undefined : String(size)],
    ['etag', etag],
    ['last-modified', lastModified],
    ['cache-control', cacheControl],
    ['accept-ranges', 'bytes'],
    ...Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
  ];
  return pairs.filter(([, value]) => value !== undefined);
}

function failure(status, method) {
  const [code, message] = ERRORS[status];
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const headers = [['content-type', 'application/xml'], ['transfer-encoding', 'chunked']];
  return answer(status, headers, Buffer.from(method === 'HEAD' ? '' : xml));
}

/** @returns {OriginAnswer} */
function answer(status, headers, body) {
  const always = [
    ['x-amz-request-id', randomBytes(8).toString('hex').toUpperCase()],
    ['x-amz-id-2', randomBytes(32).toString('base64')],
    ['date', new Date().toUTCString()],
    ['server', 'AmazonS3'],
  ];
  return { status, statusDescription: STATUS_CODES[status], headers: [...always, ...headers], body };
}
