// Runs cases of what AWS's Serverless Image Handler makes of requests against the wasm. README.md describes their format.

import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import sharp from 'sharp';
import { acceptsWebp, sihQuery } from '../../cf-function/src/sih.js';
import { Deckle, explainSih } from '../wasm.mjs';

const MAPPED = ['requestType', 'bucket', 'key', 'edits', 'outputFormat', 'effort', 'contentType', 'headers', 'cacheControl'];

/**
 * @param {object[]} cases
 * @param {Record<string, {bytes: Buffer, contentType: string}>} objects
 * @returns {Promise<{id: string, differences: string[]}[]>} the cases that fail
 */
export async function run(cases, objects) {
  const failures = [];
  for (const one of cases) {
    let differences;
    try {
      differences = await check(one, objects);
    } catch (error) {
      differences = [`threw ${error.stack ?? error}`];
    }
    if (differences.length > 0) failures.push({ id: one.id, differences });
  }
  return failures;
}

async function check(one, objects) {
  if (one.api.startsWith('v7-cloudfront-function')) return checkFunction(one);
  if (one.kind === 'render') return checkRender(one, objects);
  if (one.kind === 'canonical-query') return checkSigned(one);
  if (one.expected.error && one.kind !== 'infer-content-type') return compareError(one.expected.error, await answerTo(one, {}));
  return checkMapping(one);
}

/** deckle.json for a case's environment. */
export function configuration(env = {}) {
  const sih = { autoWebp: env.AUTO_WEBP === 'Yes' };
  if (env.SOURCE_BUCKETS === undefined) sih.sourceBuckets = ['bucket-a'];
  else if (env.SOURCE_BUCKETS) sih.sourceBuckets = env.SOURCE_BUCKETS.replace(/\s+/g, '').split(',');
  if (env.REWRITE_MATCH_PATTERN && env.REWRITE_SUBSTITUTION) {
    sih.rewrite = { pattern: env.REWRITE_MATCH_PATTERN, substitution: env.REWRITE_SUBSTITUTION };
  }
  if (env.ENABLE_SIGNATURE === 'Yes') sih.signature = { secret: env.SIGNATURE_SECRET };
  if (env.ENABLE_DEFAULT_FALLBACK_IMAGE === 'Yes') {
    sih.fallback = { bucket: env.DEFAULT_FALLBACK_IMAGE_BUCKET, key: env.DEFAULT_FALLBACK_IMAGE_KEY };
  }
  const config = { dialects: ['sih', 'thumbor', 'native'], sih, cors: env.CORS_ENABLED === 'Yes' ? (env.CORS_ORIGIN ?? '*') : false };
  if (Number(env.SHARP_SIZE_LIMIT) > 0) config.limits = { sourcePixels: Number(env.SHARP_SIZE_LIMIT) };
  return config;
}

function head({ method = 'GET', path, decoded, query, headers = {} }) {
  const encoded = () => decoded && `/${Buffer.from(JSON.stringify(decoded)).toString('base64')}`;
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { method, path: path ?? encoded(), query: pairs.join('&'), headers: Object.fromEntries(lower) };
}

/** What the exchange answers, with these objects in every bucket and nothing derived. */
export async function answerTo({ input }, objects) {
  const deckle = new Deckle(JSON.stringify(configuration(input.config)));
  const exchange = deckle.begin(JSON.stringify(head(input)), 'viewer', performance.now());
  let loaded;
  for (;;) {
    const step = JSON.parse(exchange.step());
    if (step.step === 'answer') {
      const bytes = step.send === 'object' ? loaded.bytes : Buffer.from(exchange.take());
      exchange.free();
      deckle.free();
      return { status: step.status, headers: Object.fromEntries(step.headers), bytes };
    }
    if (step.step === 'read') {
      exchange.body(loaded.bytes, () => performance.now());
    } else if (step.step === 'detect') {
      exchange.missing(performance.now());
    } else {
      loaded = step.store === 'source' ? objects[step.key] : undefined;
      const { bytes, contentType } = loaded ?? {};
      if (loaded) exchange.found(JSON.stringify({ etag: '"1"', contentType, size: bytes.length, cacheControl: loaded.cacheControl }));
      else exchange.missing(performance.now());
    }
  }
}

