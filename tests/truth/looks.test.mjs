// Truth: sharp. Edits of colour and filters on the same pixels: the mean difference over colours is at most 1, the greatest is stated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';

const png = (image) => image.png({ compressionLevel: 1 }).toBuffer();

/** Mean and greatest difference over colours, premultiplied where one has alpha, and over alpha. */
export async function difference(ours, theirs) {
  const raw = (image) => sharp(image).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const [a, b] = await Promise.all([raw(ours), raw(theirs)]);
  assert.deepEqual([a.info.width, a.info.height], [b.info.width, b.info.height]);
  let [sum, count, max] = [0, 0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const isAlpha = i % 4 === 3;
    if (isAlpha && a.data[i] === 255 && b.data[i] === 255) continue;
    const [alphaA, alphaB] = isAlpha ? [255, 255] : [a.data[i | 3], b.data[i | 3]];
    const d = Math.abs(a.data[i] * alphaA - b.data[i] * alphaB) / 255;
    sum += d;
    count += 1;
    if (d > max) max = d;
  }
  return { mean: sum / count, max };
}

const photo = await png(sharp(fixture('01.jpg')).resize(400));
const alpha = await png(sharp(fixture('alpha.png')).resize(200));
const grey = await png(sharp(fixture('grey.jpg')).resize(200).toColourspace('b-w'));

/** The edit, what sharp does, the greatest difference that passes, and sources beside the photo. */
const COLOURS = [
  ['style=bw', (image) => image.greyscale(), 2],
  ['style=negative', (image) => image.negate({ alpha: false }), 0],
  ['brightness=1.4', (image) => image.modulate({ brightness: 1.4 }), 3],
  ['brightness=0.5', (image) => image.modulate({ brightness: 0.5 }), 3],
  ['saturation=2', (image) => image.modulate({ saturation: 2 }), 3],
  ['saturation=0', (image) => image.modulate({ saturation: 0 }), 3],
  ['hue=90', (image) => image.modulate({ hue: 90 }), 3],
  ['hue=300&saturation=1.5&brightness=0.9', (image) => image.modulate({ hue: 300, saturation: 1.5, brightness: 0.9 }), 3],
  ['lightness=25', (image) => image.modulate({ lightness: 25 }), 3],
  ['lightness=-25', (image) => image.modulate({ lightness: -25 }), 3],
  ['gamma=2.2', (image) => image.gamma(1, 2.2), 1],
  ['gamma=1.4', (image) => image.gamma(1, 1.4), 1],
  ['contrast=1.5', (image) => image.linear(1.5, 128 - 128 * 1.5), 1],
  ['linear=1.2,-10', (image) => image.linear(1.2, -10), 1],
  ['linear=0.5', (image) => image.linear(0.5, 0), 1],
  ['linear=1.2,0.9,0.5,-10,0,20', (image) => image.linear([1.2, 0.9, 0.5], [-10, 0, 20]), 1, ['photo']],
  ['threshold=100', (image) => image.threshold(100), 255, ['photo', 'grey']],
  ['tint=ff8000', (image) => image.tint('#ff8000'), 4, ['photo', 'alpha']],
  ['tint=2040c0', (image) => image.tint('#2040c0'), 3, ['photo', 'alpha']],
  ['recomb=0.393,0.769,0.189,0.349,0.686,0.168,0.272,0.534,0.131',
    (image) => image.recomb([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]]), 1],
  ['recomb=0,1,0,0,0,1,1,0,-0.5', (image) => image.recomb([[0, 1, 0], [0, 0, 1], [1, 0, -0.5]]), 1],
  ['normalise', (image) => image.normalise(), 3],
  ['clahe=50,50', (image) => image.clahe({ width: 50, height: 50 }), 1, ['photo', 'grey']],
  ['clahe=20,31,0', (image) => image.clahe({ width: 20, height: 31, maxSlope: 0 }), 1, ['photo', 'grey']],
  ['unflatten', (image) => image.unflatten(), 0],
  ['alpha=remove', (image) => image.removeAlpha(), 0],
];

