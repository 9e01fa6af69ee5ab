// Lambda@Edge, origin-response: S3 has no such derived image, so it is made, stored and answered.
//
// A function that throws, or answers what CloudFront does not accept, is a 502 to the viewer. So nothing is thrown here,
// and the response that came is the one that goes back, changed.

import { STATUS_CODES } from 'node:http';

import { originBucket, CONFIG_HEADER, readConfigFile, resolveConfig } from './config.mjs';
import { rekognition } from './detector.mjs';
import { runExchange, unexpected, withBody } from './exchange.mjs';
import { isDisallowed, isHeaderName, isHeaderValue, READ_ONLY } from './header-rules.mjs';
import { keep } from './keep.mjs';
import { s3Store } from './s3-store.mjs';
import { redirectTooLarge } from './too-large.mjs';
import { wasmInstance } from './wasm.mjs';

/**
 * The service's limit is 1 MB "including headers and body", and it does not say whether base64 counts. It is taken to
 * count; the rest is room for what CloudFront adds.
 */
export const MAX_RESPONSE_BYTES = 1_000_000;

/** S3's two ways to say that an object is not there. */
const MISSING = new Set(['403', '404']);
/** A path longer than S3's names, base64 of another dialect, is a 400 there: it names no object either. */
const MAX_KEY_BYTES = 1_024;
const METHODS = new Set(['GET', 'HEAD']);

/** An edge's answer is always whole: a condition or a range is for CloudFront to apply to it. */
const NOT_FORWARDED = new Set(['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range', 'range']);

/** Headers of the origin's response that describe the body it had. */
const OF_THE_BODY = [
  'accept-ranges', 'cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-length',
  'content-md5', 'content-range', 'content-type', 'etag', 'expires', 'last-modified',
];

/**
 * @param {object} [host]
 * @param {object} [host.file]     the configuration file's content
 * @param {import('./wasm-instance.mjs').WasmInstance} [host.wasm]  by default made by the first miss: the service runs the function for hits, too
 * @param {(aws: import('./config.mjs').AwsConfig, more: object) => import('./exchange.mjs').Store} [host.makeStore]
 * @param {(aws: import('./config.mjs').AwsConfig) => import('./detector.mjs').Detector} [host.makeDetector]
 * @returns {(event: object) => Promise<object>} the handler
 */
export function originResponse({ file = readConfigFile(), wasm, makeStore = s3Store, makeDetector = rekognition } = {}) {
  return async (event) => {
    const { request, response } = event.Records[0].cf;
    if (!isMissing(response, request) || !METHODS.has(request.method)) return response;
    let answer;
    try {
      answer = await respond(request, response, { file, wasm: wasm ?? wasmInstance(), makeStore, makeDetector });
    } catch (error) {
      answer = unexpected(error, request.uri);
    }
    return toCloudFront(response, answer, request.method);
  };
}

function isMissing({ status }, { uri }) {
  return MISSING.has(status) || (status === '400' && Buffer.byteLength(s3Key(uri)) > MAX_KEY_BYTES);
}

async function respond(request, response, { file, wasm, makeStore, makeDetector }) {
  const start = Date.now();
  const s3 = request.origin?.s3;
  const origin = originBucket(s3);
  const config = resolveConfig(file, s3?.customHeaders?.[CONFIG_HEADER]?.[0]?.value, origin);
  const missed = origin && `${origin.bucket}/${origin.prefix}${s3Key(request.uri)}`;
  const store = makeStore(config.aws, { isKnownMissing: (bucket, key) => `${bucket}/${key}` === missed });
  const host = { wasm, store, detector: makeDetector(config.aws), config };
  const head = { method: request.method, path: request.uri, query: '', headers: forwarded(request.headers) };

  const missedAt = Date.parse(response.headers.date?.[0]?.value) || start;
  const answer = await runExchange(host, head, 'derived-miss');
  if (request.method === 'HEAD') return keep(host, answer, request.uri, start, missedAt);
  const size = answer.bytes?.length ?? (answer.loaded ? (answer.loaded.object.size ?? Infinity) : 0);
  if (headerBytes(merged(response, answer)) + base64Length(size) > MAX_RESPONSE_BYTES) {
    return redirectTooLarge(host, answer, request.uri, missedAt);
  }
  return withBody(await keep(host, answer, request.uri, start, missedAt));
}

/** The key that S3 looked for: it reads a plus in a path as a space. */
function s3Key(uri) {
  try {
    return decodeURIComponent(uri.slice(1).replaceAll('+', ' '));
  } catch {
    return uri.slice(1);
  }
}

/** CloudFront's header lists as one value each. */
function forwarded(headers = {}) {
  const pairs = Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name));
  return Object.fromEntries(pairs.map(([name, list]) => [name, list.map(({ value }) => value).join(', ')]));
}

/**
 * The origin's headers without those of its body, and the answer's.
 * @returns {Record<string, {key: string, value: string}[]>}
 */
function merged(response, { headers }) {
  const result = { ...response.headers };
  for (const name of OF_THE_BODY) delete result[name];
  const ours = {};
  for (const [name, value] of headers) {
    const isOurs = name !== 'content-length' && !READ_ONLY.includes(name) && !isDisallowed(name);
    if (isOurs && isHeaderName(name) && isHeaderValue(value)) (ours[name] ??= []).push({ key: titleCase(name), value });
  }
  return { ...result, ...ours };
}

function titleCase(name) {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** @returns {object} the origin's response, changed */
function toCloudFront(response, answer, method) {
  response.status = String(answer.status);
  response.statusDescription = STATUS_CODES[answer.status] ?? 'Unknown';
  response.headers = merged(response, answer);
  // an empty body replaces S3's error text; without a body CloudFront would send that text
  response.body = method === 'HEAD' ? '' : Buffer.from(answer.bytes ?? []).toString('base64');
  response.bodyEncoding = 'base64';
  return response;
}

function headerBytes(headers) {
  return Object.values(headers).flat().reduce((sum, { key, value }) => sum + (key?.length ?? 0) + value.length + 4, 0);
}

function base64Length(bytes) {
  return Math.ceil(bytes / 3) * 4;
}

export const handler = originResponse();
