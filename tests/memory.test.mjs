// Linear memory: what a phone photo costs, and that it does not grow with repetition.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture, memoryBytes } from './wasm.mjs';

test('a 12 MP photo to 400 px takes less than 8 MB beyond itself, however often', async () => {
  const photo = await sharp(fixture('01.jpg')).resize(4000, 3000, { fit: 'fill' }).jpeg({ quality: 85 }).toBuffer();
  assert.equal(edit(photo, '/x.jpg?width=400').width, 400);
  const first = memoryBytes();
  assert.ok(first - photo.length < 8e6, `${(first / 1e6).toFixed(1)} MB, ${(photo.length / 1e6).toFixed(1)} of them the photo`);
  for (let i = 0; i < 5; i++) edit(photo, '/x.jpg?width=400&style=bw');
  assert.ok(memoryBytes() <= first * 1.25, `from ${first} to ${memoryBytes()} bytes`);
});
