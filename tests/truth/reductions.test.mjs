// Truth: where a reduction differs from sharp's by more than 1, sharp's is the one that is far from the exact picture. The exact one is Lanczos 3
// in floating point; sharp first takes the mean of whole blocks of pixels, then Lanczos 3 of those.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { answerTo } from '../conformance/runner.mjs';
import { fixture } from '../wasm.mjs';

const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const lanczos = (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0);

/** What each of `made` samples along a side of `had` is a sum of. */
function weights(had, made) {
  const scale = had / made;
  return Array.from({ length: made }, (_, at) => {
    const middle = (at + 0.5) * scale;
    const first = Math.max(0, Math.ceil(middle - 3 * scale - 0.5));
    const last = Math.min(had - 1, Math.floor(middle + 3 * scale - 0.5));
    const all = Array.from({ length: last - first + 1 }, (_, i) => lanczos((first + i + 0.5 - middle) / scale));
    const sum = all.reduce((a, b) => a + b);
    return { first, shares: all.map((share) => share / sum) };
  });
}

function exact({ data, info: { width, height, channels } }, size) {
  const rows = new Float64Array(height * size.width * channels);
  weights(width, size.width).forEach(({ first, shares }, x) => {
    for (let y = 0; y < height; y += 1) {
      for (let c = 0; c < channels; c += 1) {
        rows[(y * size.width + x) * channels + c] = shares.reduce((sum, share, i) => sum + share * data[(y * width + first + i) * channels + c], 0);
      }
    }
  });
  const out = new Float64Array(size.height * size.width * channels);
  const line = size.width * channels;
  weights(height, size.height).forEach(({ first, shares }, y) => {
    for (let at = 0; at < line; at += 1) {
      const sample = shares.reduce((sum, share, i) => sum + share * rows[(first + i) * line + at], 0);
      out[y * line + at] = Math.min(255, Math.max(0, sample));
    }
  });
  return out;
}

const mean = (a, b) => a.reduce((sum, sample, at) => sum + Math.abs(sample - b[at]), 0) / a.length;

test('reductions are exact where sharp is 1.5 and more off', async () => {
  const png = await sharp(fixture('01.jpg')).png().toBuffer();
  const source = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  for (const [width, least] of [[300, 0.5], [150, 0.5], [100, 1.4], [60, 0.7], [40, 1.9], [20, 2.3]]) {
    const theirs = await sharp(png).resize({ width }).raw().toBuffer({ resolveWithObject: true });
    const input = { decoded: { key: 'a.png', edits: { resize: { width } } }, config: { SOURCE_BUCKETS: 'one' } };
    const { bytes } = await answerTo({ input }, { 'a.png': { bytes: png, contentType: 'image/png' } });
    const ours = await sharp(bytes).raw().toBuffer();
    const truth = exact(source, theirs.info);
    // 0.25 is what rounding to whole numbers comes to
    assert.ok(mean(ours, truth) < 0.3, `${width}: ours ${mean(ours, truth)}`);
    assert.ok(mean(theirs.data, truth) > least, `${width}: sharp ${mean(theirs.data, truth)}`);
  }
});