/** Filters: the same, and what differs is said where it is more than rounding. */
const FILTERS = [
  ...[0.5, 1, 2, 5].map((sigma) => [`blur=${sigma}`, (image) => image.blur(sigma), 1, ['photo', 'grey']]),
  // premultiplied colours are rounded
  ...[0.5, 1, 2, 5].map((sigma) => [`blur=${sigma}`, (image) => image.blur(sigma), 4, ['alpha']]),
  // by way of a smaller image
  ...[6, 10, 20, 50, 200].map((sigma) => [`blur=${sigma}`, (image) => image.blur(sigma), 4]),
  ['median=3', (image) => image.median(3), 0],
  ['median=5', (image) => image.median(5), 0],
  ['median=4', (image) => image.median(4), 0],
  ['median=15', (image) => image.median(15), 0],
  ['convolve=1,1,1,1,1,1,1,1,1', (image) => image.convolve({ width: 3, height: 3, kernel: Array(9).fill(1) }), 3],
  ['convolve=0,-1,0,-1,5,-1,0,-1,0', (image) => image.convolve({ width: 3, height: 3, kernel: [0, -1, 0, -1, 5, -1, 0, -1, 0] }), 0, ['photo', 'grey']],
  // sharp keeps colours that are more than their alpha; here they end there
  ['convolve=0,-1,0,-1,5,-1,0,-1,0', (image) => image.convolve({ width: 3, height: 3, kernel: [0, -1, 0, -1, 5, -1, 0, -1, 0] }), 255, ['alpha']],
  ['convolve=-1,0,1,-2,0,2,-1,0,1', (image) => image.convolve({ width: 3, height: 3, kernel: [-1, 0, 1, -2, 0, 2, -1, 0, 1] }), 0, ['photo', 'grey']],
  ...[0.5, 1, 2, 5, 10].map((sigma) => [`sharpen=${sigma}`, (image) => image.sharpen({ sigma }), 6]),
  ['sharpen=1,0,3', (image) => image.sharpen({ sigma: 1, m1: 0, m2: 3 }), 6],
  ['sharpen=2,2,0.5', (image) => image.sharpen({ sigma: 2, m1: 2, m2: 0.5 }), 6],
];

/** Every case on every source that it names; `most` is the mean that passes. */
function hold(cases, most) {
  const sources = { photo, alpha, grey };
  for (const [query, theirs, greatest, only] of cases) {
    test(`${query} is sharp's${only ? `, of ${only.join(' and ')}` : ''}`, async (t) => {
      for (const name of only ?? Object.keys(sources)) {
        const ours = edit(sources[name], `/x.png?${query}`);
        const { mean, max } = await difference(ours.bytes, await png(theirs(sharp(sources[name]))));
        t.diagnostic(`${name}: mean ${mean.toFixed(3)}, greatest ${max.toFixed(1)}`);
        assert.ok(mean <= most && max <= greatest, `${name}: mean ${mean.toFixed(3)}, greatest ${max.toFixed(1)}`);
      }
    });
  }
}

hold(COLOURS, 1);
hold(FILTERS, 1);

test('a photo that stays luma and chroma has the colours of one that became pixels', async () => {
  const source = fixture('01.jpg');
  const difference2 = async (query) => {
    const planes = edit(source, `/x.jpg?width=400&quality=100&${query}`);
    const pixels = edit(source, `/x.jpg?width=400&format=png&${query}`);
    return (await difference(planes.bytes, pixels.bytes)).mean;
  };
  const plain = await difference2('');
  for (const query of ['style=bw', 'style=sepia', 'tint=ff8000', 'saturation=0.5', 'brightness=1.3', 'hue=90', 'gamma=1.5', 'duotone=102060,ffe0a0']) {
    const mean = await difference2(query);
    // what 4:2:0 costs, and a rounding
    assert.ok(mean < 1.3 * plain + 0.3, `${query}: ${mean.toFixed(2)}, without ${plain.toFixed(2)}`);
  }
});
