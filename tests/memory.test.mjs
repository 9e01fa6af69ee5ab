// Linear memory: what everyday pictures cost at full size and small, and that it does not grow with repetition.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture, memoryBytes, resetState } from './wasm.mjs';

test('a 12 MP photo to 400 px takes less than 8 MB beyond itself, however often', async () => {
  const photo = await sharp(fixture('01.jpg')).resize(4000, 3000, { fit: 'fill' }).jpeg({ quality: 85 }).toBuffer();
  resetState();
  assert.equal(edit(photo, '/x.jpg?width=400').width, 400);
  const first = memoryBytes();
  assert.ok(first - photo.length < 8e6, `${(first / 1e6).toFixed(1)} MB, ${(photo.length / 1e6).toFixed(1)} of them the photo`);
  for (let i = 0; i < 5; i++) edit(photo, '/x.jpg?width=400&style=bw');
  assert.ok(memoryBytes() <= first * 1.25, `from ${first} to ${memoryBytes()} bytes`);
});

/** A photograph of that size: a smaller one many times. */
const photo = (width, height, channels = 3) =>
  sharp({ create: { width, height, channels, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } }).composite([{ input: fixture('01.jpg'), tile: true }]);

/** A window of text on a wallpaper that is partly transparent where there is alpha. */
function screenshot(width, height, channels) {
  const pixels = Buffer.alloc(width * height * channels);
  let state = 7;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inWindow = x > width / 8 && x < width * 0.8 && y > 100 && y < height - 200;
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const isInk = inWindow && y % 22 > 6 && y % 22 < 18 && state >>> 30 === 0;
      const grey = isInk ? 30 : inWindow ? 255 : 60 + (y >> 4);
      pixels.set([grey, grey, inWindow ? grey : 140, inWindow ? 255 : 200].slice(0, channels), (y * width + x) * channels);
    }
  }
  return sharp(pixels, { raw: { width, height, channels } });
}

/** Megabytes of linear memory beyond the source that a fresh instance takes. */
function cost(source, url) {
  resetState();
  edit(source, url);
  return (memoryBytes() - source.length) / 1e6;
}

/** The same photo with another EXIF orientation. */
function oriented(jpeg, orientation) {
  const exif = jpeg.indexOf('Exif\0\0');
  const bytes = Buffer.from(jpeg);
  const isBig = bytes.toString('latin1', exif + 6, exif + 8) === 'MM';
  const tag = bytes.indexOf(Buffer.from(isBig ? [0x01, 0x12, 0, 3, 0, 0, 0, 1] : [0x12, 0x01, 3, 0, 1, 0, 0, 0]), exif);
  assert.ok(tag > 0);
  bytes[tag + 8 + (isBig ? 1 : 0)] = orientation;
  return bytes;
}

test('a 12 MP photo at full size takes less than 52 MB beyond itself, whatever its orientation', async () => {
  const upright = await photo(4032, 3024).jpeg({ quality: 92 }).withMetadata({ orientation: 1 }).toBuffer();
  for (let orientation = 1; orientation <= 8; orientation++) {
    const taken = cost(oriented(upright, orientation), '/x.jpg?quality=80');
    assert.ok(taken < 52, `orientation ${orientation}: ${taken.toFixed(1)} MB`);
  }
  for (const url of ['/x.jpg?style=bw', '/x.jpg?format=webp', '/x.jpg?sharpen=1', '/x.jpg?progressive', '/x.jpg?format=png', '/x.jpg?width=4000&height=4000&fit=contain']) {
    const taken = cost(oriented(upright, 6), url);
    assert.ok(taken < 52, `${url}: ${taken.toFixed(1)} MB`);
  }
});

test('a 12 MP WebP of any kind becomes a thumbnail and a picture of its size, within the default limits', async () => {
  const sources = {
    lossy: await photo(4000, 3000).webp({ quality: 80, effort: 1 }).toBuffer(),
    'without loss': await photo(4000, 3000).webp({ lossless: true, effort: 0 }).toBuffer(),
    'with alpha': await photo(4000, 3000, 4).webp({ quality: 80, effort: 1 }).toBuffer(),
    'with alpha, without loss': await screenshot(4000, 3000, 4).webp({ lossless: true, effort: 0 }).toBuffer(),
  };
  for (const [name, source] of Object.entries(sources)) {
    const thumbnail = cost(source, '/x.webp?width=400');
    assert.ok(thumbnail < (name === 'lossy' ? 8 : 20), `${name} to 400 px: ${thumbnail.toFixed(1)} MB`);
    for (const format of ['jpeg', 'webp']) {
      const taken = cost(source, `/x.webp?format=${format}`);
      assert.ok(taken < 64, `${name} as ${format}: ${taken.toFixed(1)} MB`);
    }
  }
});

test('a 4K screenshot at full size takes less than 48 MB beyond itself as PNG, JPEG and WebP', async () => {
  for (const channels of [3, 4]) {
    const source = await screenshot(3840, 2160, channels).png().toBuffer();
    for (const format of ['png', 'jpeg', 'webp']) {
      const taken = cost(source, `/x.png?format=${format}`);
      assert.ok(taken < 48, `${channels} channels as ${format}: ${taken.toFixed(1)} MB`);
    }
  }
});

test('photographs as PNG of 4 to 5 MP are made at the default limits', async () => {
  const alpha = await photo(2135, 2048, 4).png().toBuffer();
  assert.ok(cost(alpha, '/x.png?width=2000') < 48);
  const opaque = await photo(2400, 2000).png().toBuffer();
  assert.ok(cost(opaque, '/x.png?quality=80') < 48);
});
