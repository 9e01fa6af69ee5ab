// Truth: sharp, which reads our WebP with libwebp and writes its own. As near the source as its file is, and as small.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';

const raw = (image) => sharp(image).removeAlpha().toColourspace('srgb').raw().toBuffer();

/** dB over all samples. */
async function psnr(a, b) {
  const [x, y] = await Promise.all([raw(a), raw(b)]);
  assert.equal(x.length, y.length);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2;
  return 10 * Math.log10((255 * 255 * x.length) / Math.max(sum, 1));
}

/** Mean of ours less the truth, over all samples: a shift of range or of brightness. */
async function bias(ours, truth) {
  const [x, y] = await Promise.all([raw(ours), raw(truth)]);
  return x.reduce((sum, sample, i) => sum + sample - y[i], 0) / x.length;
}

for (const name of ['01.jpg', '03.jpg', '05.jpg', 'orientation-6.jpg', 'grey.jpg', 'progressive.jpg']) {
  test(`${name}: from a JPEG's planes, as near the source as sharp's WebP, and as small`, async () => {
    const source = fixture(name);
    // decoded whole, so that nobody's shrinking on load is the measure
    const whole = await sharp(source).autoOrient().png({ compressionLevel: 1 }).toBuffer();
    const small = await sharp(whole).resize(300).png({ compressionLevel: 1 }).toBuffer();
    const pixels = edit(source, '/x.jpg?width=300&format=png').bytes;
    for (const quality of [50, 80, 95]) {
      const ours = edit(source, `/x.jpg?width=300&format=webp&quality=${quality}&scale=native`);
      assert.equal(ours.contentType, 'image/webp');
      const others = {
        // our own pixels, from which only the planes differ; and all of it by sharp, whose shrinking on load is finer
        encoded: [await sharp(pixels).webp({ quality }).toBuffer(), 0.4, 1.03],
        transformed: [await sharp(source).autoOrient().resize(300).webp({ quality }).toBuffer(), 2, 1.08],
      };
      const near = await psnr(ours.bytes, small);
      for (const [what, [theirs, less, larger]] of Object.entries(others)) {
        const sharps = await psnr(theirs, small);
        assert.ok(near > sharps - less, `${what} ${quality}: ${near.toFixed(2)} dB, sharp ${sharps.toFixed(2)}`);
        const [a, b] = [ours.bytes.length, theirs.length];
        assert.ok(a < b * larger, `${what} ${quality}: ${a} bytes, sharp ${b}`);
      }
      const shift = await bias(ours.bytes, small);
      assert.ok(Math.abs(shift) < 0.6, `quality ${quality}: brighter by ${shift.toFixed(2)}`);
    }
  });
}

test('from pixels, the file is sharp’s to the byte', async () => {
  for (const name of ['rgb16.png', 'palette.png', 'alpha.png']) {
    const pixels = await sharp(fixture(name)).toColourspace('srgb').png().toBuffer();
    for (const quality of [1, 60, 80, 100]) {
      const ours = edit(pixels, `/x.png?format=webp&quality=${quality}&scale=native`);
      const theirs = await sharp(pixels).webp({ quality }).toBuffer();
      assert.ok(theirs.equals(ours.bytes), `${name} ${quality}: ${ours.bytes.length} bytes, sharp ${theirs.length}`);
    }
  }
});

test('alpha is kept to the bit, by sharp’s reading too', async () => {
  const source = fixture('alpha.png');
  const alpha = (image) => sharp(image).extractChannel('alpha').raw().toBuffer();
  for (const edits of ['quality=1', 'quality=80', 'lossless']) {
    const ours = edit(source, `/x.png?format=webp&${edits}`);
    assert.ok((await alpha(ours.bytes)).equals(await alpha(source)), edits);
  }
});

test('lossless is exact, and metadata is embedded where sharp finds it', async () => {
  const source = fixture('rgb16.png');
  const png = edit(source, '/x.png?format=png');
  const ours = edit(source, '/x.png?format=webp&lossless');
  assert.ok((await raw(ours.bytes)).equals(await raw(png.bytes)));
  const photo = await sharp(fixture('01.jpg')).withExif({ IFD0: { Copyright: 'Deckle', Make: 'Box' } }).jpeg().toBuffer();
  for (const [metadata, copyright, make] of [['all', true, true], ['copyright', true, false], ['strip', false, false]]) {
    for (const edits of ['', '&style=bw', '&lossless']) {
      const made = edit(photo, `/x.jpg?width=80&format=webp&metadata=${metadata}${edits}`);
      const { exif, width } = await sharp(made.bytes).metadata();
      assert.equal(width, 80);
      assert.equal(Boolean(exif?.includes('Deckle')), copyright, metadata + edits);
      assert.equal(Boolean(exif?.includes('Box')), make, metadata + edits);
    }
  }
});
