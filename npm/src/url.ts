import type { Edits } from './edits.js';
import { escaped, joined, pairs, parts } from './parts.js';

export type { Edits };

export interface UrlOptions {
  /** Where Deckle answers, such as `https://images.example.com`; a `src` with a host of its own keeps that. */
  baseURL?: string | undefined;
  /** Signs the finished URL: what `signer` makes. On a server only: a secret that a browser loads is none. */
  sign?: ((url: string) => string) | undefined;
}

/** A name of the client for one of ours, and the other way around: `maxBytes` is `max-bytes`. */
const spelled = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The other names of what loaders set, so that it replaces what a `src` asks for. */
const ALIASES: Record<string, string[]> = { width: ['w'], height: ['h'], quality: ['q'], format: ['f', 'fm', 'output'] };

/** A value as a query has it; undefined where nothing is asked for. */
function text(value: Edits[keyof Edits] | null): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** Edits as a query, in the order that they are given in. */
export function query(edits: Edits): string {
  return Object.entries(edits).flatMap(([name, value]) => {
    const written = text(value);
    return written === undefined ? [] : [`${spelled(name)}=${encodeURIComponent(written).replace(/%(2C|3A|2F|3B)/g, decodeURIComponent)}`];
  }).join('&');
}

/**
 * The URL of an edited image. Edits replace those of the same name in the query that `src` has; the rest of it stays.
 *
 * @param src a path such as `/photos/01.jpg`, or a whole URL. `?`, `#` and `%` of a name are written `%3F`, `%23` and `%25`.
 */
export function url(src: string, edits: Edits = {}, { baseURL = '', sign: signing }: UrlOptions = {}): string {
  if (/^(data|blob):/i.test(src)) return src;
  const given = parts(src);
  const base = given.host ? { host: given.host, path: '' } : parts(baseURL);
  const path = `${base.path.replace(/\/+$/, '')}/${given.path.replace(/^\/+/, '')}`;
  const asked = query(edits);
  const replaced = new Set(pairs(asked).flatMap(([name]) => [name, ...(ALIASES[name] ?? [])]));
  const kept = pairs(given.query).filter(([name]) => !replaced.has(name)).map((pair) => escaped(pair.join('=')));
  const written = joined({ host: base.host, path: escaped(path), query: [...kept, asked].filter(Boolean).join('&') });
  return signing ? signing(written) : written;
}
