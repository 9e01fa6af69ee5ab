// Deckle's wasm against sharp: same file, same process, taking turns; medians and their ratio.
//
//   make bench [PHOTO=file.jpg]     without a photo: a 12 MP one is made of the first fixture
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { argv } from 'node:process';
import sharp from 'sharp';

import { edit, fixture, memoryBytes } from '../tests/wasm.mjs';

const ROUNDS = 15;
const WARM_UP = 4;
const JOBS = [
  ['width=200', (image) => image.resize(200)],
  ['width=400', (image) => image.resize(400)],
  ['width=1200', (image) => image.resize(1200)],
  ['width=400&height=400&fit=cover', (image) => image.resize(400, 400)],
  ['width=400&style=bw', (image) => image.resize(400).greyscale()],
];

sharp.concurrency(1);
sharp.cache(false);

const photo = argv[2]
  ? readFileSync(argv[2])
  : await sharp(fixture('01.jpg')).resize(4243, 2828).jpeg({ quality: 88 }).toBuffer();

const { width, height, chromaSubsampling } = await sharp(photo).metadata();
console.log(`${width}×${height} ${chromaSubsampling}, ${photo.length} bytes; ${cpus()[0].model}, Node ${process.version}, sharp ${sharp.versions.sharp}`);
console.log('job'.padEnd(34), 'deckle ms', ' sharp ms', '  ratio', '   bytes', '(sharp)', ' first ms');

async function time(run) {
  const start = performance.now();
  const bytes = await run();
  return { ms: performance.now() - start, bytes: bytes.length };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

for (const [query, theirs] of JOBS) {
  const ours = () => edit(photo, `/x.jpg?${query}`).bytes;
  const sharps = () => theirs(sharp(photo)).jpeg({ quality: 80 }).toBuffer();
  const a = [];
  const b = [];
  for (let i = 0; i < WARM_UP + ROUNDS; i++) {
    a.push(await time(ours));
    b.push(await time(sharps));
  }
  const [ms, sharpMs] = [a, b].map((runs) => median(runs.slice(WARM_UP).map((run) => run.ms)));
  console.log(
    query.padEnd(34), ms.toFixed(1).padStart(9), sharpMs.toFixed(1).padStart(9), (ms / sharpMs).toFixed(2).padStart(7),
    String(a[0].bytes).padStart(8), `(${b[0].bytes})`, a[0].ms.toFixed(0).padStart(8),
  );
}
console.log(`linear memory after all of it, source included: ${(memoryBytes() / 1e6).toFixed(1)} MB`);
