// CloudFront's cache at one edge: by path alone, least recently used out first, for as long as the answer says.
// Source: CloudFront Developer Guide, "Manage how long content stays in the cache" and "How CloudFront processes HTTP
// 3xx/4xx/5xx status codes from your origin".

const DAY = 86_400;
/** Errors that are kept whatever the origin says, and those that are kept only when it says so. */
const ALWAYS_KEPT = new Set([404, 414, 500, 501, 502, 503, 504]);
const KEPT_WHEN_TOLD = new Set([400, 403, 405, 412, 415]);

/** What the template's distribution says. */
const TEMPLATE_MIN_TTL = Object.freeze({ 400: 10, 403: 5, 404: 10, 405: 10, 500: 0, 501: 0, 502: 0, 503: 0, 504: 0 });
/** What a distribution that says nothing has. */
const DEFAULT_MIN_TTL = 10;
/** Statuses whose `no-store` is followed; others are kept for the minimum whatever they say. */
const FOLLOWS_NO_STORE = new Set([404, 410, 414, 501]);

/**
 * @typedef {{status: number, headers: [string, string][], body: Buffer}} Entry
 */

export class EdgeCache {
  #entries = new Map();
  #bytes = 0;
  #maxBytes;
  #errorMinTtl;
  #now;

  /**
   * @param {object} [options]
   * @param {number} [options.maxBytes]
   * @param {Record<number, number>} [options.errorMinTtl]  ErrorCachingMinTTL by status, in seconds; 10 where the distribution says nothing
   * @param {() => number} [options.now]  in milliseconds
   */
  constructor({ maxBytes = 256 * 1024 * 1024, errorMinTtl = TEMPLATE_MIN_TTL, now = Date.now } = {}) {
    this.#maxBytes = maxBytes;
    this.#errorMinTtl = errorMinTtl;
    this.#now = now;
  }

  /** @returns {(Entry & {age: number}) | undefined} with its age in seconds */
  get(path) {
    const found = this.#entries.get(path);
    if (!found) return undefined;
    this.#remove(path);
    if (found.expires <= this.#now()) return undefined;
    this.#add(path, found);
    return { ...found.entry, age: Math.floor((this.#now() - found.since) / 1000) };
  }

  /** Keeps an answer to a GET, if it may be kept. */
  put(path, entry) {
    const seconds = lifetime(entry, this.#errorMinTtl);
    if (seconds <= 0 || entry.body.length > this.#maxBytes) return;
    this.#remove(path);
    this.#add(path, { entry, since: this.#now(), expires: this.#now() + seconds * 1000 });
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
  }

  /** An invalidation of everything. */
  clear() {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #add(path, kept) {
    this.#entries.set(path, kept);
    this.#bytes += kept.entry.body.length;
  }

  #remove(path) {
    this.#bytes -= this.#entries.get(path)?.entry.body.length ?? 0;
    this.#entries.delete(path);
  }
}

/**
 * How long an answer is kept, in seconds; minimum TTL 0, default TTL a day, maximum TTL a year.
 * @param {Entry} entry
 * @param {Record<number, number>} errorMinTtl
 */
export function lifetime({ status, headers }, errorMinTtl = {}) {
  const control = headers.find(([name]) => name === 'cache-control')?.[1].toLowerCase();
  const isForbidden = /\b(no-store|no-cache|private)\b/.test(control ?? '');
  const stated = /\bs-maxage=(\d+)/.exec(control ?? '') ?? /\bmax-age=(\d+)/.exec(control ?? '');
  const told = isForbidden ? 0 : stated && Math.min(Number(stated[1]), 365 * DAY);
  if (status < 400) return told ?? DAY;
  const least = errorMinTtl[status] ?? DEFAULT_MIN_TTL;
  if (isForbidden && FOLLOWS_NO_STORE.has(status)) return 0;
  if (ALWAYS_KEPT.has(status)) return Math.max(told ?? 0, least);
  return KEPT_WHEN_TOLD.has(status) && stated ? Math.max(told, least) : 0;
}
