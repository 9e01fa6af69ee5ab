// Pictures with one plain subject, drawn away from the middle: what is kept of them has to hold it. sharp is asked the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';

const WIDTH = 900;
const HEIGHT = 400;

const GROUNDS = {
  plain: '<rect width="900" height="400" fill="#8a98a5"/>',
  white: '<rect width="900" height="400" fill="#fafafa"/>',
  sky: `<linearGradient id="g" x2="0" y2="1"><stop stop-color="#6fa8e0"/><stop offset=".6" stop-color="#dfeaf2"/><stop offset=".6" stop-color="#5d7f45"/><stop offset="1" stop-color="#3f5c2f"/></linearGradient><rect width="900" height="400" fill="url(#g)"/>`,
  dusk: `<radialGradient id="g"><stop stop-color="#41506b"/><stop offset="1" stop-color="#141824"/></radialGradient><rect width="900" height="400" fill="url(#g)"/>`,
  wall: `<rect width="900" height="400" fill="#b9b09c"/>${Array.from({ length: 16 }, (_, i) => `<path d="M0 ${i * 26}H900" stroke="#a9a08c" stroke-width="2"/>`).join('')}`,
  water: `<rect width="900" height="400" fill="#2f6f86"/>${Array.from({ length: 40 }, (_, i) => `<path d="M${(i * 137) % 900} ${(i * 53) % 400}q20 -8 40 0" stroke="#3c8098" stroke-width="3" fill="none"/>`).join('')}`,
};

/** Drawn around 0, 0, within 60 to each side. */
const SUBJECTS = {
  face: '<ellipse rx="44" ry="56" fill="#e0ac84"/><path d="M-46 -20Q0 -90 46 -20Q0 -50 -46 -20" fill="#4a3020"/><circle cx="-16" cy="-6" r="6" fill="#222"/><circle cx="16" cy="-6" r="6" fill="#222"/><path d="M-16 26q16 10 32 0" stroke="#a04848" stroke-width="6" fill="none"/>',
  'dark face': '<ellipse rx="44" ry="56" fill="#7a4a30"/><path d="M-46 -20Q0 -90 46 -20Q0 -50 -46 -20" fill="#1a1210"/><circle cx="-16" cy="-6" r="6" fill="#111"/><circle cx="16" cy="-6" r="6" fill="#111"/><path d="M-16 26q16 10 32 0" stroke="#5a2424" stroke-width="6" fill="none"/>',
  ball: '<circle r="50" fill="#d8402c"/><circle cx="-16" cy="-18" r="12" fill="#f08070"/>',
  boat: '<path d="M-58 20H58L40 50H-40Z" fill="#6b3a22"/><path d="M0 -56V16H44Z" fill="#f4f0e4"/>',
  bird: '<ellipse rx="46" ry="26" fill="#20242c"/><circle cx="46" cy="-20" r="18" fill="#20242c"/><path d="M60 -20l22 6l-22 6Z" fill="#e8a020"/><circle cx="50" cy="-24" r="4" fill="#fff"/>',
  flower: `${Array.from({ length: 8 }, (_, i) => `<ellipse rx="12" ry="28" cy="-28" fill="#e46aa8" transform="rotate(${i * 45})"/>`).join('')}<circle r="16" fill="#f2c230"/>`,
  sign: '<rect x="-56" y="-40" width="112" height="80" rx="8" fill="#1f5fa8"/><path d="M-40 -16H40M-40 2H24M-40 20H34" stroke="#fff" stroke-width="8"/>',
  dog: '<ellipse cx="-6" cy="14" rx="44" ry="30" fill="#b07838"/><circle cx="34" cy="-20" r="24" fill="#b07838"/><ellipse cx="20" cy="-26" rx="8" ry="18" fill="#6a4420"/><circle cx="42" cy="-24" r="4" fill="#111"/><circle cx="56" cy="-14" r="5" fill="#111"/>',
};

const PLACES = [90, 240, 640, 810];

