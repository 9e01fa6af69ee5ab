// Truth: every format × alpha × profile × animation, resized by us and by sharp.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { edit } from '../wasm.mjs';
import { difference } from './difference.mjs';
import { bySharp, files, laidOut } from './matrix.mjs';

/** Mean difference from what sharp makes. Inks without a profile are a matter of taste: ours are those of a press, measured. */
const most = ({ kind }) => (kind === 'inks' ? 3 : 2);

const all = files();

test('there are 80 files or more', () => assert.ok(all.length >= 80, `${all.length}`));

for (const file of all) {
  test(`${file.name}: as sharp shows it`, async () => {
    const source = await file.bytes();
    for (const width of [120, 90]) {
      const ours = edit(source, `/x?width=${width}&format=webp&lossless`).bytes;
      const { mean, max } = await difference(await laidOut(ours), await bySharp(source, width, file.moves));
      assert.ok(mean <= most(file), `${width} wide: mean ${mean.toFixed(2)}, at most ${max.toFixed(0)}`);
    }
  });
}
