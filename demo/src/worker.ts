// Deckle in a worker: the same wasm as on the edge, with sources that lie in the browser.
import { Deckle, canonical, describe, initSync, memoryBytes, understand } from '../../wasm/pkg/deckle_wasm.js';
import { COPY, HERE, type About, type Call, type Calls, type Job, type Made, type Refused } from './engine-types.ts';
import { hugeJpeg } from './huge.ts';
import { score } from './score.ts';
import { SERVICES, configOf } from './services.ts';

const sources = new Map<string, Uint8Array<ArrayBuffer>>();
let deckle: Deckle;
/** Without a list of variants, which would refuse a copy's sizes. */
let free: Deckle;
let settings = '{}';

const pathOf = (key: string) => '/' + key.split('/').map(encodeURIComponent).join('/');

async function source(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const kept = sources.get(key);
  if (kept || key.startsWith(HERE) || key.startsWith(COPY)) return kept;
  const answer = await fetch(pathOf(key));
  if (!answer.ok) return undefined;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  sources.set(key, bytes);
  return bytes;
}

function about(bytes: Uint8Array): About | Refused {
  try {
    return JSON.parse(describe(bytes));
  } catch (error) {
    return { error: { code: (error as { code?: string }).code ?? 'not_an_image', message: (error as Error).message } };
  }
}

const tag = (bytes: Uint8Array) => `"${bytes.length.toString(16)}-${(bytes[bytes.length >> 1] ?? 0).toString(16)}"`;

/** Drives one exchange, as every host does: `wasm/README.md` is the protocol. */
async function make({ path, query, accept, device, preview }: Job): Promise<Made> {
  const begun = performance.now();
  const headers: Record<string, string> = { accept: accept ?? '*/*' };
  if (device) headers[`cloudfront-is-${device}-viewer`] = 'true';
  const exchange = (preview ? free : deckle).begin(JSON.stringify({ method: 'GET', path, query, headers }), 'viewer', Date.now());
  try {
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    for (;;) {
      const step = JSON.parse(exchange.step());
      if (step.step === 'load') {
        bytes = step.store === 'source' ? await source(step.key) : undefined;
        if (bytes) exchange.found(JSON.stringify({ size: bytes.length, etag: tag(bytes) }));
        else exchange.missing(Date.now());
      } else if (step.step === 'read') {
        exchange.body((bytes ?? new Uint8Array()).subarray(0, step.maxBytes + 1), () => performance.now());
      } else if (step.step === 'list') {
        // nothing is stored here
        exchange.listed('[]', Date.now());
      } else if (step.step === 'detect') {
        // nothing here sees into pictures
        exchange.missing(Date.now());
      } else {
        const result = (step.send === 'object' && bytes ? bytes.slice() : exchange.take()) as Uint8Array<ArrayBuffer>;
        const milliseconds = performance.now() - begun;
        const seen = step.status === 200 ? about(result) : undefined;
        return { status: step.status, headers: step.headers, bytes: result, path: exchange.cachePath(), milliseconds, about: seen && 'format' in seen ? seen : undefined };
      }
    }
  } finally {
    exchange.free();
  }
}

const calls: { [K in keyof Calls]: (...args: Parameters<Calls[K]>) => ReturnType<Calls[K]> | Promise<ReturnType<Calls[K]>> } = {
  start(module, config) {
    initSync({ module });
    const { variants: _, ...open } = JSON.parse(config);
    deckle = new Deckle(config);
    free = new Deckle(JSON.stringify(open));
    settings = config;
  },
  give(key, bytes) {
    sources.set(key, bytes);
    return about(bytes);
  },
  async load(key) {
    const bytes = await source(key);
    if (!bytes) return { about: { error: { code: 'not_found', message: `there is no ${key}` } }, bytes: 0 };
    return { about: about(bytes), bytes: bytes.length };
  },
  describe: about,
  bytesOf: (key) => sources.get(key)?.slice(),
  async shrink(key, side) {
    const bytes = await source(key);
    const seen = bytes && about(bytes);
    if (!seen || !('format' in seen)) return { scale: 1 };
    const scale = Math.min(1, side / Math.max(seen.width, seen.height));
    if (scale === 1) {
      sources.set(COPY + key, bytes);
      return { scale, about: seen };
    }
    const format = seen.alpha ? 'png' : 'jpeg';
    const made = await make({ path: pathOf(key), query: `width=${side}&height=${side}&format=${format}&quality=92`, preview: true });
    if (made.status !== 200 || !made.about) return { scale: 1, about: seen };
    sources.set(COPY + key, made.bytes);
    return { scale: made.about.width / seen.width, about: seen };
  },
  make,
  understand: (path, query, accept, service) => JSON.parse(understand(path, query, accept, service === undefined ? settings : configOf(settings, SERVICES[service]!))),
  canonical: (path, query, accept, device) => JSON.parse(canonical(path, query, accept, device, settings)),
  memory: memoryBytes,
  score,
  async huge(key, side) {
    const begun = performance.now();
    const small = await make({ path: pathOf(key), query: `width=${side / 8}&height=${side / 8}&fit=fill&enlarge&format=png`, preview: true });
    if (small.status !== 200) throw new Error(`the picture could not be painted: ${small.status}`);
    const bytes = await hugeJpeg(small.bytes);
    const name = `${HERE}${side}x${side}.jpg`;
    sources.set(name, bytes);
    return { key: name, bytes: bytes.length, milliseconds: performance.now() - begun };
  },
};

// one after the other: a call that waits for a source is not overtaken
let last: Promise<unknown> = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<Call>) => {
  last = last.then(async () => {
    try {
      const value = await (calls[data.call] as (...args: unknown[]) => unknown)(...data.args);
      const made = value as Made | undefined;
      postMessage({ id: data.id, value }, { transfer: made?.bytes instanceof Uint8Array ? [made.bytes.buffer] : [] });
    } catch (error) {
      const { code = 'internal', message = String(error) } = error as { code?: string; message?: string };
      postMessage({ id: data.id, error: { code, message } });
    }
  });
});
