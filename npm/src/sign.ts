import { DeckleError } from './error.js';
import { joined, pairs, parts } from './parts.js';
import { base64url, hmac } from './sha256.js';

export interface SignOptions {
  /** Names the key: 1 to 40 letters, digits, `-` and `_`. */
  keyId: string;
  /** 16 bytes at least, as UTF-8. It has no place in what a browser loads. */
  secret: string;
  /** When the signature ends, in seconds since 1970 or as a date. */
  expires?: number | Date | undefined;
  /** Or how long it holds from now, in seconds. */
  expiresIn?: number | undefined;
}

const MIN_SECRET_BYTES = 16;

/**
 * The URL with its signature: HMAC-SHA256 over path and query as they are written. Host and scheme are kept and not signed.
 *
 * @throws {DeckleError} `invalid_signature` for what cannot be signed, and why.
 */
export function sign(url: string, { keyId, secret, expires, expiresIn }: SignOptions): string {
  const refuse = (message: string): never => { throw new DeckleError('invalid_signature', message); };
  if (url.includes('#')) refuse(`${url} has a fragment, which is never sent`);
  const { host, path, query } = parts(url);
  if (!path.startsWith('/')) refuse(`${url} has no path`);
  if (!/^[\w-]{1,40}$/.test(keyId)) refuse('the key id is not 1 to 40 letters, digits, - and _');
  const key = new TextEncoder().encode(secret);
  if (key.length < MIN_SECRET_BYTES) refuse(`the secret is shorter than ${MIN_SECRET_BYTES} bytes`);
  const given = pairs(query);
  if (given.some(([name]) => ['kid', 'exp', 'sig'].includes(name))) refuse('the URL has kid, exp or sig already');
  const until = expiry(expires, expiresIn);
  if (until !== undefined && !/^\d{1,12}$/.test(until)) refuse(`the end of the signature is ${until}; expected seconds since 1970`);
  const added = [['kid', keyId], ...(until === undefined ? [] : [['exp', until]])] as [string, string][];
  // by name, those of one name in their order
  const all = [...given, ...added].filter(([name]) => name).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const message = `${path}?${all.map(([name, value]) => `${name}=${value}`).join('&')}`;
  if (!/^[!-~]*$/.test(message)) refuse('the URL holds what has to be escaped');
  const signature = base64url(hmac(key, new TextEncoder().encode(message)));
  return joined({ host, path, query: [query, ...added.map((pair) => pair.join('=')), `sig=${signature}`].filter(Boolean).join('&') });
}

/** What signs every URL with the same key: for the `sign` of loaders, `url`, `img` and `picture`. */
export const signer = (options: SignOptions) => (url: string): string => sign(url, options);

function expiry(expires: SignOptions['expires'], expiresIn: SignOptions['expiresIn']): string | undefined {
  if (expires !== undefined) return String(expires instanceof Date ? Math.floor(expires.getTime() / 1000) : expires);
  return expiresIn === undefined ? undefined : String(Math.floor(Date.now() / 1000) + expiresIn);
}
