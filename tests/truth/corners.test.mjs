// Truth: sharp with a mask of SVG, which is how its users round corners.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';
import { difference } from './difference.mjs';

const lossless = (image) => image.png({ compressionLevel: 1 }).toBuffer();

test('rounded corners are those of an SVG mask', async () => {
  for (const name of ['alpha.png', 'grey.png', 'lossless.webp']) {
    const source = fixture(name);
    const { width, height } = await sharp(source).metadata();
    for (const [radius, rx, ry] of [['12', 12, 12], ['10%25', width / 10, height / 10], ['max', width / 2, height / 2], ['8192', Math.min(width, height) / 2, Math.min(width, height) / 2]]) {
      const mask = Buffer.from(`<svg width="${width}" height="${height}"><rect width="${width}" height="${height}" rx="${rx}" ry="${ry}"/></svg>`);
      const ours = edit(source, `/x?format=png&radius=${radius}`);
      const theirs = await lossless(sharp(source).toColourspace('srgb').ensureAlpha().composite([{ input: mask, blend: 'dest-in' }]));
      const { mean, max } = await difference(ours.bytes, theirs);
      // single pixels: two ways to say how much of a pixel is inside
      assert.ok(mean < 0.05 && max < 30, `${name} ${radius}: mean ${mean.toFixed(3)}, max ${max.toFixed(1)}`);
    }
  }
});
