// Truth: TIFFs that sharp writes (libtiff), read by sharp and by us: the same picture, whole and smaller.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';

import { edit, fixture } from '../wasm.mjs';
import { difference } from './difference.mjs';

const photo = (width = 301) => sharp(fixture('01.jpg')).resize(width, 203);
const leaf = () => sharp(fixture('alpha.png')).resize(301, 203);

const sources = {
  'not compressed': () => photo().tiff({ compression: 'none' }),
  'LZW of differences': () => photo().tiff({ compression: 'lzw', predictor: 'horizontal' }),
  'LZW': () => photo().tiff({ compression: 'lzw', predictor: 'none' }),
  'deflate': () => photo().tiff({ compression: 'deflate' }),
  'PackBits': () => photo().tiff({ compression: 'packbits' }),
  'JPEG': () => photo().tiff({ compression: 'jpeg', quality: 90 }),
  'JPEG without subsampling': () => photo().tiff({ compression: 'jpeg', quality: 95 }),
  'tiles of LZW': () => photo().tiff({ compression: 'lzw', tile: true, tileWidth: 64, tileHeight: 48 }),
  'tiles of JPEG': () => photo().tiff({ compression: 'jpeg', tile: true, tileWidth: 128, tileHeight: 128, quality: 90 }),
  'a pyramid, of which the first page is whole': () => photo(701).tiff({ compression: 'deflate', tile: true, pyramid: true }),
  'grey': () => photo().toColourspace('b-w').tiff({ compression: 'lzw' }),
  '16 bits': () => sharp(fixture('rgb16.png')).toColourspace('rgb16').tiff({ compression: 'deflate', predictor: 'horizontal' }),
  'grey of 16 bits': () => sharp(fixture('grey16.png')).toColourspace('grey16').tiff({ compression: 'lzw' }),
  'alpha': () => leaf().tiff({ compression: 'lzw' }),
  'alpha in tiles': () => leaf().tiff({ compression: 'deflate', tile: true, tileWidth: 32, tileHeight: 32 }),
  'a fax': () => photo().toColourspace('b-w').threshold(120).tiff({ compression: 'ccittfax4', bitdepth: 1 }),
  'a bit, not compressed': () => photo().toColourspace('b-w').threshold(120).tiff({ compression: 'none', bitdepth: 1 }),
  'black that is 1': () => photo().toColourspace('b-w').threshold(120).tiff({ compression: 'none', bitdepth: 1, miniswhite: true }),
  '4 bits': () => photo().toColourspace('b-w').tiff({ compression: 'lzw', predictor: 'none', bitdepth: 4 }),
  'BigTIFF': () => photo().tiff({ compression: 'lzw', bigtiff: true }),
  'another space of colours': () => photo().withIccProfile('p3').tiff({ compression: 'lzw' }),
  'on its side': () => photo().withMetadata({ orientation: 6 }).tiff({ compression: 'lzw' }),
};

for (const [name, make] of Object.entries(sources)) {
  test(`${name}: what sharp writes shows what sharp shows`, async () => {
    const source = await make().toBuffer();
    const { width, height } = await sharp(source).metadata();
    const whole = await difference(edit(source, '/x.tif?format=png').bytes, await sharp(source).autoOrient().toColourspace('srgb').png().toBuffer());
    assert.ok(whole.mean <= 2.0, `whole: mean ${whole.mean.toFixed(3)}, at most ${whole.max}`);
    const wide = Math.round(Math.min(width, height) / 2);
    const small = await difference(
      edit(source, `/x.tif?width=${wide}&format=png`).bytes,
      await sharp(source).autoOrient().resize(wide).toColourspace('srgb').png().toBuffer(),
    );
    assert.ok(small.mean <= 2.0, `${wide} wide: mean ${small.mean.toFixed(3)}, at most ${small.max}`);
  });
}

test('inks without a profile look as a press prints them, as sharp’s do', async () => {
  const source = await photo().toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer();
  const { mean } = await difference(edit(source, '/x.tif?format=png').bytes, await sharp(source).toColourspace('srgb').png().toBuffer());
  assert.ok(mean <= 3.0, `mean ${mean.toFixed(3)}`);
});
