// Runs a CloudFront Function as CloudFront would: its own globals and nothing else, an event exactly as the viewer sent
// the request, and a check of what comes back.
// Source: CloudFront Developer Guide, "JavaScript runtime 2.0 features" and "Event structure".

import { Buffer } from 'node:buffer';
import crypto from 'node:crypto';
import querystring from 'node:querystring';
import vm from 'node:vm';
import { isDisallowed } from '../lambda/src/header-rules.mjs';

const READ_ONLY = ['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via'];
const MODULES = { crypto, querystring, buffer: { Buffer } };
const MAX_CODE_BYTES = 10_240;
const MAX_URL_CHARS = 8_192;
const TIMEOUT_MS = 1_000;

/** Globals of V8 that CloudFront's runtime lacks. */
const ABSENT = `
  for (const name of ['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'Proxy', 'Reflect', 'BigInt',
    'BigInt64Array', 'BigUint64Array', 'Intl', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'eval', 'Function', 'Iterator',
    'escape', 'unescape']) delete globalThis[name];
  for (const [owner, names] of [
    [Array.prototype, ['at', 'flat', 'flatMap', 'findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with']],
    [String.prototype, ['at', 'matchAll', 'normalize', 'isWellFormed', 'toWellFormed', 'localeCompare']],
    [Object, ['fromEntries', 'hasOwn', 'groupBy']],
  ]) for (const name of names) delete owner[name];
`;

/** The function cannot be run, threw, or answered what CloudFront refuses: 503 for the viewer. */
export class FunctionError extends Error {}

/**
 * @param {string} source  the function's code
 * @param {{kvs?: Record<string, string>}} [options]
 * @returns {(request: ViewerRequest) => Promise<{request?: ViewerRequest, response?: object, originId?: string}>}
 *
 * @typedef {{method: string, uri: string, querystring: string, headers: Record<string, string[]>, ip: string}} ViewerRequest
 *   as sent: nothing is decoded
 */
