// An exchange with a host that loads by promises. No object of the wasm lives while anything is awaited, so that a trap of another
// request cannot take it away: whenever something has to be loaded, the exchange ends, and is run again with what was loaded.

import type { Deckle, Exchange } from './wasm/deckle_wasm.js';
import { DeckleError } from './error.js';

/** What a store has under a key. */
export interface Loaded {
  bytes: Uint8Array;
  etag?: string | undefined;
  contentType?: string | undefined;
  /** An HTTP date. */
  lastModified?: string | undefined;
  cacheControl?: string | undefined;
  metadata?: Record<string, string> | undefined;
}

export interface Stored {
  key: string;
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
  cacheControl: string;
  metadata: Record<string, string>;
  /** Small objects to store besides, by which the image is found by its source; `limits.variants` counts them. */
  index?: { key: string; body: string }[];
}

type Found = Loaded | Uint8Array | Response | null | undefined;

/** Where images come from, and where they are kept. */
export interface Host {
  /** The original under a key; null, or a response with 404, where there is none. */
  source(key: string, bucket?: string): Found | Promise<Found>;
  /** A derived image that was stored under a key. */
  derived?(key: string): Found | Promise<Found>;
  /** Names in a folder of the derived store, at most so many: asked for with `limits.variants` only. Without it there are none. */
  list?(folder: string, most: number): string[] | Promise<string[]>;
  /** Stores a derived image. What it throws is nobody's but its own. */
  store?(object: Stored): void | Promise<void>;
}

export interface Asked {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: [string, string][];
  body: Uint8Array<ArrayBuffer> | undefined;
}

interface Load { step: 'load'; store: 'derived' | 'source'; key: string; bucket?: string }
interface List { step: 'list'; folder: string; most: number }
interface Reply {
  step: 'answer'; status: number; headers: [string, string][]; send: 'nothing' | 'result' | 'object';
  range?: { first: number; length: number }; put: Omit<Stored, 'bytes'> | null;
}
type Step = Load | List | Reply | { step: 'read'; maxBytes: number } | { step: 'detect' };

type Outcome = Loaded | string[] | 'missing' | 'timeout' | 'unavailable';
interface Ended { reply: Reply; result: Uint8Array<ArrayBuffer> | undefined; object: Uint8Array | undefined }

const LONGEST_ROUNDS = 32;

export async function answerOf(asked: Asked, host: Host, enter: <T>(run: (deckle: Deckle) => T) => Promise<T>): Promise<Answer> {
  const known = new Map<string, Outcome>();
  for (let round = 0; round < LONGEST_ROUNDS; round += 1) {
    const came = await enter((deckle) => run(deckle.begin(JSON.stringify(asked), 'viewer', Date.now()), known));
    if ('reply' in came) return answer(came, host);
    known.set(id(came), await loaded(host, came));
  }
  throw new DeckleError('host', 'an exchange asks for more parts than it can have');
}

const id = (step: Load | List) => (step.step === 'list' ? `list ${step.folder}` : `${step.store} ${step.bucket ?? ''} ${step.key}`);

/** Goes on until something is not known yet, or there is an answer. */
function run(exchange: Exchange, known: Map<string, Outcome>): Load | List | Ended {
  let object: Uint8Array | undefined;
  try {
    for (;;) {
      const step = JSON.parse(exchange.step()) as Step;
      if (step.step === 'answer') return { reply: step, result: step.send === 'result' || step.put ? ownCopy(exchange.take()) : undefined, object };
      if (step.step === 'read') exchange.body((object ?? new Uint8Array()).subarray(0, step.maxBytes), () => Date.now());
      else if (step.step === 'detect') exchange.missing(Date.now());
      else {
        const outcome = known.get(id(step));
        if (outcome === undefined) return step;
        object = typeof outcome === 'string' || Array.isArray(outcome) ? undefined : outcome.bytes;
        if (Array.isArray(outcome)) exchange.listed(JSON.stringify(outcome), Date.now());
        else if (outcome === 'missing') exchange.missing(Date.now());
        else if (typeof outcome === 'string') exchange.failed(outcome, Date.now());
        else exchange.found(JSON.stringify({ ...outcome, bytes: undefined, size: outcome.bytes.length, ranges: true }));
      }
    }
  } finally {
    exchange.free();
  }
}

const ownCopy = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>;

async function loaded(host: Host, step: Load | List): Promise<Outcome> {
  try {
    if (step.step === 'list') return (await host.list?.(step.folder, step.most)) ?? [];
    const { store, key, bucket } = step;
    const found = await (store === 'source' ? host.source(key, bucket) : host.derived?.(key));
    if (!found) return 'missing';
    if (found instanceof Uint8Array) return { bytes: found };
    if (!(found instanceof Response)) return found;
    if (found.ok) return await fromResponse(found);
    await found.body?.cancel();
    return [403, 404, 410].includes(found.status) ? 'missing' : 'unavailable';
  } catch (error) {
    return (error as { name?: unknown } | null)?.name === 'TimeoutError' ? 'timeout' : 'unavailable';
  }
}

async function fromResponse(response: Response): Promise<Loaded> {
  const header = (name: string) => response.headers.get(name) ?? undefined;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, etag: header('etag'), contentType: header('content-type'), lastModified: header('last-modified'), cacheControl: header('cache-control') };
}

async function answer({ reply, result, object }: Ended, host: Host): Promise<Answer> {
  if (reply.put && result && host.store) {
    // an image that could not be kept is an image all the same
    await Promise.resolve(host.store({ ...reply.put, bytes: result })).catch(() => undefined);
  }
  const { first, length } = reply.range ?? { first: 0, length: object?.length ?? 0 };
  const body = { nothing: undefined, result, object: object && new Uint8Array(object.subarray(first, first + length)) }[reply.send];
  return { status: reply.status, headers: reply.headers, body };
}
