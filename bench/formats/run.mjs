// `make bench JOBS=formats`: formats in and out, Deckle's wasm and sharp in one process, by the processor's time.
// FORMATS="gif tiff" takes the rows whose names contain one of the words, and writes nothing.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpuUsage, env } from 'node:process';
import sharp from 'sharp';

import { load } from '../quality/run.mjs';
import { median } from '../statistics.mjs';
import { table } from './report.mjs';
import { ROWS } from './rows.mjs';
import { SOURCES } from './sources.mjs';

const WARM_UP = 4;

/** Measures, writes formats.json into the folder, and answers the table. */
export async function formats(folder, photos, rounds, say) {
  sharp.concurrency(1);
  sharp.cache(false);
  const words = (env.FORMATS ?? '').split(/\s+/).filter(Boolean);
  const rows = ROWS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const transform = await load();
  const sources = {};
  for (const { source } of rows) sources[source] ??= await file(source, photos);
  const measured = [];
  for (const row of rows) {
    say(row.name);
    measured.push(await measure(row, sources[row.source], transform, rounds));
  }
  const results = { rounds, rows: measured };
  if (words.length === 0) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'formats.json'), `${JSON.stringify(results, null, 2)}\n`);
  }
  return table(results);
}

/** A source's bytes, made when they are not there. */
async function file(name, photos) {
  const path = join(photos, '../formats', name.replaceAll(/[, ]+/g, '-'));
  if (!existsSync(path)) {
    const bytes = await SOURCES[name](photos);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(`${path}.draft`, bytes);
    await rename(`${path}.draft`, path);
  }
  return readFile(path);
}

/** Both in turn, each of them first in every other round. */
async function measure({ name, query, bySharp, animated }, source, transform, rounds) {
  const contenders = {
    deckle: () => transform(source, `/x?${query}`),
    sharp: () => bySharp(sharp(source, { animated })).toBuffer(),
  };
  const [times, bytes, first] = [{ deckle: [], sharp: [] }, {}, {}];
  for (let round = -WARM_UP; round < rounds; round++) {
    const names = round % 2 === 0 ? ['deckle', 'sharp'] : ['sharp', 'deckle'];
    for (const who of names) {
      globalThis.gc?.();
      const start = cpuUsage();
      const made = await contenders[who]();
      const { user, system } = cpuUsage(start);
      const ms = (user + system) / 1000;
      first[who] ??= ms;
      bytes[who] = made.length;
      if (round >= 0) times[who].push(ms);
    }
  }
  const figures = (who) => ({ ms: tidy(median(times[who])), first_ms: tidy(first[who]), bytes: bytes[who] });
  return { name, source_bytes: source.length, deckle: figures('deckle'), sharp: figures('sharp') };
}

const tidy = (ms) => Number(ms.toFixed(2));
