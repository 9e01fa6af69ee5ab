// Truth: sharp. Overlays as its `composite` lays them: places, modes, tiles and sizes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { Deckle, fixture } from '../wasm.mjs';
import { difference } from './difference.mjs';

const deckle = new Deckle('{}');

/** What the exchange answers where its store has these objects: { status, bytes }. */
export function compose(url, objects) {
  const [path, query = ''] = url.split('?');
  const exchange = deckle.begin(JSON.stringify({ method: 'GET', path, query, headers: {} }), 'viewer', 0);
  let key;
  for (;;) {
    const step = JSON.parse(exchange.step());
    if (step.step === 'answer') {
      const bytes = Buffer.from(exchange.take());
      exchange.free();
      return { status: step.status, bytes };
    }
    if (step.step === 'read') exchange.body(objects[key], () => 0);
    else if (step.store === 'derived' || !objects[step.key]) exchange.missing(0);
    else {
      key = step.key;
      exchange.found(JSON.stringify({ size: objects[key].length, etag: '"1"' }));
    }
  }
}

const png = (image) => image.png({ compressionLevel: 1 }).toBuffer();
const photo = await png(sharp(fixture('01.jpg')).resize(400));
const clear = await png(sharp(fixture('alpha.png')).resize(200));
const mark = await png(sharp(fixture('alpha.png')).resize(90));
const solid = await png(sharp(fixture('02.jpg')).resize(120));
const grey = await png(sharp(fixture('grey.jpg')).resize(80).toColourspace('b-w'));
const objects = { 'photo.png': photo, 'clear.png': clear, 'mark.png': mark, 'solid.png': solid, 'grey.png': grey };

/** An overlay with so much of it shown. */
const faint = (image, opacity) => sharp(image).ensureAlpha().composite([
  { input: Buffer.from([255, 255, 255, Math.round(255 * opacity)]), raw: { width: 1, height: 1, channels: 4 }, tile: true, blend: 'dest-in' },
]).png().toBuffer();

const MODES = ['over', 'multiply', 'screen', 'overlay', 'darken', 'lighten', 'add', 'dest-in', 'dest-out'];

async function hold(t, url, base, layers, most = 1) {
  const ours = compose(url, objects);
  assert.equal(ours.status, 200, ours.bytes.toString());
  const theirs = await png(sharp(base).toColourspace('srgb').composite(layers));
  const { mean, max } = await difference(ours.bytes, theirs);
  t.diagnostic(`${url}: mean ${mean.toFixed(3)}, greatest ${max.toFixed(1)}`);
  assert.ok(mean <= most, `${url}: mean ${mean.toFixed(3)}`);
}

for (const blend of MODES) {
  test(`${blend} is sharp's, of pictures with alpha and without`, async (t) => {
    for (const [name, base] of [['photo', photo], ['clear', clear]]) {
      for (const above of ['mark', 'solid', 'grey']) {
        await hold(t, `/${name}.png?overlay=${above}.png,left:20,top:15,${blend}`, base, [{ input: objects[`${above}.png`], left: 20, top: 15, blend }]);
      }
    }
  });
}

test('an overlay is faint where sharp is given a faint one', async (t) => {
  for (const [blend, opacity] of [['over', 0.5], ['over', 0.05], ['multiply', 0.4], ['screen', 0.7]]) {
    const input = await faint(mark, opacity);
    await hold(t, `/photo.png?overlay=mark.png,${blend},opacity:${opacity}`, photo, [{ input, blend }]);
  }
});

test('places and tiles are sharp’s', async (t) => {
  const gravities = { centre: 'centre', top: 'north', 'top-right': 'northeast', right: 'east', 'bottom-right': 'southeast', bottom: 'south', 'bottom-left': 'southwest', left: 'west', 'top-left': 'northwest' };
  for (const [place, gravity] of Object.entries(gravities)) {
    await hold(t, `/photo.png?overlay=mark.png,${place}`, photo, [{ input: mark, gravity }], 0.5);
    await hold(t, `/clear.png?overlay=grey.png,${place}`, clear, [{ input: grey, gravity }], 0.5);
  }
  for (const [place, gravity] of [['centre', 'centre'], ['top-left', 'northwest']]) {
    await hold(t, `/photo.png?overlay=mark.png,${place},tile`, photo, [{ input: mark, gravity, tile: true }], 0.5);
  }
});

test('an overlay that is resized is what sharp makes of it', async (t) => {
  const { width } = await sharp(photo).metadata();
  const input = await png(sharp(solid).resize(Math.floor(width * 0.2)));
  await hold(t, '/photo.png?overlay=solid.png,width:20%25,top-left', photo, [{ input, gravity: 'northwest' }]);
});

test('several overlays are sharp’s several', async (t) => {
  await hold(t, '/photo.png?overlay=mark.png,left,multiply;solid.png,right,screen;grey.png,top', photo, [
    { input: mark, gravity: 'west', blend: 'multiply' },
    { input: solid, gravity: 'east', blend: 'screen' },
    { input: grey, gravity: 'north' },
  ]);
});

test('an overlay of itself works, and one that is missing is named', async (t) => {
  await hold(t, '/photo.png?overlay=photo.png,multiply', photo, [{ input: photo, blend: 'multiply' }]);
  const missing = compose('/photo.png?overlay=mark.png;nothing.png', objects);
  assert.equal(missing.status, 404);
  const { code, parameter, message } = JSON.parse(missing.bytes);
  assert.deepEqual([code, parameter, message], ['not_found', 'overlay', 'there is no such overlay: nothing.png']);
  assert.equal(compose('/photo.png?overlay=notes.txt', { ...objects, 'notes.txt': Buffer.from('hello') }).status, 422);
});
