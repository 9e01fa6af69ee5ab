// Drives the wasm's exchange over a store: load, read, store, until there is an answer. It decides nothing; see
// wasm/README.md for the protocol.
//
// A transformation is one synchronous call followed at once by `take()`, so two never overlap in one process.

import { logError } from './log.mjs';
import { Refusals } from './refusals.mjs';
import { flightName, singleFlight } from './single-flight.mjs';
import { StaleExchange, Trapped } from './wasm-instance.mjs';

/**
 * @typedef {object} StoredObject  what a store says of an object: all optional
 * @property {string} [etag] @property {string} [contentType] @property {number} [size]
 * @property {string} [lastModified] @property {string} [cacheControl] @property {Record<string, string>} [metadata]
 *
 * @typedef {object} Loaded  an object whose body has begun to arrive; exactly one of the three methods is called
 * @property {StoredObject} object
 * @property {(maxBytes: number) => Promise<Uint8Array>} read  at most so many bytes; rejects with a StoreFailure
 * @property {() => import('node:stream').Readable} stream  breaks off when nothing comes for a while
 * @property {() => void} cancel
 *
 * @typedef {object} Store
 * @property {(store: 'source' | 'derived', key: string) => Promise<Loaded | 'missing' | 'timeout' | 'unavailable'>} get
 * @property {(key: string, body: Uint8Array | import('node:stream').Readable, put: Put, size: number) => Promise<Stored | undefined>} put
 *   into the derived store; never rejects; undefined when it did not work
 * @property {(folder: string, most: number) => Promise<string[] | 'timeout' | 'unavailable'>} list  names in a folder of the derived store; never rejects
 * @property {(key: string) => Promise<StoredObject | undefined>} head  of the derived store; never rejects
 *
 * @typedef {{contentType: string, cacheControl: string, metadata: Record<string, string>, index?: {key: string, body: string}[]}} Put
 * @typedef {{etag?: string}} Stored  the tag that the store gives the object
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {[string, string][]} headers
 * @property {Uint8Array} [bytes]   to send, when the exchange made them
 * @property {Loaded} [loaded]      to send, when it is the object just loaded
 * @property {boolean} [isStored]    whether that object is of the derived store
 * @property {string} [path]        the canonical path of the request
 * @property {string} [sourceKey]   of the original, when it is in the first bucket
 * @property {string} [storedKey]   of the result in the derived store
 * @property {number} [sourceBytes]  that were read to make it
 * @property {string} [sourceEtag]  of what the result was made from
 * @property {() => Promise<Stored | undefined>} [store]  puts the result into the derived store, also for HEAD
 */

/** A body that broke off. */
export class StoreFailure extends Error {
  /** @param {'timeout' | 'unavailable'} reason */
  constructor(reason, options) {
    super(reason, options);
    this.reason = reason;
  }
}

const ATTEMPTS = 3;
const TRAP_MAX_AGE_SECONDS = 10;

/** @type {WeakMap<object, Refusals>} by instance */
const refusalsOf = new WeakMap();

/**
 * @param {{wasm: import('./wasm-instance.mjs').WasmInstance, store: Store, detector?: import('./detector.mjs').Detector,
 *   config: import('./config.mjs').Config}} host
 * @param {{method: string, path: string, query: string, headers: Record<string, string>}} head
 * @param {'viewer' | 'derived-miss'} start
 * @returns {Promise<Answer>}
 */
export function runExchange(host, head, start) {
  return singleFlight(host, head, async () => {
    if (!refusalsOf.has(host.wasm)) refusalsOf.set(host.wasm, new Refusals());
    const refusals = refusalsOf.get(host.wasm);
    const name = flightName(host.config, head);
    const refusal = refusals.get(name);
    if (refusal) return refusal;
    // a trap may be for want of memory, so it is not remembered: the next request tries again, in a new instance
    return runAttempts(host, head, async () => {
      const answer = await runOnce(host, head, start);
      refusals.put(name, answer);
      return answer;
    });
  });
}

async function runAttempts(host, head, run) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (error instanceof Trapped) {
        logError('trap', { path: head.path, error: error.cause });
        return errorAnswer(422, 'transform_failed', 'the image could not be transformed', `public, max-age=${TRAP_MAX_AGE_SECONDS}`);
      }
      // the instance was replaced meanwhile, because another request trapped in it
      if (!(error instanceof StaleExchange) || attempt === ATTEMPTS) throw error;
    } finally {
      host.wasm.trim(host.config.aws.instanceMaxBytes);
    }
  }
}

