// Asks for images ahead of the first visitor.
//
//     node ops/warm.mjs [options] URL [LIST]     LIST: a file of paths, one a line, or - for standard input
//
//     --presets a,b      each line of LIST is the key of an original, asked for with each of these presets
//     --at-once N        requests at a time, 4
//     --accept TYPES     as a browser says it, for `format=auto`: image/avif,image/webp
//     --done FILE        what is done is written there; begun again with the same file, that is left out
//
// Only answers of 200 and 304 count as done. Ends with 1 where any failed.

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { pathOf } from './index.mjs';

const ATTEMPTS = 3;
/** Longer than any image takes. */
const TIMEOUT_MS = 60_000;

/**
 * @param {object} options
 * @param {string} options.url       where images are, such as https://img.example.com
 * @param {Iterable<string>} options.paths  with queries, as a page would write them
 * @param {number} [options.atOnce]
 * @param {Record<string, string>} [options.headers]
 * @param {(path: string, status: number) => void} [options.onDone]
 * @param {number} [options.waitMs]  before another attempt, where a server says no better
 * @returns {Promise<{done: number, failed: {path: string, status: number}[]}>}  status 0: no answer
 */
export async function warm({ url, paths, atOnce = 4, headers = {}, onDone = () => {}, waitMs = 1_000 }) {
  const outcome = { done: 0, failed: [] };
  const queue = paths[Symbol.iterator]();
  const one = async (path) => {
    for (let attempt = 1; ; attempt += 1) {
      const { status, retryAfter } = await asked(new URL(path, url), headers);
      const isWorthAnother = status === 0 || status === 429 || status >= 500;
      if (!isWorthAnother || attempt === ATTEMPTS) return status;
      await after(retryAfter === undefined ? waitMs * attempt : Math.min(retryAfter * 1000, 30_000));
    }
  };
  const each = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const status = await one(next.value);
      if (status === 200 || status === 304) outcome.done += 1;
      else outcome.failed.push({ path: next.value, status });
      onDone(next.value, status);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, each));
  return outcome;
}

async function asked(url, headers) {
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    for await (const _ of answer.body ?? []);
    const retryAfter = Number(answer.headers.get('retry-after') ?? NaN);
    return { status: answer.status, retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined };
  } catch {
    return { status: 0 };
  }
}

/** The paths of a list. */
export function pathsIn(text, presets = []) {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (presets.length === 0) return lines.map((line) => (line.startsWith('/') ? line : `/${line}`));
  return lines.flatMap((key) => presets.map((preset) => `${pathOf(key.replace(/^\//, ''))}?preset=${encodeURIComponent(preset)}`));
}

async function main() {
  const text = { type: 'string' };
  const { values, positionals: [url, list = '-', ...more] } = parseArgs({ allowPositionals: true, options: { presets: text, 'at-once': text, accept: text, done: text } });
  if (!url || more.length > 0 || !URL.canParse(url)) throw new Error('expected a URL and a list: node ops/warm.mjs https://img.example.com paths.txt');
  const atOnce = Number(values['at-once'] ?? 4);
  if (!(Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= 64)) throw new Error('--at-once is not from 1 to 64');
  const before = new Set(values.done && existsSync(values.done) ? readFileSync(values.done, 'utf8').split('\n') : []);
  const all = pathsIn(readFileSync(list === '-' ? 0 : list, 'utf8'), values.presets?.split(','));
  const paths = all.filter((path) => !before.has(path));
  if (paths.length < all.length) console.error(`${all.length - paths.length} were done before`);
  let count = 0;
  const onDone = (path, status) => {
    count += 1;
    const isDone = status === 200 || status === 304;
    if (isDone && values.done) appendFileSync(values.done, `${path}\n`);
    const line = `${bar(count / paths.length)} ${count} of ${paths.length}`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
    if (!isDone) console.error(`${process.stderr.isTTY ? '\n' : ''}${status || 'no answer'} ${path}`);
  };
  const { done, failed } = await warm({ url, paths, atOnce, headers: values.accept ? { accept: values.accept } : {}, onDone });
  console.error(`${process.stderr.isTTY ? '\n' : ''}${done} done, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

const bar = (share) => `[${'#'.repeat(Math.floor(share * 30)).padEnd(30)}]`;

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(`warm: ${error.message}`);
    process.exitCode = 1;
  }
}