export function viewerRequestFunction(source, { kvs = {} } = {}) {
  const size = Buffer.byteLength(source);
  if (size > MAX_CODE_BYTES) throw new FunctionError(`the function is ${size} bytes; CloudFront takes ${MAX_CODE_BYTES}`);
  let originId;
  const context = vm.createContext(
    {
      console: { log: (message) => console.log('viewer-request:', message) },
      require: (name) => {
        if (!Object.hasOwn(MODULES, name)) throw new Error(`Cannot find module "${name}"`);
        return MODULES[name];
      },
      Buffer, atob, btoa, TextEncoder, TextDecoder,
      __cloudfront: {
        selectRequestOriginById: (id) => { originId = id; },
        kvs: () => keyValueStore(kvs),
        edgeLocation: { name: 'local', serverIp: '127.0.0.1', region: 'us-east-1' },
        logCustomData() {},
      },
    },
    { codeGeneration: { strings: false, wasm: false } },
  );
  vm.runInContext(ABSENT, context);
  const code = source.replace(/import\s+([\w$]+)\s+from\s*['"](\w+)['"];?/g, (_, name, module) =>
    module === 'cloudfront' ? `const ${name} = __cloudfront;` : `const ${name} = require('${module}');`);
  vm.runInContext(`'use strict';${code}\n;globalThis.__run = async (event) => JSON.stringify(await handler(JSON.parse(event)));`, context);

  return async (request) => {
    originId = undefined;
    let result;
    try {
      context.__event = JSON.stringify(event(request));
      result = JSON.parse(await vm.runInContext('__run(__event)', context, { timeout: TIMEOUT_MS }));
    } catch (error) {
      throw new FunctionError(`the function threw: ${error?.stack ?? error}`);
    }
    if (result?.statusCode !== undefined) return { response: checkResponse(result) };
    return { request: checkRequest(request, result), originId };
  };
}

/** @param {ViewerRequest} request */
export function event({ method, uri, querystring: query, headers, ip }) {
  const { cookie = [], ...others } = headers;
  const cookies = cookie.flatMap((header) => header.split(/; */)).filter(Boolean);
  return {
    version: '1.0',
    context: { distributionDomainName: 'local.cloudfront.net', distributionId: 'ELOCAL', eventType: 'viewer-request', requestId: 'local' },
    viewer: { ip },
    request: {
      method,
      uri,
      querystring: grouped(query.split('&').filter(Boolean).map(pair)),
      headers: grouped(Object.entries(others).flatMap(([name, values]) => values.map((value) => [name, value]))),
      cookies: grouped(cookies.map(pair)),
    },
  };
}

function pair(text) {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** The first value, and all of them where there are several. */
function grouped(pairs) {
  const result = Object.create(null);
  for (const [name, value] of pairs) {
    const known = result[name];
    if (!known) result[name] = { value };
    else (known.multiValue ??= [{ value: known.value }]).push({ value });
  }
  return result;
}

function checkRequest(before, after) {
  const refuse = (why) => { throw new FunctionError(`the function's request is refused: ${why}`); };
  if (typeof after !== 'object' || after === null) refuse('it is no object');
  if (after.method !== before.method) refuse('the method is read-only');
  if (typeof after.uri !== 'string' || !after.uri.startsWith('/')) refuse(`uri is ${JSON.stringify(after.uri)}`);
  const query = typeof after.querystring === 'string' ? after.querystring : joined(after.querystring ?? {});
  if (/[\s#\0-\x1f\x7f]/.test(after.uri + query)) refuse('uri or query holds a space, a control character or #');
  if (after.uri.length + query.length >= MAX_URL_CHARS) refuse('uri and query are too long');
  const headers = Object.fromEntries(
    Object.entries(after.headers ?? {}).map(([name, { value, multiValue }]) => [name, multiValue?.map((one) => one.value) ?? [value]]),
  );
  for (const name of READ_ONLY) {
    if (String(headers[name]) !== String(before.headers[name])) refuse(`${name} is read-only`);
  }
  for (const name of Object.keys(headers)) {
    if (name !== name.toLowerCase()) refuse(`header ${name} is not in lower case`);
    if (isDisallowed(name) && !before.headers[name]) refuse(`header ${name} is not allowed`);
  }
  return { ...before, uri: after.uri, querystring: query, headers };
}

function joined(query) {
  const pairs = Object.entries(query).flatMap(([name, { value, multiValue }]) =>
    (multiValue ?? [{ value }]).map((one) => (one.value === '' ? name : `${name}=${one.value}`)));
  return pairs.join('&');
}

function checkResponse(response) {
  const { statusCode, headers = {}, body } = response;
  const refuse = (why) => { throw new FunctionError(`the function's response is refused: ${why}`); };
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) refuse(`statusCode is ${statusCode}`);
  for (const [name, header] of Object.entries(headers)) {
    if (name !== name.toLowerCase() || typeof header?.value !== 'string') refuse(`header ${name} is not {value: string} in lower case`);
    if (isDisallowed(name)) refuse(`header ${name} is not allowed`);
  }
  const encoding = typeof body === 'object' ? body?.encoding : 'text';
  const data = typeof body === 'object' ? body?.data : (body ?? '');
  if (!['text', 'base64'].includes(encoding) || typeof data !== 'string') refuse('the body is neither a string nor {encoding, data}');
  return {
    status: statusCode,
    headers: Object.entries(headers).map(([name, { value }]) => [name, value]),
    body: Buffer.from(data, encoding === 'text' ? 'utf8' : 'base64'),
  };
}

function keyValueStore(entries) {
  return {
    async get(key, { format = 'string' } = {}) {
      if (!Object.hasOwn(entries, key)) throw new Error('KeyNotFound');
      return format === 'json' ? JSON.parse(entries[key]) : entries[key];
    },
    exists: async (key) => Object.hasOwn(entries, key),
    meta: async () => ({ keyCount: Object.keys(entries).length }),
  };
}
