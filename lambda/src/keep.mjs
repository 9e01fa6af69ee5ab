// What follows an answer that is sent: its image is put into the derived store, and what it took is counted.

import { stored } from './exchange.mjs';
import { logMetrics } from './log.mjs';
import { watchReadable } from './unreadable.mjs';

/**
 * @param {{store: import('./exchange.mjs').Store, config: import('./config.mjs').Config}} host
 * @param {import('./exchange.mjs').Answer} answer
 * @param {string} path     as asked
 * @param {number} start    of the request, in ms since the epoch
 * @param {number} missedAt when S3 said that the derived object is not there
 * @returns {Promise<import('./exchange.mjs').Answer>} the answer, with the tag of what was stored
 */
export async function keep({ store, config }, answer, path, start, missedAt) {
  const { stack } = config.aws;
  // before the put, after which it is there
  if (stack && answer.storedKey) await watchReadable(store, answer.storedKey, missedAt, stack);
  const kept = await stored(answer);
  if (stack) count(stack, answer, path, Date.now() - start);
  return kept;
}

function count(stack, { status, storedKey, bytes, sourceBytes }, path, milliseconds) {
  if (status >= 500) logMetrics('failed', stack, { failed: 1, status, path, milliseconds });
  else if (storedKey) logMetrics('made', stack, { made: 1, milliseconds, sourceBytes, resultBytes: bytes?.length, path });
}
