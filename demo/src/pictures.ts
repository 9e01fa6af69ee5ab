// Makes what the page shows of what is asked for: a preview while something is dragged, then the true answer, of the edge, or, for a picture
// that lies in the browser, of the same wasm here.
import { HERE, type About, type Made } from './engine-types.ts';
import type { Engine } from './engine.ts';
import { copyPath, frameQuery, previewOf } from './preview.ts';
import { keyPath, query, urlOf } from './query.ts';
import type { Store } from './store.ts';

/** What browsers send for an image. */
export const ACCEPT = 'image/avif,image/webp,image/*,*/*;q=0.8';
const COPY_SIDE = 1100;
/** How long nothing has to change before the edge is asked. */
const PAUSE_MS = 160;

export interface Problem { status?: number; code: string; message: string; parameter?: string }

export interface Result {
  url: string;
  bytes: Uint8Array<ArrayBuffer>;
  about?: About;
  headers: [string, string][];
  isPreview: boolean;
  by: 'edge' | 'browser';
  /** Milliseconds of the first answer, and of one from the cache. */
  cold: number;
  cached?: number;
  /** How alike it is to the same picture without loss, of 100. */
  score?: number;
  cachedHeaders?: [string, string][];
  asked: string;
}

export interface Source { key: string; about: About; bytes: number; url: string; scale: number }

export class Pictures {
  source?: Source;
  result?: Result;
  before?: { url: string; bytes: Uint8Array<ArrayBuffer>; of: string };
  problem?: Problem;
  canonical?: { path: string; stored: string; original: boolean };
  /** What the page has made so far, by stored key. */
  made = new Map<string, { bytes: number; type: string }>();
  isBusy = true;
  #listeners = new Set<() => void>();
  #timer?: ReturnType<typeof setTimeout>;
  #previewing = false;
  #isStale = false;
  #run = 0;
  #keyOfSource = '';

