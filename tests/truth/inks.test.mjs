// Truth: sharp. CMYK over a full grid of inks, each exactly what the file says: by its profile, and without one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit } from '../wasm.mjs';
import { blockColours, cmykJpeg, inkGrid } from './cmyk-jpeg.mjs';

const SIDES = 9;
const COLUMNS = SIDES ** 2;
const INKS = inkGrid(SIDES);

async function theirs(jpeg) {
  return blockColours(await sharp(jpeg).toColourspace('srgb').raw().toBuffer(), COLUMNS);
}

async function ours(jpeg) {
  const { bytes } = edit(jpeg, '/x.jpg?format=png');
  return blockColours(await sharp(bytes).removeAlpha().raw().toBuffer(), COLUMNS);
}

function mean(a, b) {
  assert.equal(a.length, b.length);
  return a.reduce((sum, v, i) => sum + Math.abs(v - b[i]), 0) / a.length;
}

/** The profile that sharp takes inks for without one, which is in the public domain. */
async function pressProfile() {
  const white = sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } });
  const { icc } = await sharp(await white.toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer()).metadata();
  return icc;
}

test('inks without a profile are near what sharp shows, with an Adobe segment and without', async () => {
  const jpeg = cmykJpeg(INKS, COLUMNS);
  const colours = await ours(jpeg);
  const difference = mean(colours, await theirs(jpeg));
  assert.ok(difference < 1.5, `mean difference ${difference.toFixed(2)}`);
  const plain = cmykJpeg(INKS, COLUMNS, { adobe: false });
  assert.deepEqual(await theirs(plain), await theirs(jpeg));
  assert.deepEqual(await ours(plain), colours);
});

test('inks with a profile are what Little CMS makes of them with perceptual intent', async () => {
  const jpeg = cmykJpeg(INKS, COLUMNS, { icc: await pressProfile() });
  const difference = mean(await ours(jpeg), await theirs(jpeg));
  assert.ok(difference < 1, `mean difference ${difference.toFixed(2)}`);
});
