// How far two images are from each other.
import assert from 'node:assert/strict';
import sharp from 'sharp';

/** Mean and greatest difference of both images as premultiplied RGBA: the colour of nothing does not count. */
export async function difference(ours, theirs) {
  const raw = (image) => sharp(image).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const [a, b] = await Promise.all([raw(ours), raw(theirs)]);
  assert.deepEqual([a.info.width, a.info.height], [b.info.width, b.info.height]);
  let sum = 0;
  let max = 0;
  for (let i = 0; i < a.data.length; i++) {
    const [alphaA, alphaB] = i % 4 === 3 ? [255, 255] : [a.data[i | 3], b.data[i | 3]];
    const d = Math.abs(a.data[i] * alphaA - b.data[i] * alphaB) / 255;
    sum += d;
    if (d > max) max = d;
  }
  return { mean: sum / a.data.length, max };
}
