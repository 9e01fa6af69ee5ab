// Truth: sharp's JPEG with chroma of full size, and what a bound on bytes leaves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';
import { difference } from './difference.mjs';

const lossless = (image) => image.png({ compressionLevel: 1 }).toBuffer();

test('chroma=444 is as near the source as sharp’s, and as small', async () => {
  for (const name of ['02.jpg', '03.jpg', '06.jpg']) {
    const small = await lossless(sharp(fixture(name)).resize(500));
    for (const quality of [50, 80, 92]) {
      const ours = edit(small, `/x.png?format=jpeg&chroma=444&quality=${quality}`);
      const theirs = await sharp(small).jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
      assert.equal((await sharp(ours.bytes).metadata()).chromaSubsampling, '4:4:4');
      const [a, b] = [await difference(ours.bytes, small), await difference(theirs, small)];
      assert.ok(a.mean < b.mean + 0.1, `${name} ${quality}: mean ${a.mean.toFixed(2)}, sharp ${b.mean.toFixed(2)}`);
      assert.ok(ours.bytes.length < theirs.length * 1.02, `${name} ${quality}: ${ours.bytes.length}, sharp ${theirs.length}`);
    }
  }
});

test('max-bytes is met with nearly the best quality, by any reader’s measure', async () => {
  for (const name of ['01.jpg', '03.jpg']) {
    for (const format of ['jpeg', 'webp']) {
      for (const most of [8_000, 15_000, 30_000]) {
        const made = edit(fixture(name), `/x.jpg?width=500&quality=90&format=${format}&max-bytes=${most}`);
        assert.ok(made.bytes.length <= most && made.bytes.length > most * 0.8, `${name} ${format}: ${made.bytes.length} of ${most}`);
        assert.equal((await sharp(made.bytes).metadata()).width, 500);
      }
    }
  }
  assert.throws(() => edit(fixture('01.jpg'), '/x.jpg?width=500&max-bytes=500'), /max-bytes of 500 cannot be met/);
});
