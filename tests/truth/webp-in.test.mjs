// Truth: WebP read by sharp, which has libwebp: the same pixels, and the same picture when it is smaller.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';

/** Samples of RGBA, colours multiplied by alpha: what is transparent has no colour. */
async function pixels(image) {
  const { data, info } = await sharp(image).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let i = 0; i < data.length; i += 4) {
    for (let c = 0; c < 3; c++) data[i + c] = Math.round((data[i + c] * data[i + 3]) / 255);
  }
  return { data, size: `${info.width}×${info.height}` };
}

async function difference(a, b) {
  const [x, y] = await Promise.all([pixels(a), pixels(b)]);
  assert.equal(x.size, y.size);
  let sum = 0;
  let most = 0;
  for (let i = 0; i < x.data.length; i++) {
    const step = Math.abs(x.data[i] - y.data[i]);
    sum += step;
    if (step > most) most = step;
  }
  return { mean: sum / x.data.length, most };
}

/** Text on a gradient with a hole: sharp edges, and every alpha. */
function drawing(width, height, channels) {
  const data = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInk = x % 23 < 3 || (x + 2 * y) % 57 < 4;
      const pixel = [isInk ? 20 : (x * 255) / width, isInk ? 30 : (y * 255) / height, 160, Math.min(255, Math.hypot(x - width / 2, y - height / 2) * 2)];
      data.set(pixel.slice(0, channels), (y * width + x) * channels);
    }
  }
  return sharp(data, { raw: { width, height, channels } });
}

const photo = () => sharp(fixture('01.jpg'));
const sources = {
  'a photo': () => photo().resize(901, 603).webp({ quality: 85 }),
  'a photo of high quality': () => photo().resize(640, 480).webp({ quality: 100 }),
  'a photo of low quality': () => photo().resize(500).webp({ quality: 10 }),
  'a drawing with alpha': () => drawing(301, 227, 4).webp({ quality: 80, alphaQuality: 100 }),
  'a drawing with lossy alpha': () => drawing(400, 300, 4).webp({ quality: 80, alphaQuality: 30 }),
  'a drawing without loss': () => drawing(301, 227, 4).webp({ lossless: true, effort: 6 }),
  'an opaque drawing without loss': () => drawing(333, 111, 3).webp({ lossless: true }),
  'a photo without loss': () => photo().resize(700).webp({ lossless: true }),
  'a photo nearly without loss': () => photo().resize(700).webp({ nearLossless: true, quality: 60 }),
  'a row': () => drawing(700, 1, 4).webp(),
  'a column': () => drawing(1, 700, 3).webp(),
  'a pixel': () => drawing(1, 1, 4).webp({ lossless: true }),
  'a photo on its side': () => photo().resize(300, 200).withMetadata({ orientation: 6 }).webp(),
  'a photo in another space of colours': () => photo().resize(400).withIccProfile('p3').webp(),
};

for (const [name, make] of Object.entries(sources)) {
  test(`${name} is what sharp reads, at full size and smaller`, async () => {
    const source = await make().toBuffer();
    const whole = edit(source, '/x.webp?format=png').bytes;
    // lossy chroma is brought to luma's size by means that differ a little; all else is the same decoder
    const theirs = await sharp(source).autoOrient().png().toBuffer();
    const full = await difference(whole, theirs);
    assert.ok(full.mean <= 1.0, `full size: mean ${full.mean.toFixed(3)}, at most ${full.most}`);
    if (name.includes('without loss')) assert.equal(full.most, 0);
    const { width, height } = await sharp(theirs).metadata();
    for (const side of [Math.ceil(width / 2), Math.ceil(width / 5)]) {
      if (height < 10 || width < 10) continue;
      // by the same resampler, so that reading alone is the measure
      const small = edit(theirs, `/x.png?width=${side}&format=png`).bytes;
      const reduced = await difference(edit(source, `/x.webp?width=${side}&format=png`).bytes, small);
      if (name.includes('without loss')) assert.equal(reduced.most, 0);
      assert.ok(reduced.mean <= 1.0, `${side}: mean ${reduced.mean.toFixed(3)}, at most ${reduced.most}`);
    }
  });
}

test('an animation shows its first frame where it lies', async () => {
  const frames = await Promise.all([0, 1].map((i) => drawing(120, 90, 4).negate({ alpha: false }).modulate({ brightness: 1 + i / 4 }).png().toBuffer()));
  for (const options of [{ quality: 90 }, { lossless: true }]) {
    const source = await sharp(frames, { join: { animated: true } }).webp({ ...options, loop: 0 }).toBuffer();
    assert.equal((await sharp(source).metadata()).pages, 2);
    const { mean } = await difference(edit(source, '/x.webp?format=png').bytes, await sharp(source, { page: 0 }).png().toBuffer());
    assert.ok(mean <= 1.0, `${JSON.stringify(options)}: ${mean.toFixed(3)}`);
  }
});

test('a lossy file of a JPEG’s planes becomes a JPEG and a WebP near to what sharp makes', async () => {
  const source = await photo().resize(1200).webp({ quality: 90 }).toBuffer();
  const small = await sharp(await sharp(source).png().toBuffer()).resize(400).png().toBuffer();
  for (const format of ['jpeg', 'webp']) {
    const ours = await difference(edit(source, `/x.webp?width=400&format=${format}&quality=90&scale=native`).bytes, small);
    const sharps = await difference(await sharp(source).resize(400).toFormat(format, { quality: 90 }).toBuffer(), small);
    assert.ok(ours.mean < sharps.mean * 1.1 + 0.1, `${format}: ${ours.mean.toFixed(3)}, sharp ${sharps.mean.toFixed(3)}`);
  }
});

test('a drawing of lossy colours is reduced as near to the original as what sharp reads of it', async () => {
  // chroma is taken from its own plane, not from one that was brought to luma's size: sharper where colours change
  const original = await drawing(301, 227, 3).png().toBuffer();
  const source = await sharp(original).webp({ quality: 90 }).toBuffer();
  const whole = await difference(edit(source, '/x.webp?format=png').bytes, await sharp(source).png().toBuffer());
  assert.ok(whole.mean <= 1.0, `full size: ${whole.mean.toFixed(3)}`);
  for (const side of [151, 75, 40]) {
    const small = (bytes) => edit(bytes, `/x.png?width=${side}&format=png`).bytes;
    const truth = small(original);
    const ours = await difference(small(source), truth);
    const sharps = await difference(small(await sharp(source).png().toBuffer()), truth);
    assert.ok(ours.mean < sharps.mean + 0.25, `${side}: ${ours.mean.toFixed(3)}, sharp ${sharps.mean.toFixed(3)}`);
  }
});