/** 47 scenes: every subject on every ground, at one of four places. A black bird at dusk is not plain. */
const scenes = Object.entries(GROUNDS).flatMap(([ground, back], i) =>
  Object.entries(SUBJECTS).map(([subject, front], j) => {
    const x = PLACES[(i + j) % PLACES.length];
    const y = 150 + ((i * 3 + j * 5) % 5) * 25;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${back}<g transform="translate(${x} ${y})">${front}</g></svg>`;
    return { name: `${subject} on ${ground} at ${x}`, x, y, svg };
  }),
).filter(({ name }) => !name.startsWith('bird on dusk'));

/** Where a strip of so many columns was cut out of a picture that says its column in a colour of its own. */
async function startOf(cut, whole) {
  const columns = async (image) => {
    const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return { data, ...info };
  };
  const [part, all] = [await columns(cut), await columns(whole)];
  let best = [Infinity, 0];
  for (let start = 0; start <= all.width - part.width; start++) {
    let sum = 0;
    for (let y = 0; y < part.height; y += 7) {
      for (let x = 0; x < part.width; x += 5) {
        for (let c = 0; c < 3; c++) sum += Math.abs(part.data[(y * part.width + x) * part.channels + c] - all.data[(y * all.width + start + x) * all.channels + c]);
      }
    }
    if (sum < best[0]) best = [sum, start];
  }
  return best[1];
}

const SIDE = 300;

for (const position of ['attention', 'entropy']) {
  test(`${position} keeps the plain subject of ${scenes.length} pictures`, async (t) => {
    const missed = [];
    let theirs = 0;
    for (const { name, x, svg } of scenes) {
      const source = await sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer();
      const whole = edit(source, '/x.jpg?format=png').bytes;
      const ours = edit(source, `/x.jpg?format=png&ar=${SIDE}x${HEIGHT}&fit=cover&position=${position}`);
      assert.deepEqual([ours.width, ours.height], [SIDE, HEIGHT]);
      const holds = (start) => start <= Math.max(x - 45, 0) && start + SIDE >= Math.min(x + 45, WIDTH);
      const start = await startOf(ours.bytes, whole);
      if (!holds(start)) missed.push(`${name}: columns ${start} to ${start + SIDE}`);
      const sharps = await sharp(source).resize({ width: SIDE, height: HEIGHT, fit: 'cover', position }).png({ compressionLevel: 1 }).toBuffer();
      if (holds(await startOf(sharps, whole))) theirs++;
    }
    t.diagnostic(`${scenes.length - missed.length} of ${scenes.length}; sharp ${theirs}`);
    assert.ok(missed.length === 0, missed.join('\n'));
  });
}

test('a zoom is around what draws the eye', async () => {
  for (const { name, x, y, svg } of scenes) {
    const source = await sharp(Buffer.from(svg)).png({ compressionLevel: 1 }).toBuffer();
    // a third of the width and of the height; the subject's middle has to be in it
    const { data, info } = await sharp(edit(source, '/x.png?zoom=2.5&position=attention').bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [360, 160]);
    const { data: pixel } = await sharp(source).extract({ left: x, top: y, width: 1, height: 1 }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    let isThere = false;
    for (let i = 0; i < data.length; i += info.channels) {
      isThere ||= [0, 1, 2].every((c) => Math.abs(data[i + c] - pixel[c]) <= 1);
    }
    assert.ok(isThere, name);
  }
});

test('scenes of the fixtures: the sun and the fruit', async () => {
  for (const [name, query, from, to] of [
    // the sun over the sea is at 0.37 of the width
    ['05.jpg', 'ar=1x2', 0.33, 0.41],
    // bowl, pear and apple on the table
    ['03.jpg', 'ar=2x3', 0.3, 0.7],
  ]) {
    const source = fixture(name);
    const whole = edit(source, '/x.jpg?format=png&height=400');
    const cut = edit(whole.bytes, `/x.png?format=png&fit=cover&position=attention&${query}`);
    const start = await startOf(cut.bytes, whole.bytes);
    const [left, right] = [start / whole.width, (start + cut.width) / whole.width];
    assert.ok(left <= from && right >= to, `${name}: ${left.toFixed(2)} to ${right.toFixed(2)}`);
  }
});
