// Truth: sharp's trim, to the pixel where both decode the same samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';
import { difference } from './difference.mjs';

const lossless = (image) => image.png({ compressionLevel: 1 }).toBuffer();

/** A picture on a sheet, with dots here and there. */
async function onSheet(picture, { colour, left, top, right, bottom, dots }) {
  const sheet = sharp(picture).resize(120).extend({ top, bottom, left, right, background: colour });
  const { data, info } = await sheet.raw().toBuffer({ resolveWithObject: true });
  for (const [x, y] of dots) data.fill(90, (y * info.width + x) * info.channels, (y * info.width + x + 1) * info.channels);
  return lossless(sharp(data, { raw: info }));
}

const SHEETS = [
  { colour: '#ffffff', left: 20, top: 10, right: 30, bottom: 5, dots: [] },
  { colour: '#f0f4f8', left: 3, top: 40, right: 1, bottom: 50, dots: [[60, 5], [100, 20]] },
  { colour: '#ffffff00', left: 20, top: 10, right: 30, bottom: 5, dots: [[2, 2]] },
  { colour: '#20304080', left: 9, top: 9, right: 9, bottom: 9, dots: [] },
];

test('trims are sharp’s to the pixel', async () => {
  for (const name of ['01.jpg', 'alpha.png', 'grey.png', 'palette.png']) {
    for (const sheet of SHEETS) {
      const source = await onSheet(fixture(name), sheet);
      for (const threshold of [0, 10, 60, 140]) {
        for (const lineArt of [false, true]) {
          for (const background of [undefined, '#ffffff', '#808080']) {
            const colour = background ? `,${background.slice(1)}` : '';
            const ours = edit(source, `/x?format=png&trim=${threshold}${colour}${lineArt ? ',line' : ''}`);
            const theirs = await lossless(sharp(source).trim({ threshold, lineArt, background }));
            const what = `${name} ${JSON.stringify(sheet)} ${threshold} ${lineArt} ${background}`;
            const { max } = await difference(ours.bytes, theirs).catch((error) => assert.fail(`${what}: ${error.message}`));
            assert.equal(max, 0, what);
          }
        }
      }
    }
  }
});

test('a JPEG is trimmed as by sharp, on its side too, and scaled after that', async () => {
  const sheet = await onSheet(fixture('01.jpg'), SHEETS[0]);
  const jpeg = await sharp(sheet).jpeg({ quality: 85, chromaSubsampling: '4:4:4' }).toBuffer();
  for (const orientation of [1, 3, 6, 8]) {
    const source = await sharp(jpeg).withMetadata({ orientation }).toBuffer();
    const ours = edit(source, '/x?format=png&trim=25');
    const theirs = await lossless(sharp(source).autoOrient().trim({ threshold: 25 }));
    const { mean } = await difference(ours.bytes, theirs);
    assert.ok(mean <= 0.2, `orientation ${orientation}: mean ${mean.toFixed(2)}`);
    const sized = edit(source, '/x?format=png&trim=25&width=80');
    const theirsSized = await lossless(sharp(source).autoOrient().trim({ threshold: 25 }).resize(80));
    // scaled decoding
    assert.ok((await difference(sized.bytes, theirsSized)).mean < 2);
  }
});
