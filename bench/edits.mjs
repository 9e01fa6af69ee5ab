// Each edit of the table that sharp has, too: the whole request with it, deckle's wasm against sharp, on one thread, in turns.
//
// Times are of the processor, of all threads of this process (`process.cpuUsage`): others on the machine then count for little. Deckle's request without the
// edit is timed right before the one with it, so that what an edit adds is of one moment.
import sharp from 'sharp';

import { AWS, PLAIN, edits } from './edits/list.mjs';
import { sources } from './edits/sources.mjs';
import { handle, transform } from './edits/deckle.mjs';
import { median } from './statistics.mjs';

/** Rounds of an edit end early when both have taken so many ms. */
const PATIENCE = 20_000;
const LEAST_ROUNDS = 3;

/**
 * Measures what `words` name, by parts of queries; all without.
 *
 * @returns {Promise<{rounds: number, rows: object[]}>}  ms of each, and where they could not be had, why
 */
export async function measureEdits({ photos, rounds, words = [], say }) {
  sharp.concurrency(1);
  sharp.cache(false);
  const of = await sources(photos);
  const chosen = edits(of).filter(({ query }) => !words.length || words.some((word) => query.includes(word)));
  const rows = [];
  for (const edit of chosen) {
    const row = await measure(edit, of, rounds);
    say(row.error ? `${edit.query}: ${row.error}` : `${edit.query}: ${row.deckle_ms} ms, sharp ${row.sharp_ms}, ${(row.deckle_ms / row.sharp_ms).toFixed(2)}${row.adds == null ? '' : `, adds ${(100 * row.adds).toFixed(1)} %`}`);
    rows.push(row);
  }
  return { rounds, rows };
}

async function measure({ group, query, aws, source: name, theirs, by }, of, rounds) {
  const source = of[name];
  const row = { group, query, source: source.says, by };
  const ask = (edit) => (aws ? handle(of, name, { ...AWS, ...(edit && aws) }) : transform(of, name, edit && query ? `${PLAIN}&${query}` : PLAIN));
  const [plains, ours, others] = [[], [], []];
  try {
    for (let round = -3, spent = 0; round < rounds; round++) {
      if (round >= LEAST_ROUNDS && spent > PATIENCE) break;
      const plain = await cpu(() => ask(false));
      const both = [() => cpu(() => ask(true)), () => cpu(() => theirs(source.bytes))];
      // each is first in turn
      const order = round % 2 ? [0, 1] : [1, 0];
      const times = [];
      for (const i of order) times[i] = await both[i]();
      spent += times[0] + times[1];
      if (round >= 0) {
        plains.push(plain);
        ours.push(times[0]);
        others.push(times[1]);
      }
    }
  } catch (error) {
    return { ...row, error: error.message.split('\n')[0] };
  }
  const [plain, deckle, other] = [plains, ours, others].map((times) => Number(median(times).toFixed(2)));
  const adds = median(ours.map((time, i) => time / plains[i] - 1));
  return { ...row, rounds: ours.length, deckle_ms: deckle, plain_ms: plain, sharp_ms: other, ...(group === 'colour' && name === 'photo.jpg' && { adds: Number(adds.toFixed(4)) }) };
}

/** Ms of the processor. */
async function cpu(work) {
  globalThis.gc?.();
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
