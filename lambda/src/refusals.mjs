// Refusals that CloudFront does not keep whatever they say (413 and 422): a broken photo that a page shows would be loaded and
// decoded for each viewer. An instance remembers the last of them for as long as they may be kept.

const KEPT_HERE = new Set([413, 422]);
const MOST = 500;

export class Refusals {
  #kept = new Map();
  #now;

  /** @param {() => number} [now] in milliseconds */
  constructor(now = Date.now) {
    this.#now = now;
  }

  /** @returns {import('./exchange.mjs').Answer | undefined} */
  get(key) {
    const found = this.#kept.get(key);
    if (!found) return undefined;
    if (found.until > this.#now()) return { ...found.answer };
    this.#kept.delete(key);
    return undefined;
  }

  /** @param {import('./exchange.mjs').Answer} answer */
  put(key, answer) {
    const control = answer.headers.find(([name]) => name === 'cache-control')?.[1] ?? '';
    const seconds = Number(/\bmax-age=(\d+)/.exec(control)?.[1] ?? 0);
    if (!KEPT_HERE.has(answer.status) || seconds === 0 || answer.loaded) return;
    this.#kept.delete(key);
    this.#kept.set(key, { answer, until: this.#now() + seconds * 1000 });
    if (this.#kept.size > MOST) this.#kept.delete(this.#kept.keys().next().value);
  }
}
