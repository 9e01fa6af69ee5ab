// `make bench JOBS=quality`: every pattern at every factor. BENCH_GRID=small or quarters takes some of the factors.
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, env } from 'node:process';
import { fileURLToPath } from 'node:url';

import { FACTORS, FEW_FACTORS, byDeckle, bySharp, reduction, sources } from './measure.mjs';
import { PATTERNS } from './patterns.mjs';
import { table } from './report.mjs';

/** Measures and writes quality.json into the folder; answers the table. */
export async function quality(folder, factors, say) {
  const transform = await load();
  const measured = [];
  for (const pattern of PATTERNS) {
    say(pattern.name);
    for (const source of await sources(pattern)) {
      for (const factor of factors) {
        const found = await reduction(source, factor, Boolean(pattern.colour), { deckle: byDeckle(transform), sharp: bySharp });
        const round = (value) => Number(value.toFixed(4));
        measured.push({ pattern: pattern.name, kind: source.kind, factor, deckle: round(found.deckle), sharp: round(found.sharp) });
      }
    }
  }
  await mkdir(folder, { recursive: true });
  const lines = measured.map((one) => JSON.stringify(one)).join(',\n');
  await writeFile(join(folder, 'quality.json'), `[\n${lines}\n]\n`);
  return table(measured);
}

/** Our wasm. */
export async function load() {
  const deckle = await import('../../wasm/pkg/deckle_wasm.js');
  deckle.initSync({ module: new WebAssembly.Module(await readFile(new URL('../../wasm/pkg/deckle_wasm_bg.wasm', import.meta.url))) });
  return (file, url) => {
    const made = deckle.transform(file, url);
    const { bytes } = made;
    made.free();
    return bytes;
  };
}

/** Factors by the name of a grid: some, those in steps of a quarter, all. */
export const gridOf = (name) => (name === 'small' ? FEW_FACTORS : name === 'quarters' ? FACTORS.filter((factor) => Number.isInteger(factor * 4)) : FACTORS);

if (fileURLToPath(import.meta.url) === argv[1]) console.log(await quality(argv[2], gridOf(env.BENCH_GRID), (text) => console.error(text)));
