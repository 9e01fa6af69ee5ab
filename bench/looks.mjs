// Each edit of colour and filter against sharp's own, on the same photo: what it adds to making a JPEG of it.
//
//   node bench/looks.mjs [rounds]        after `make wasm`; writes looks.json and RESULTS.md
//
// Both work on one thread and take turns. The source is a JPEG of 1200 x 800, so that little else is measured; an edit's time is the median of the whole job
// less that of the job without it.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

import { edit } from '../tests/wasm.mjs';
import { median } from './statistics.mjs';
import { photo } from './photos.mjs';
import { markdown } from './report.mjs';

const rounds = Number(argv[2] ?? 15);
const { path } = await photo('10mp', fileURLToPath(new URL('../.deckle/bench/photos', import.meta.url)), { quick: true });
const source = await sharp(path).resize(1200, 800, { fit: 'cover' }).toColourspace('srgb').jpeg({ quality: 92 }).toBuffer();
sharp.concurrency(1);
sharp.cache(false);

const kernel = [0, -1, 0, -1, 5, -1, 0, -1, 0];
const EDITS = [
  ['nothing', '', (image) => image],
  ['style=bw', 'style=bw', (image) => image.greyscale()],
  ['style=negative', 'style=negative', (image) => image.negate()],
  ['style=sepia', 'style=sepia', (image) => image.recomb([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])],
  ['brightness=1.3', 'brightness=1.3', (image) => image.modulate({ brightness: 1.3 })],
  ['saturation=1.5', 'saturation=1.5', (image) => image.modulate({ saturation: 1.5 })],
  ['hue=90', 'hue=90', (image) => image.modulate({ hue: 90 })],
  ['lightness=10', 'lightness=10', (image) => image.modulate({ lightness: 10 })],
  ['contrast=1.3', 'contrast=1.3', (image) => image.linear(1.3, -38.4)],
  ['gamma=2.2', 'gamma=2.2', (image) => image.gamma(1, 2.2)],
  ['linear=1.2,-10', 'linear=1.2,-10', (image) => image.linear(1.2, -10)],
  ['threshold=128', 'threshold=128', (image) => image.threshold(128)],
  ['tint=ff8000', 'tint=ff8000', (image) => image.tint('#ff8000')],
  ['normalise', 'normalise', (image) => image.normalise()],
  ['clahe=50,50', 'clahe=50,50', (image) => image.clahe({ width: 50, height: 50 })],
  ['median=3', 'median=3', (image) => image.median(3)],
  ['median=5', 'median=5', (image) => image.median(5)],
  ['median=9', 'median=9', (image) => image.median(9)],
  ['blur=1', 'blur=1', (image) => image.blur(1)],
  ['blur=5', 'blur=5', (image) => image.blur(5)],
  ['blur=20', 'blur=20', (image) => image.blur(20)],
  ['blur=50', 'blur=50', (image) => image.blur(50)],
  ['convolve, 3 × 3', `convolve=${kernel}`, (image) => image.convolve({ width: 3, height: 3, kernel })],
  ['convolve, 7 × 7', `convolve=${Array(49).fill(1)}`, (image) => image.convolve({ width: 7, height: 7, kernel: Array(49).fill(1) })],
  ['sharpen=1', 'sharpen=1', (image) => image.sharpen({ sigma: 1 })],
  ['sharpen=5', 'sharpen=5', (image) => image.sharpen({ sigma: 5 })],
];

const times = EDITS.map(() => ({ deckle: [], sharp: [] }));
for (let round = -3; round < rounds; round++) {
  for (const [i, [, query, theirs]] of EDITS.entries()) {
    const start = performance.now();
    edit(source, `/x.jpg?quality=80&${query}`);
    const middle = performance.now();
    await theirs(sharp(source)).jpeg({ quality: 80 }).toBuffer();
    if (round >= 0) {
      times[i].deckle.push(middle - start);
      times[i].sharp.push(performance.now() - middle);
    }
  }
}

const edits = times.map(({ deckle, sharp: theirs }, i) => ({ edit: EDITS[i][0], deckle: median(deckle), sharp: median(theirs) }));
const looks = { source: 'a photo of 1200 × 800', rounds, date: new Date().toISOString().slice(0, 10), edits };
await writeFile(new URL('looks.json', import.meta.url), `${JSON.stringify(looks, null, 2)}\n`);
const [results, patterns, formats] = ['results.json', 'quality.json', 'formats.json'].map((name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')));
await writeFile(new URL('RESULTS.md', import.meta.url), markdown(results, patterns, looks, formats));
