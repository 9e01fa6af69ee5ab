// An answer with more bytes than the host may send. A derived image is put into the derived store, and the viewer is sent
// there. An original is never copied, because the copy would outlive it: the viewer is sent to where originals are served.
// A redirect is given only when the object is certain to be where it points, so that it cannot loop.

import { errorAnswer } from './exchange.mjs';
import { logError } from './log.mjs';
import { isUnreadable } from './unreadable.mjs';

/** A redirect must not be kept: the same URL answers with the image from now on. */
const NO_STORE = 'private, no-store';

/**
 * @param {object} host
 * @param {import('./wasm-instance.mjs').WasmInstance} host.wasm
 * @param {import('./exchange.mjs').Store} host.store
 * @param {import('./config.mjs').Config} host.config
 * @param {import('./exchange.mjs').Answer} answer
 * @param {string} requestPath  as asked
 * @param {number} missedAt     when S3 said that the derived object is not there, in ms since the epoch
 * @returns {Promise<import('./exchange.mjs').Answer>} a redirect, or the error
 */
export async function redirectTooLarge(host, answer, requestPath, missedAt) {
  const location = answer.path?.replaceAll('+', '%2B'); // S3 reads a plus in a path as a space
  // asked for in another spelling, and found where the canonical one leads
  if (answer.isStored && answer.loaded && isLocalPath(location) && location !== requestPath) {
    answer.loaded.cancel();
    return redirect(location);
  }
  if (!answer.storedKey) return redirectToOriginal(host, answer, requestPath);
  const key = answer.storedKey;
  if (answer.status !== 200 || !isLocalPath(location)) return refuse(answer, 'it cannot be sent');

  const existing = await host.store.head(key);
  if (isUnreadable(existing, missedAt)) {
    logError('derived_unreadable', { key, message: 'the distribution cannot read the derived store, or was not asked first' });
    return refuse(answer, 'the derived store cannot be read');
  }
  const isThere = existing && answer.sourceEtag && existing.metadata['source-etag'] === answer.sourceEtag;
  if (!isThere && !(await answer.store?.())) return refuse(answer, 'it could not be stored');
  return redirect(location);
}

/** @returns {import('./exchange.mjs').Answer} */
function redirectToOriginal({ wasm, config }, answer, requestPath) {
  // what stands for an error is not what was asked for
  if (answer.status !== 200) return refuse(answer, 'it is not the image');
  if (!config.aws.originals || !answer.sourceKey) {
    return refuse(answer, 'originals have no origin of their own (aws.originals, cloudfront.sourceOriginId)');
  }
  const encoded = answer.sourceKey.split('/').map(encodeURIComponent).join('/');
  const { path } = wasm.canonical(`/default/default/${encoded}`, '');
  if (!isLocalPath(path) || path === requestPath) return refuse(answer, 'its path leads here again');
  answer.loaded?.cancel();
  return redirect(path);
}

/** A path on this host: `//` and `/\` would lead to another. */
function isLocalPath(path) {
  return path !== undefined && /^\/[\x21-\x7e]+$/.test(path) && !/^\/[/\\]/.test(path);
}

function redirect(location) {
  return { status: 302, headers: [['location', location], ['cache-control', NO_STORE]] };
}

function refuse(answer, why) {
  answer.loaded?.cancel();
  return errorAnswer(413, 'result_too_large', `the result is too large to be sent at once, and ${why}`);
}
