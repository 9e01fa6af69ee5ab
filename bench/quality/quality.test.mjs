// Moiré: the bench of patterns on a small grid, which fails when a reduction is worse than it may be. Needs `make wasm`.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FEW_FACTORS, byDeckle, bySharp, reduction, sources } from './measure.mjs';
import { PATTERNS } from './patterns.mjs';
import { BEHIND, LEAST, fails, summarize } from './report.mjs';
import { load } from './run.mjs';

const HARD = ['zone plate', 'stripes 2.5 px 20°', 'stripes 3.3 px 3°', 'hard stripes 3.3 px 7°', 'checkerboard 6 px', 'grid 1 of 4 px', 'text 7 px', 'colour stripes'];

test('patterns stay what an exact reduction makes of them', async () => {
  const transform = await load();
  for (const name of HARD) {
    const pattern = PATTERNS.find((pattern) => pattern.name === name);
    const colour = Boolean(pattern.colour);
    for (const source of await sources(pattern)) {
      for (const factor of FEW_FACTORS) {
        const { deckle, sharp } = await reduction(source, factor, colour, { deckle: byDeckle(transform), sharp: bySharp });
        const what = `${name}, ${source.kind}, ${factor} times smaller: SSIM ${deckle.toFixed(4)}, sharp's is ${sharp.toFixed(4)}`;
        assert.ok(deckle >= sharp - BEHIND && deckle >= LEAST, what);
      }
    }
  }
});

test('a reduction fails when it is behind sharp, or below what is allowed', () => {
  const one = { pattern: 'p', kind: '4:2:0', factor: 2, deckle: 0.99, sharp: 0.99 };
  assert.ok(!fails(one));
  assert.ok(fails({ ...one, deckle: 0.984 }));
  assert.ok(fails({ ...one, deckle: 0.89, sharp: 0.5 }));
  assert.deepEqual(summarize([one, { ...one, factor: 3, deckle: 0.8 }])[0].failing, 1);
});
