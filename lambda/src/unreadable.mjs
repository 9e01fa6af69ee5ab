// Notices a distribution that may not read the derived store: S3 says 403, as it does of what is not there, so every request makes
// its image again, stores it again and answers it, and nobody sees anything but the bill.

import { logError, logMetrics } from './log.mjs';

/**
 * An object this much older than S3's "not there" was there all the time. Less proves nothing, as S3's times have whole seconds and
 * a put takes a while.
 */
export const UNREADABLE_AFTER_MS = 5_000;

/** One question to the store in so long is enough to notice. */
const EVERY_MS = 60_000;

let last = -Infinity;

/**
 * @param {import('./exchange.mjs').StoredObject | undefined} existing  of the derived store
 * @param {number} missedAt  when S3 said that it is not there, in ms since the epoch
 */
export function isUnreadable(existing, missedAt) {
  return existing !== undefined && missedAt - Date.parse(existing.lastModified) > UNREADABLE_AFTER_MS;
}

/**
 * Asks the store for an object that a distribution was told is not there, now and then. Nobody waits for it but the function's end.
 * @param {import('./exchange.mjs').Store} store
 * @param {string} key
 * @param {number} missedAt
 * @param {string} stack
 * @returns {Promise<boolean>} whether it was noticed
 */
export async function watchReadable(store, key, missedAt, stack) {
  if (missedAt - last < EVERY_MS) return false;
  last = missedAt;
  if (!isUnreadable(await store.head(key), missedAt)) return false;
  logError('derived_unreadable', { key, message: 'the distribution cannot read the derived store, or was not asked first' });
  logMetrics('derived_unreadable', stack, { unreadable: 1 });
  return true;
}

/** For tests: the next question is asked at once. */
export function forgetLast() {
  last = -Infinity;
}
