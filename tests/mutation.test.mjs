// Every fixture, cut short and with bytes changed, in wasm: an image or an error with a code, never a trap.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

import { edit, fixture } from './wasm.mjs';

const ofCore = '../core/tests/jxl/';

// DECKLE_THOROUGH takes all of them for large files too: the run lasts three times as long
const of = { cuts: 200, flips: 500 };
const large = 50_000;
const shareOfLarge = process.env.DECKLE_THOROUGH ? 1 : 4;

const names = ['', 'faults/']
  .flatMap((folder) => readdirSync(new URL(`../fixtures/${folder}`, import.meta.url)).map((name) => folder + name))
  .concat(readdirSync(new URL(ofCore, import.meta.url)).map((name) => ofCore + name))
  .filter((name) => /\.(jpg|png|webp|gif|svg|jxl)$/.test(name));

/** Numbers that look random, the same ones each time. */
function* numbers(state) {
  for (;;) yield (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Whether it became an image. */
function answer(bytes) {
  try {
    const { width, height } = edit(bytes, '/24w/x.jpg');
    assert.ok(width > 0 && height > 0);
    return true;
  } catch (error) {
    if (typeof error.code !== 'string' || error instanceof WebAssembly.RuntimeError) throw error;
    return false;
  }
}

for (const name of names) {
  const source = fixture(name);
  const share = source.length > large ? shareOfLarge : 1;
  const [cuts, flips] = [of.cuts / share, source.length > 0 ? of.flips / share : 0];
  test(`${name} cut at ${cuts} places, changed at ${flips}`, (t) => {
    const random = numbers(7);
    const below = (n) => Math.floor(random.next().value * n);
    let images = 0;
    for (let i = 0; i < cuts; i++) images += answer(source.subarray(0, Math.floor((source.length * i) / cuts)));
    for (let i = 0; i < flips; i++) {
      const bytes = Uint8Array.from(source);
      bytes[below(bytes.length)] ^= 1 + below(255);
      images += answer(bytes);
    }
    t.diagnostic(`${images} are images`);
  });
}
