// Parameters as a query, and back.
import { ROWS, type Params } from './table.ts';

/** What a query needs escaped and no more: `,` `:` `;` and `/` stay, so that people can read it. */
const escaped = (text: string): string => encodeURIComponent(text).replace(/%(2C|3A|3B|2F|40|21|24|27|28|29|2A)/gi, decodeURIComponent);

export const isFlag = (name: string): boolean => ROWS.some((row) => row.name === name && row.kind === 'flag');

export function query(params: Params): string {
  const pairs = ROWS.filter((row) => params[row.name] !== undefined && params[row.name] !== '').map((row) => {
    const value = params[row.name]!;
    return row.kind === 'flag' && /^(1|true)$/.test(value) ? row.name : `${row.name}=${escaped(value)}`;
  });
  return pairs.join('&');
}

export function readQuery(text: string): Params {
  const params: Params = {};
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    const row = ROWS.find((candidate) => candidate.name === name || candidate.aliases.includes(name));
    if (!row) continue;
    const value = at < 0 ? '' : decoded(pair.slice(at + 1));
    if (row.kind === 'flag') params[row.name] = value === '' ? '1' : value;
    else if (value !== '') params[row.name] = value;
  }
  return params;
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A key as a path spells it. */
export const keyPath = (key: string): string => '/' + key.split('/').map((part) => encodeURIComponent(part).replace(/%(40|3A|24|2C|3B|3D|26|21|27|28|29|2A)/gi, decodeURIComponent)).join('/');

export function urlOf(key: string, params: Params): string {
  const text = query(params);
  return keyPath(key) + (text && `?${text}`);
}

export const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
export const base64url = (text: string): string => base64(text).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
