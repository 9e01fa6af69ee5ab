// Truth: sharp. Every fit × orientation × box: the size is exact, the mean difference small.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';
import { difference } from './difference.mjs';

const FITS = ['inside', 'cover', 'contain', 'fill', 'outside'];
const BOXES = [
  { width: 97 },
  { height: 61 },
  { width: 120, height: 50 },
  { width: 40, height: 133 },
  { width: 500, height: 90 },
  { width: 400, height: 400 },
];
const POSITIONS = { centre: 'centre', 'top-left': 'left top', right: 'right', bottom: 'bottom' };

const query = (options) => new URLSearchParams(Object.entries(options)).toString();

for (let orientation = 1; orientation <= 8; orientation++) {
  test(`orientation ${orientation}: every fit and box is sharp's`, async () => {
    const source = fixture(`orientation-${orientation}.jpg`);
    for (const fit of FITS) {
      for (const box of BOXES) {
        for (const [position, theirs] of Object.entries(fit === 'cover' || fit === 'contain' ? POSITIONS : { centre: 'centre' })) {
          for (const enlarge of fit === 'fill' || box.width === 400 ? [false, true] : [false]) {
            const options = { ...box, fit, position, background: '204060', format: 'png', ...(enlarge && { enlarge }) };
            const ours = edit(source, `/x.jpg?${query(options)}`);
            const expected = await sharp(source)
              .autoOrient()
              .resize({ ...box, fit, position: theirs, background: '#204060', withoutEnlargement: !enlarge })
              .png({ compressionLevel: 1 })
              .toBuffer();
            const what = JSON.stringify(options);
            const { mean } = await difference(ours.bytes, expected).catch((error) => {
              throw new Error(`${what}: ${error.message}`);
            });
            // the decoders' reductions on load differ; libvips enlarges by a bicubic, we by Lanczos
            assert.ok(mean < (enlarge ? 6 : 2.5), `${what}: mean difference ${mean.toFixed(2)}`);
          }
        }
      }
    }
  });
}

const EDITS = [
  ['rotate=90', (image) => image.rotate(90)],
  ['rotate=180', (image) => image.rotate(180)],
  // sharp mirrors before it rotates, whatever the order of calls; we rotate first
  ['rotate=270&flip', (image) => image.flop().rotate(270)],
  ['flip&flop', (image) => image.flip().flop()],
  ['flop', (image) => image.flop()],
  ['crop=20,30,100,80', (image) => image.extract({ left: 20, top: 30, width: 100, height: 80 })],
  ['crop=20,30,100,80&width=50', (image) => image.extract({ left: 20, top: 30, width: 100, height: 80 }).resize(50)],
  ['style=negative', (image) => image.negate({ alpha: false })],
];

for (const name of ['orientation-1.jpg', 'orientation-6.jpg', 'orientation-7.jpg']) {
  test(`${name}: turns, mirrors and crops are sharp's`, async () => {
    const source = fixture(name);
    const upright = await sharp(source).autoOrient().png({ compressionLevel: 1 }).toBuffer();
    for (const [edits, apply] of EDITS) {
      const ours = edit(source, `/x.jpg?${edits}&format=png`);
      const theirs = await apply(sharp(upright)).png({ compressionLevel: 1 }).toBuffer();
      const { mean } = await difference(ours.bytes, theirs);
      assert.ok(mean < 1.5, `${edits}: mean difference ${mean.toFixed(2)}`);
    }
  });
}

test('sharpening is near sharp’s, whichever way it takes', async () => {
  const source = fixture('01.jpg');
  const small = await sharp(source).resize(400).png({ compressionLevel: 1 }).toBuffer();
  const plain = await difference(edit(source, '/x.jpg?width=400&quality=100').bytes, small);
  for (const sigma of [0.5, 1, 2, 5]) {
    const theirs = await sharp(small).sharpen({ sigma }).png({ compressionLevel: 1 }).toBuffer();
    // pixels; and a JPEG's luma alone, at a quality that changes little
    const pixels = edit(small, `/x.png?sharpen=${sigma}`);
    const planes = edit(source, `/x.jpg?width=400&sharpen=${sigma}&quality=100`);
    const [a, b] = [await difference(pixels.bytes, theirs), await difference(planes.bytes, theirs)];
    // sharp sharpens CIE L*, we the luma of BT.601
    assert.ok(a.mean < 1 && a.max < 40, `${sigma}: mean difference ${a.mean.toFixed(2)}, max ${a.max}`);
    // what the decoders' reductions and 4:2:0 leave is made larger by sharpening
    assert.ok(b.mean < 2.5 * plain.mean, `${sigma}, from JPEG: mean difference ${b.mean.toFixed(2)}`);
  }
});

const LOSSLESS = ['alpha.png', 'palette.png', 'grey.png', 'rgb16.png', 'grey16.png', 'lossless.webp', 'alpha.webp'];

for (const name of LOSSLESS) {
  test(`${name}: decoded exactly, resized as sharp does`, async () => {
    const source = fixture(name);
    const same = edit(source, '/x?format=png&flip');
    const flipped = await sharp(source).flip().toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
    const exact = await difference(same.bytes, flipped);
    // 16-bit samples: libvips cuts the low byte, we round to nearest
    assert.ok(exact.max <= (name.includes('16') ? 1 : 0), `flip: max difference ${exact.max}`);
    const small = edit(source, '/x?width=100&format=png');
    const theirs = await sharp(source).resize(100).toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
    const { mean } = await difference(small.bytes, theirs);
    assert.ok(mean < 1.5, `resize: mean difference ${mean.toFixed(2)}`);
  });
}

test('colour profiles and CMYK come out as sRGB, near sharp', async () => {
  for (const [name, limit] of [['display-p3.jpg', 3], ['cmyk.jpg', 2.5], ['grey.jpg', 1.5], ['progressive.jpg', 2.5]]) {
    const source = fixture(name);
    const ours = edit(source, '/x.jpg?width=200&format=png');
    const theirs = await sharp(source).resize(200).toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
    const { mean } = await difference(ours.bytes, theirs);
    assert.ok(mean < limit, `${name}: mean difference ${mean.toFixed(2)}`);
  }
});

test('JPEG output at equal quality is as near the source as sharp’s, and as small', async () => {
  const source = fixture('01.jpg');
  const reference = await sharp(source).resize(600).png({ compressionLevel: 1 }).toBuffer();
  for (const quality of [50, 80, 92]) {
    const ours = edit(source, `/x.jpg?width=600&quality=${quality}`);
    const theirs = await sharp(source).resize(600).jpeg({ quality }).toBuffer();
    const [a, b] = [await difference(ours.bytes, reference), await difference(theirs, reference)];
    assert.ok(a.mean < b.mean + 0.5, `quality ${quality}: mean ${a.mean.toFixed(2)}, sharp ${b.mean.toFixed(2)}`);
    assert.ok(ours.bytes.length < theirs.length * 1.1, `quality ${quality}: ${ours.bytes.length}, sharp ${theirs.length}`);
  }
});