  constructor(readonly store: Store, readonly hands: Engine, readonly mind: Engine, readonly judge: Engine) {
    store.subscribe(() => this.#changed());
    void this.#begin();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get isHere(): boolean { return this.store.asked.key.startsWith(HERE); }

  /** The path and query that say what is asked for. */
  get url(): string {
    const { key, params, ops } = this.store.asked;
    // what has no parameter can only stand in a path
    if (ops && this.canonical) return this.canonical.path;
    return urlOf(key, params);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The first picture comes before everything that makes others: a visitor's processors are few. */
  async #begin(): Promise<void> {
    if (!this.isHere) {
      const run = ++this.#run;
      await this.#answer(run);
      if (run !== this.#run) return;
      void this.#judge(run);
      void this.#open(this.store.asked.key);
    } else this.#changed();
  }

  async #described(bytes: Uint8Array<ArrayBuffer>): Promise<About | undefined> {
    const about = await this.mind.call('describe', bytes).catch(() => undefined);
    return about && 'format' in about ? about : undefined;
  }

  #changed(): void {
    const run = ++this.#run;
    const { key } = this.store.asked;
    this.isBusy = true;
    this.#tell();
    if (key !== this.#keyOfSource) void this.#open(key);
    else void this.#preview();
    clearTimeout(this.#timer);
    if (!this.store.isDragging) this.#timer = setTimeout(() => void this.#answer(run), this.result && key === this.#keyOfSource ? PAUSE_MS : 0);
    void this.#judge(run);
  }

  /** Whether what is asked for can be understood, and what its one spelling is: known before anything is made. */
  async #judge(run: number): Promise<void> {
    const { key, params, ops } = this.store.asked;
    const device = params['device-type'];
    let said = await this.mind.call('canonical', keyPath(key), query(params), ACCEPT, device);
    if (!('error' in said) && ops) said = await this.mind.call('canonical', withOps(said.path, said.original, ops), '', ACCEPT);
    if (run !== this.#run) return;
    if ('error' in said) {
      this.problem = { status: 400, ...said.error };
      this.canonical = undefined;
    } else {
      this.canonical = said;
      if (this.problem?.status === 400) this.problem = undefined;
    }
    this.#tell();
  }

  async #open(key: string): Promise<void> {
    this.#keyOfSource = key;
    this.before = undefined;
    const loaded = await this.hands.call('load', key).catch((error: Error) => ({ about: { error: { code: 'source_unavailable', message: error.message } }, bytes: 0 }));
    if (key !== this.#keyOfSource) return;
    if ('error' in loaded.about) {
      this.problem = { ...loaded.about.error };
      this.source = undefined;
      this.isBusy = false;
      this.#tell();
      return;
    }
    const copy = await this.hands.call('shrink', key, COPY_SIDE);
    const shown = await this.hands.call('make', { path: copyPath(key), query: 'width=1100&height=1100&format=' + (loaded.about.alpha ? 'png' : 'jpeg') + '&quality=88', preview: true });
    if (key !== this.#keyOfSource) return;
    if (this.source) URL.revokeObjectURL(this.source.url);
    this.source = { key, about: loaded.about, bytes: loaded.bytes, url: objectUrl(shown), scale: copy.scale };
    this.#tell();
    if (this.result) void this.#frame();
  }

  /** The latest that is asked for, one at a time; what came and went meanwhile is left out. */
  async #preview(): Promise<void> {
    if (this.#previewing) {
      this.#isStale = true;
      return;
    }
    const { source } = this;
    if (!source || this.store.asked.ops) return;
    this.#previewing = true;
    do {
      this.#isStale = false;
      const { params, key } = this.store.asked;
      if (key !== source.key) break;
      const device = params['device-type'];
      const made = await this.hands.call('make', { path: copyPath(key), query: query(previewOf(params, source.scale, source.about)), accept: ACCEPT, device, preview: true }).catch(() => undefined);
      // the true answer may have come before it
      if (made?.status === 200 && (this.store.isDragging || this.isBusy) && key === this.store.asked.key) {
        this.#show({ url: objectUrl(made), bytes: made.bytes, about: made.about, headers: made.headers, isPreview: true, by: 'browser', cold: made.milliseconds, asked: urlOf(key, params) });
      }
    } while (this.#isStale);
    this.#previewing = false;
  }

  async #answer(run: number): Promise<void> {
    const { store } = this;
    const { key, ops } = store.asked;
    if (ops) await this.#judge(run);
    const url = this.url;
    const [path = '', text = ''] = url.split(/\?(.*)/s);
    let result: Result | Problem;
    try {
      if (key.startsWith(HERE)) {
        const made = await this.hands.call('make', { path, query: text, accept: ACCEPT });
        result = made.status === 200 ? { url: objectUrl(made), bytes: made.bytes, about: made.about, headers: made.headers, isPreview: false, by: 'browser', cold: made.milliseconds, asked: url } : problemOf(made.status, made.bytes);
      } else {
        const first = await ask(url);
        result = first.status === 200 ? { ...first, url: objectUrl(first), isPreview: false, by: 'edge', cold: first.milliseconds, asked: url } : problemOf(first.status, first.bytes);
      }
    } catch (error) {
      result = { code: navigator.onLine ? 'unreachable' : 'offline', message: (error as Error).message };
    }
    if ('url' in result && !result.about) {
      result.about = await seen(result) ?? (await this.#described(result.bytes));
    }
    if (run !== this.#run) return;
    this.isBusy = false;
    if ('code' in result) {
      // the core says what was expected, the CloudFront Function no more than which parameter it is
      if (result.status !== 400 || !this.problem?.parameter) this.problem = result;
      this.#tell();
      return;
    }
    this.problem = undefined;
    if (this.canonical && this.canonical.original === false) this.made.set(this.canonical.stored, { bytes: result.bytes.length, type: headerOf(result.headers, 'content-type') ?? '' });
    this.#show(result);
    // before other work takes the processors
    const again = result.by === 'edge' ? await ask(url).catch(() => undefined) : undefined;
    if (again?.status === 200 && this.result === result) {
      result.cached = again.milliseconds;
      result.cachedHeaders = again.headers;
      this.#tell();
    }
    if (run !== this.#run) return;
    void this.#frame();
    void this.#judgeLoss(result, run);
  }

  /** Against the same picture without loss, which is made beside everything else. */
  async #judgeLoss(result: Result, run: number): Promise<void> {
    const { key, params, ops } = this.store.asked;
    const { width = 0, height = 0 } = result.about ?? {};
    if (ops || width * height > 6e6 || width * height === 0 || (result.about?.frames ?? 1) > 1) return;
    try {
      if (this.isHere) {
        const bytes = await this.hands.call('bytesOf', key);
        if (bytes) await this.judge.call('give', key, bytes);
      }
      const { quality: _, format: __, lossless: ___, effort: ____, progressive: _____, 'max-bytes': ______, ...rest } = params;
      const whole = await this.judge.call('make', { path: keyPath(key), query: query({ ...rest, format: 'png' }), preview: true, device: params['device-type'] });
      if (whole.status !== 200 || run !== this.#run) return;
      result.score = await this.judge.call('score', whole.bytes, result.bytes.slice());
      if (run === this.#run) this.#tell();
    } catch {
      // a figure less
    }
  }

  #show(result: Result): void {
    const old = this.result;
    this.result = result;
    this.#tell();
    if (old) setTimeout(() => URL.revokeObjectURL(old.url), 2000);
  }

  /** The source framed as the result is, without loss: what the result is compared with. */
  async #frame(): Promise<void> {
    const { key, params, ops } = this.store.asked;
    if (!this.source || this.source.key !== key || ops) return;
    const text = frameQuery(params);
    if (this.before?.of === `${key}?${text}`) return;
    const made = await this.hands.call('make', { path: keyPath(key), query: text, preview: true, device: params['device-type'] }).catch(() => undefined);
    if (made?.status !== 200 || key !== this.store.asked.key || text !== frameQuery(this.store.asked.params)) return;
    if (this.before) URL.revokeObjectURL(this.before.url);
    this.before = { url: objectUrl(made), bytes: made.bytes, of: `${key}?${text}` };
    this.#tell();
  }
}

/** What the browser sees in it, decoded before it is shown. */
async function seen({ url, headers }: Result): Promise<About | undefined> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    return undefined;
  }
  const contentType = headerOf(headers, 'content-type') ?? '';
  return { format: contentType.replace(/^image\/(x-)?/, '').replace(/\+.*/, ''), contentType, width: image.naturalWidth, height: image.naturalHeight, alpha: false, frames: 1, progressive: false };
}

/** A canonical path with another token among its options. */
export function withOps(path: string, isOriginal: boolean, ops: string): string {
  if (isOriginal) return `/default/${ops}${path}`;
  const [, dims, options, ...key] = path.split('/');
  return ['', dims, options === 'default' ? ops : `${options}~${ops}`, ...key].join('/');
}

/** The answer of the edge, past the browser's own cache. */
export async function ask(url: string): Promise<Made> {
  const begun = performance.now();
  const answer = await fetch(url, { cache: 'no-store', headers: { accept: ACCEPT } });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, headers: [...answer.headers], bytes, milliseconds: performance.now() - begun };
}

export function problemOf(status: number, bytes: Uint8Array): Problem {
  try {
    return { status, ...JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return { status, code: 'unknown', message: `the answer is a ${status}` };
  }
}

export const headerOf = (headers: [string, string][], name: string): string | undefined => headers.find(([header]) => header.toLowerCase() === name)?.[1];

export const objectUrl = ({ bytes, headers }: { bytes: Uint8Array<ArrayBuffer>; headers: [string, string][] }): string =>
  URL.createObjectURL(new Blob([bytes], { type: headerOf(headers, 'content-type') ?? 'application/octet-stream' }));
