// Truth: sharp, for turns by any angle. Sizes are equal; what differs is the decoders' and the order of scaling and turning.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';
import { difference } from './difference.mjs';

const ANGLES = [0.25, 10, 30, 45, 89.5, 100, 133.33, 180.5, 300, -20];
const lossless = (image) => image.png({ compressionLevel: 1 }).toBuffer();

for (const [name, backgrounds] of [
  ['alpha.png', ['204060', '00000080', '00000000']],
  // sharp makes the background of a grey image grey
  ['grey.png', ['808080', '00000080']],
  ['lossless.webp', ['204060', '00000080']],
]) {
  test(`${name}: turned by any angle as sharp does`, async () => {
    const source = fixture(name);
    for (const angle of ANGLES) {
      for (const background of backgrounds) {
        const ours = edit(source, `/x?format=png&rotate=${angle}&background=${background}`);
        let theirs = sharp(source).rotate(angle, { background: `#${background}` });
        // our opaque backgrounds are under the image, too
        if (background.length === 6) theirs = sharp(await lossless(theirs)).flatten({ background: `#${background}` });
        const { mean, max } = await difference(ours.bytes, await lossless(theirs.toColourspace('srgb')));
        assert.ok(mean < 0.5 && max <= 3, `${angle} on ${background}: mean ${mean.toFixed(2)}, max ${max}`);
      }
    }
  });
}

test('a turn comes before the box, as with sharp where rotate is called first', async () => {
  for (const name of ['01.jpg', 'orientation-6.jpg', 'alpha.png']) {
    const source = fixture(name);
    // sharp scales by what it has turned; it decodes at full size for that, as we do from PNG
    const upright = await lossless(sharp(source).autoOrient());
    for (const [query, box] of [
      ['width=150', { width: 150 }],
      ['width=120&height=90&fit=cover', { width: 120, height: 90, fit: 'cover' }],
      ['width=120&height=90&fit=contain', { width: 120, height: 90, fit: 'contain', background: '#204060' }],
    ]) {
      for (const angle of [15, 60, 200]) {
        const ours = edit(upright, `/x?format=png&rotate=${angle}&background=204060&${query}`);
        const turned = await lossless(sharp(upright).rotate(angle, { background: '#204060' }).flatten({ background: '#204060' }));
        const theirs = await lossless(sharp(turned).resize(box));
        const { mean } = await difference(ours.bytes, theirs);
        assert.ok(mean <= 1.0, `${name} ${query} by ${angle}: mean ${mean.toFixed(2)}`);
      }
    }
  }
});