async function runOnce({ wasm, store, detector, config }, head, start) {
  const exchange = wasm.begin(config.deckle, head, start);
  /** @type {Loaded | undefined} */
  let loaded;
  let sourceKey;
  let isStored = false;
  let sourceBytes = 0;
  try {
    for (;;) {
      const step = exchange.step();
      if (step.step === 'load') {
        loaded?.cancel();
        loaded = undefined;
        // an original of another bucket has no path of its own
        if (step.store === 'source' && step.part === 0) sourceKey = step.bucket === undefined ? step.key : undefined;
        isStored = step.store === 'derived';
        const got = await store.get(step.store, step.key, step.bucket);
        if (typeof got !== 'string') loaded = got;
        report(exchange, got);
      } else if (step.step === 'read') {
        const body = loaded;
        loaded = undefined;
        const bytes = await readBody(body, step.maxBytes);
        if (typeof bytes === 'string') exchange.failed(bytes);
        else {
          sourceBytes += bytes.length;
          exchange.body(bytes);
        }
      } else if (step.step === 'list') {
        const names = await store.list(step.folder, step.most);
        if (typeof names === 'string') exchange.failed(names);
        else exchange.listed(names);
      } else if (step.step === 'detect') {
        const seen = await (detector?.detect(step.what, exchange.take(), step.minConfidence) ?? 'missing');
        if (seen === 'missing') exchange.missing();
        else if (typeof seen === 'string') exchange.failed(seen);
        else exchange.detected(seen);
      } else {
        const answer = finish(exchange, step, store);
        if (step.send === 'object') {
          answer.loaded = loaded;
          answer.isStored = isStored;
          loaded = undefined;
        }
        return { ...answer, sourceKey, sourceBytes };
      }
    }
  } finally {
    loaded?.cancel();
    exchange.free();
  }
}

function report(exchange, got) {
  if (got === 'missing') exchange.missing();
  else if (typeof got === 'string') exchange.failed(got);
  else exchange.found(got.object);
}

/** One byte past the limit is enough for the exchange to see that there is more. */
async function readBody(loaded, maxBytes) {
  try {
    return await loaded.read(maxBytes + 1);
  } catch (error) {
    if (error instanceof StoreFailure) return error.reason;
    throw error;
  }
}

/** @returns {Answer} */
function finish(exchange, step, store) {
  const answer = { status: step.status, headers: step.headers, path: exchange.cachePath() };
  const result = step.put || step.send === 'result' ? exchange.take() : undefined;
  if (step.send === 'result') answer.bytes = result;
  if (step.put) {
    answer.storedKey = step.put.key;
    answer.sourceEtag = step.put.metadata['source-etag'];
    answer.store = () => store.put(step.put.key, result, step.put, result.length);
  }
  return answer;
}

/**
 * An error that the host itself has to report, in the shape of the edge's own.
 * @returns {Answer}
 */
export function errorAnswer(status, code, message, cacheControl = 'no-store') {
  return {
    status,
    headers: [
      ['content-type', 'application/json'],
      ['cache-control', cacheControl],
      ['x-content-type-options', 'nosniff'],
    ],
    bytes: new TextEncoder().encode(JSON.stringify({ status, code, message })),
  };
}

/**
 * The answer to a fault of ours: the log has all of it, the viewer a short message.
 * @returns {Answer}
 */
export function unexpected(error, path) {
  logError('unexpected', { path, error });
  const isConfiguration = error?.code === 'invalid_configuration';
  return isConfiguration
    ? errorAnswer(500, error.code, 'the image service is not configured properly')
    : errorAnswer(500, 'internal', 'the image service failed');
}

/**
 * Stores what an answer made, and gives the answer the tag that S3 gives the object from now on, so that the next answer has the same.
 * @param {Answer} answer
 * @returns {Promise<Answer>}
 */
export async function stored(answer) {
  const { etag } = (await answer.store?.()) ?? {};
  if (!etag) return answer;
  return { ...answer, headers: [...answer.headers.filter(([name]) => name !== 'etag'), ['etag', etag]] };
}

/**
 * The whole body of an answer whose object has yet to be read; bytes that the exchange made are there already.
 * @param {Answer} answer
 * @returns {Promise<Answer>} with `bytes`, or an error when the body breaks off
 */
export async function withBody(answer) {
  if (!answer.loaded) return answer;
  const { loaded, ...head } = answer;
  try {
    const bytes = await loaded.read(loaded.object.size);
    if (bytes.length < loaded.object.size) throw new StoreFailure('unavailable');
    return { ...head, bytes };
  } catch (error) {
    logError('read', { path: answer.path, error });
    return error.reason === 'timeout'
      ? errorAnswer(504, 'source_timeout', 'the image\'s store did not answer in time')
      : errorAnswer(502, 'source_unavailable', 'the image\'s store broke off');
  }
}
