// A URL as three texts: what comes before the path, the path, and the query. Nothing is decoded.

import { DeckleError } from './error.js';

export interface Parts {
  /** Scheme and host, or nothing. */
  host: string;
  path: string;
  /** Without its `?`. */
  query: string;
}

export function parts(url: string): Parts {
  const [whole = ''] = url.split('#');
  const at = /^([a-z][a-z0-9+.-]*:)?\/\/[^/?]*/i.exec(whole);
  const host = at?.[0] ?? '';
  const rest = whole.slice(host.length);
  const mark = rest.indexOf('?');
  return mark < 0 ? { host, path: rest, query: '' } : { host, path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}

export function joined({ host, path, query }: Parts): string {
  return `${host}${path}${query && `?${query}`}`;
}

export function pairs(query: string): [name: string, value: string][] {
  return query.split('&').filter(Boolean).map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    return [name, rest.join('=')];
  });
}

/** Escapes what no URL may hold; what is escaped already stays as it is. */
export function escaped(path: string): string {
  try {
    return encodeURI(path).replace(/%25(?=[0-9A-Fa-f]{2})/g, '%').replace(/[[\]]/g, encodeURIComponent);
  } catch {
    throw new DeckleError('invalid_key', 'the path holds half of a surrogate pair', 400);
  }
}
