// A sheet of every format × alpha × profile × animation as we show it, for looking at: node tests/truth/contact-sheet.mjs [docs/contact-sheet.webp]
//
// A cell is a file of matrix.mjs resized by us, on a checkerboard; of what moves, the second frame. Below it is the mean difference from sharp's.
import { argv } from 'node:process';
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';

import { edit } from '../wasm.mjs';
import { difference } from './difference.mjs';
import { bySharp, files, laidOut } from './matrix.mjs';

const [CELL, HIGH, LABEL, LEFT] = [120, 80, 16, 150];
const all = files();
const kinds = [...new Set(all.map(({ kind }) => kind))];
const formats = [...new Set(all.map(({ format }) => format))];
const [width, height] = [LEFT + kinds.length * (CELL + 8), LABEL + 8 + formats.length * (HIGH + LABEL + 6)];
const layers = [];
const texts = [];
const text = (x, y, words, size = 12) => texts.push(`<text x="${x}" y="${y}" font-size="${size}" font-family="sans-serif" fill="#222">${words}</text>`);
kinds.forEach((kind, i) => text(LEFT + i * (CELL + 8), 14, kind));
for (const [row, format] of formats.entries()) {
  const top = LABEL + 8 + row * (HIGH + LABEL + 6);
  text(6, top + HIGH / 2, format);
  for (const file of all.filter((one) => one.format === format)) {
    const left = LEFT + kinds.indexOf(file.kind) * (CELL + 8);
    const source = await file.bytes();
    const made = edit(source, `/x?width=${CELL}&format=webp&lossless`).bytes;
    const { mean } = await difference(await laidOut(made), await bySharp(source, CELL, file.moves));
    const shown = await sharp(made, { page: file.moves ? 1 : 0 }).resize(CELL, HIGH, { fit: 'inside' }).png().toBuffer();
    layers.push({ input: shown, left, top });
    text(left, top + HIGH + 12, `${mean.toFixed(2)}${file.moves ? ', frame 2' : ''}`, 10);
  }
}
const checks = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect width="16" height="16" fill="#fff"/><path d="M0 0h8v8H0zM8 8h8v8H8z" fill="#ddd"/></svg>');
const words = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${texts.join('')}</svg>`);
const sheet = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
  .composite([{ input: checks, tile: true }, { input: words }, ...layers]).webp({ quality: 72 }).toBuffer();
const path = argv[2] ?? new URL('../../docs/contact-sheet.webp', import.meta.url);
await writeFile(path, sheet);
console.log(`${all.length} files, ${width} × ${height}, ${sheet.length} bytes`);
