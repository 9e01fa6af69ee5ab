// Truth: drawings beside what sharp (librsvg) draws of them at the same size.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';
import { difference } from './difference.mjs';

const svg = (body, attributes = 'width="120" height="80"') => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${body}</svg>`);
const shade = '<linearGradient id="l" x2="1" y2="1"><stop stop-color="#c33"/><stop offset=".6" stop-color="#fc3" stop-opacity=".7"/><stop offset="1" stop-color="#36c"/></linearGradient>';
const round = '<radialGradient id="r" fx=".3" fy=".3"><stop stop-color="#fff"/><stop offset="1" stop-color="#063"/></radialGradient>';

const drawings = {
  'the mark': fixture('icon.svg'),
  'shapes': svg('<rect x="5.5" y="4" width="40" height="30" rx="6" fill="#369"/><circle cx="85" cy="30" r="22.5" fill="#c63" stroke="#222" stroke-width="3"/><ellipse cx="30" cy="60" rx="20" ry="9" fill="none" stroke="#090" stroke-width="2"/><polygon points="60,50 100,55 80,75" fill="#909"/>'),
  'curves': svg('<path d="M10 40C20 0 60 80 110 20S60 90 20 70Z" fill="#48a" fill-rule="evenodd" stroke="#000" stroke-width="1.5"/><path d="M10 70a30 10 20 1 1 60 0q9 -20 40 0" fill="none" stroke="#a00" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>'),
  'gradients': svg(`<defs>${shade}${round}</defs><rect width="60" height="80" fill="url(#l)"/><circle cx="90" cy="40" r="28" fill="url(#r)"/>`),
  'dashes': svg('<path d="M8 8H112V72H8Z" fill="none" stroke="#123" stroke-width="5" stroke-dasharray="12 6 2 6"/>'),
  'clips and masks': svg('<defs><clipPath id="c"><circle cx="40" cy="40" r="30"/></clipPath><mask id="m"><rect width="120" height="80" fill="#888"/><rect x="80" width="20" height="80" fill="#fff"/></mask></defs><rect clip-path="url(#c)" width="80" height="80" fill="#06c"/><rect mask="url(#m)" x="60" y="10" width="55" height="60" fill="#c06"/>'),
  'groups that are half transparent': svg('<g opacity=".5" transform="rotate(10 60 40)"><rect x="20" y="20" width="40" height="40" fill="red"/><rect x="40" y="30" width="40" height="40" fill="blue"/></g>'),
  'patterns': svg('<defs><pattern id="p" width="12" height="12" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#333"/><rect x="6" y="6" width="6" height="6" fill="#c93"/></pattern></defs><rect x="6" y="6" width="108" height="68" fill="url(#p)"/>'),
  'what is used again': svg('<defs><g id="a"><rect width="20" height="20" fill="#0a0"/><circle r="6" fill="#fff"/></g></defs><use xlink:href="#a" x="10" y="10"/><use href="#a" transform="translate(60 20) scale(2)"/>'),
  'styles': svg('<style>.a{fill:#c00}g > rect{stroke:#00c;stroke-width:4}#x{opacity:.6}</style><g><rect class="a" id="x" x="10" y="10" width="50" height="40"/><rect x="70" y="20" width="30" height="50" style="fill:#ee0"/></g>'),
  'a view box': svg('<circle cx="0" cy="0" r="9" fill="#083"/>', 'width="90" height="60" viewBox="-10 -10 20 20"'),
  'one that is stretched': svg('<circle cx="0" cy="0" r="9" fill="#083"/>', 'width="90" height="60" viewBox="-10 -10 20 20" preserveAspectRatio="none"'),
  'markers': svg('<defs><marker id="m" markerWidth="6" markerHeight="6" refX="3" refY="3" orient="auto"><path d="M0 0L6 3L0 6Z"/></marker></defs><path d="M10 60L50 20L100 50" fill="none" stroke="#000" stroke-width="2" marker-end="url(#m)" marker-mid="url(#m)"/>'),
  'a blur': svg('<defs><filter id="f"><feGaussianBlur stdDeviation="3"/></filter></defs><rect filter="url(#f)" x="30" y="20" width="60" height="40" fill="#04c"/>'),
  'millimetres': svg('<rect width="10mm" height="5mm" fill="#c00"/>', 'width="30mm" height="20mm"'),
};

for (const [name, source] of Object.entries(drawings)) {
  test(`${name}: drawn as sharp draws it, small and large`, async () => {
    const { width } = await sharp(source).metadata();
    // a tile of a pattern is whole pixels here, which shows where it has few
    for (const wide of name === 'patterns' ? [width, 600] : [width, 31, 600]) {
      const ours = edit(source, `/x.svg?width=${wide}&format=png`);
      // drawn at that size, and not enlarged from 72 dots an inch
      const theirs = await sharp(source, { density: Math.min(100_000, (72 * wide * 2) / width), limitInputPixels: false }).resize(ours.width, ours.height, { fit: 'fill', kernel: 'cubic' }).png().toBuffer();
      const { mean } = await difference(ours.bytes, theirs);
      // of few pixels many lie at an edge
      assert.ok(mean <= (wide < width ? 3.5 : 2.0), `${wide} wide: mean ${mean.toFixed(3)}`);
    }
  });
}

test('text is as wide as it is in a browser’s sans, and where it belongs', async () => {
  const source = svg('<text x="60" y="50" font-size="24" text-anchor="middle" fill="#036">Deckle</text>');
  const { data, info } = await sharp(edit(source, '/x.svg?width=480&format=png').bytes).trim({ background: '#0000', threshold: 1 }).raw().toBuffer({ resolveWithObject: true });
  assert.ok(data.length > 0 && Math.abs(info.width - 300) < 40 && Math.abs(info.height - 70) < 25, `${info.width} × ${info.height}`);
});