function checkMapping({ input, expected }) {
  const { path, query, headers } = head(input);
  const settings = configuration(input.config);
  delete settings.cors;
  delete settings.limits;
  const bytes = Buffer.from(input.firstBytesHex ?? '', 'hex');
  const explained = explainSih(
    path ?? '/a.jpg', query, headers.accept, Date.now() / 1000, JSON.stringify(settings), input.s3ContentType ?? undefined, bytes,
  );
  const mapped = JSON.parse(explained);
  // the status of a mistake of the client's
  if (expected.error && mapped.error) return compareError(expected.error, { status: 400, bytes: JSON.stringify({ status: 400, ...mapped.error }) });
  if (mapped.error) return [`refused: ${explained}`];
  const differences = [];
  for (const name of MAPPED) {
    if (input.path === undefined && name !== 'contentType') continue;
    if (name === 'headers' && expected.headers === undefined && expected.cacheControl === undefined) continue;
    compare(name, expected[name], mapped[name], differences);
  }
  if (expected.editOrder) compare('editOrder', expected.editOrder, Object.keys(mapped.edits ?? {}), differences);
  return differences;
}

function compare(name, expected, got, differences) {
  if (!isDeepStrictEqual(withoutUndefined(expected), withoutUndefined(got))) {
    differences.push(`${name}:\n  - ${JSON.stringify(expected)}\n  + ${JSON.stringify(got)}`);
  }
}

/** A member that is there and undefined is the same as none, but for an edit itself, which is then applied. */
function withoutUndefined(value, depth = 0) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const isUndefined = (member) => member !== null && typeof member === 'object' && member.$undefined === true;
  const members = Object.entries(value).filter(([, member]) => depth === 0 || !isUndefined(member));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutUndefined(member, depth + 1)]));
}

/** 500 for a client's mistake is 400 here, with the code that fits. */
function compareError(expected, { status, bytes }) {
  const differences = [];
  let body;
  try {
    body = JSON.parse(bytes.toString());
  } catch {
    return [`status ${status}, not an error: ${bytes.length} bytes`];
  }
  if (expected.status === 500) {
    compare('status', 400, status, differences);
    compare('members', ['code', 'message', 'status'], Object.keys(body).sort(), differences);
    return differences;
  }
  compare('status', expected.status, status, differences);
  for (const name of ['status', 'code', 'message']) compare(name, expected[name], body[name], differences);
  return differences;
}

async function checkRender(one, objects) {
  const { expected } = one;
  const answer = await answerTo(one, objects);
  if (expected.error) return compareError(expected.error, answer);
  const differences = [];
  compare('status', expected.status ?? 200, answer.status, differences);
  if (answer.status >= 400 && answer.headers['content-type'] === 'application/json') return [...differences, answer.bytes.toString()];
  if (expected.contentType) compare('contentType', expected.contentType, answer.headers['content-type'], differences);
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    compare(name, value, answer.headers[name.toLowerCase()], differences);
  }
  if (expected.body) {
    const source = objects[one.input.path.slice(1)];
    if (!source || !answer.bytes.equals(source.bytes)) differences.push('the bytes are not those of the object');
  }
  if (expected.width === undefined) return differences;
  const metadata = await sharp(answer.bytes, { animated: true }).metadata();
  compare('width', expected.width, metadata.width, differences);
  compare('height', expected.height, metadata.pageHeight ?? metadata.height, differences);
  if (expected.orientation !== undefined) compare('orientation', expected.orientation, metadata.orientation ?? 1, differences);
  if (expected.frames !== undefined) compare('frames', expected.frames, metadata.pages ?? 1, differences);
  return differences;
}

/** A query in its signed form: signed so, it is not refused for its signature. */
async function checkSigned({ input, expected }) {
  const path = '/a.jpg';
  const signature = createHmac('sha256', 'secret').update(`${path}?${expected.canonicalQuery}`).digest('hex');
  const config = { ...input.config, ENABLE_SIGNATURE: 'Yes', SIGNATURE_SECRET: 'secret' };
  const signed = { ...input, path, query: { ...input.query, signature }, config };
  const { bytes } = await answerTo({ input: signed }, {});
  const { code } = JSON.parse(bytes.toString());
  return code === 'SignatureDoesNotMatch' ? ['the query is signed in another form'] : [];
}

/** What the handler's own CloudFront Function lets through, and what ours does. */
function checkFunction({ api, input, expected }) {
  const differences = [];
  if (expected.querystring !== undefined) {
    // S3 Object Lambda, which is closed, wanted a prefix
    const wanted = api.endsWith('-ol') ? expected.querystring.replace(/(^|&)ol-/g, '$1').split('&').sort().join('&') : expected.querystring;
    compare('querystring', wanted, sihQuery(input.querystring ?? {}), differences);
  }
  if (expected.headers) {
    const accept = input.headers.accept ?? input.headers.Accept;
    const seen = acceptsWebp(accept === undefined ? {} : { accept: { value: accept } }) ? 'image/webp' : '';
    // an absent header stays absent; what is read of it is the same
    compare('accept', expected.headers.accept ?? '', seen, differences);
  }
  return differences;
}
