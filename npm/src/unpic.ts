// `deckle/unpic`: a provider of unpic, and the transformer that its components take.

import type { Edits } from './edits.js';
import { joined, pairs, parts } from './parts.js';
import { url } from './url.js';

type Format = 'jpeg' | 'jpg' | 'png' | 'webp' | 'avif' | 'gif' | 'auto' | (string & {});

/** Everything that Deckle can be asked for; unpic itself says how wide, how high, how good and in which format. */
export interface DeckleOperations extends Omit<Edits, 'width' | 'height' | 'quality' | 'format'> {
  width?: number | string;
  height?: number | string;
  quality?: number | string;
  format?: Format;
}

export interface DeckleOptions {
  /** Where Deckle answers. */
  baseURL?: string;
}

export interface Extracted {
  src: string;
  operations: DeckleOperations;
  options: DeckleOptions;
}

const NAMES: Record<string, keyof DeckleOperations> = { w: 'width', h: 'height', q: 'quality', f: 'format', fm: 'format', output: 'format' };
const NUMBERS = ['width', 'height', 'quality'];

/** What a URL of ours asks for; null for what is none: another scheme, or not under `baseURL`. */
export function extract(from: string | URL, options: DeckleOptions = {}): Extracted | null {
  const { host, path, query } = parts(String(from));
  const base = parts(options.baseURL ?? '');
  const folder = base.path.replace(/\/+$/, '');
  const isOurs = base.host === '' || host === base.host;
  if (!/^(https?:|$)/i.test(host.split('//')[0] ?? '') || !isOurs || !path.startsWith(`${folder}/`)) return null;
  const operations: Record<string, string | number> = {};
  for (const [name, value] of pairs(query)) {
    const text = decoded(value);
    if (text === undefined) return null;
    const known = NAMES[name] ?? name;
    operations[known] = NUMBERS.includes(known) && /^\d+$/.test(text) ? Number(text) : text;
  }
  const origin = options.baseURL ?? host;
  return { src: options.baseURL === undefined ? joined({ host, path, query: '' }) : path.slice(folder.length), operations, options: origin ? { baseURL: origin } : {} };
}

/** The URL of an image. A box of two sides is covered, as with unpic's other providers, unless `fit` says else. */
export function generate(src: string | URL, operations: DeckleOperations = {}, options: DeckleOptions = {}): string {
  const whole = (side: number | string | undefined) => (side === undefined ? undefined : Math.round(Number(side)));
  const { width, height, ...rest } = operations;
  const fit = width && height ? { fit: 'cover' } : {};
  return url(String(src), { width: whole(width), height: whole(height), ...fit, ...(rest as Edits) }, { baseURL: options.baseURL });
}

/** `extract` and `generate` in one: what the URL asks for already stays, unless it is asked for anew. */
export function transform(src: string | URL, operations: DeckleOperations = {}, options: DeckleOptions = {}): string {
  const base = extract(src, options);
  if (!base) return generate(src, operations, options);
  const asked = Object.entries(operations).filter(([, value]) => value !== undefined);
  return generate(base.src, { ...base.operations, ...Object.fromEntries(asked) }, { ...base.options, ...options });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
