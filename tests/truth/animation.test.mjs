// Truth: animations read, resized and written, beside sharp's frames of the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit as edited, fixture } from '../wasm.mjs';
import { difference } from './difference.mjs';

const edit = (source, query) => edited(source, `/x?${query}`).bytes;

/** Each frame of a file as a picture of its own. */
async function frames(file) {
  const { data, info } = await sharp(file, { animated: true }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { pages = 1, delay, loop } = await sharp(file, { animated: true }).metadata();
  const height = info.height / pages;
  const length = info.width * height * 4;
  const picture = (i) => sharp(data.subarray(i * length, (i + 1) * length), { raw: { width: info.width, height, channels: 4 } }).png().toBuffer();
  return { pictures: await Promise.all(Array.from({ length: pages }, (_, i) => picture(i))), delay, loop };
}

async function alike(ours, theirs, most, what) {
  const [a, b] = await Promise.all([frames(ours), frames(theirs)]);
  assert.equal(a.pictures.length, b.pictures.length, what);
  assert.deepEqual(a.delay, b.delay, what);
  for (const [i, picture] of a.pictures.entries()) {
    const { mean } = await difference(picture, b.pictures[i]);
    assert.ok(mean <= most, `${what}, frame ${i}: ${mean}`);
  }
}

for (const name of ['animation.gif', 'animation.webp']) {
  const source = fixture(name);

  test(`${name} written without loss shows the frames that sharp reads`, async () => {
    // what is half transparent is rounded otherwise
    await alike(edit(source, 'format=webp&lossless'), source, 0.2, name);
  });

  test(`${name} resized is what sharp makes of it`, async () => {
    const theirs = await sharp(source, { animated: true }).resize(80).webp({ lossless: true }).toBuffer();
    await alike(edit(source, 'width=80&format=webp&lossless'), theirs, 1, name);
  });
}

test('an animation written as a GIF shows what sharp reads of it, and plays as often', async () => {
  const ours = edit(fixture('animation.gif'), 'enlarge');
  await alike(ours, fixture('animation.gif'), 0.01, 'gif');
  const webp = edit(fixture('animation.gif'), 'format=webp');
  assert.equal((await frames(webp)).loop, (await frames(ours)).loop);
});

test('one frame is that frame', async () => {
  const ours = edit(fixture('animation.webp'), 'frame=4&format=png');
  const { pictures } = await frames(fixture('animation.webp'));
  assert.ok((await difference(ours, pictures[3])).mean <= 0.2);
});

test('an APNG moves as GIF and as WebP, and is a still as PNG and JPEG', async () => {
  const pages = async (query) => (await sharp(edit(fixture('animation.png'), query), { animated: true }).metadata()).pages ?? 1;
  assert.deepEqual(await Promise.all(['format=gif', 'format=webp', 'width=50', 'format=jpeg', 'format=webp&animated=false'].map(pages)), [11, 11, 1, 1, 1]);
});
