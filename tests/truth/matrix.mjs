// Files of every format × alpha × profile × animation, made of two fixtures by sharp.
import sharp from 'sharp';

import { fixture } from '../wasm.mjs';

const [WIDTH, HEIGHT, FRAMES] = [241, 161, 4];

const FORMATS = {
  'JPEG': { opaque: true, grey: true, inks: true, write: (image) => image.jpeg({ quality: 92 }) },
  'JPEG 4:4:4': { opaque: true, grey: true, inks: true, write: (image) => image.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }) },
  'JPEG progressive': { opaque: true, grey: true, inks: true, write: (image) => image.jpeg({ quality: 92, progressive: true }) },
  'PNG': { alpha: true, opaque: true, grey: true, write: (image) => image.png() },
  'PNG interlaced': { alpha: true, opaque: true, grey: true, write: (image) => image.png({ progressive: true }) },
  'PNG 16 bits': { alpha: true, opaque: true, wide: 'rgb16', write: (image) => image.toColourspace('rgb16').png() },
  'PNG palette': { alpha: true, opaque: true, plain: true, write: (image) => image.png({ palette: true, colours: 64 }) },
  'PNG 16 colours': { alpha: true, opaque: true, plain: true, write: (image) => image.png({ palette: true, colours: 16 }) },
  'WebP': { alpha: true, opaque: true, moving: true, write: (image) => image.webp({ quality: 90 }) },
  'WebP lossless': { alpha: true, opaque: true, moving: true, write: (image) => image.webp({ lossless: true }) },
  'GIF': { alpha: true, opaque: true, moving: true, plain: true, write: (image) => image.gif() },
  'TIFF': { alpha: true, opaque: true, grey: true, write: (image) => image.tiff({ compression: 'none' }) },
  'TIFF LZW': { alpha: true, opaque: true, grey: true, write: (image) => image.tiff({ compression: 'lzw', predictor: 'horizontal' }) },
  'TIFF deflate, tiles': { alpha: true, opaque: true, grey: true, write: (image) => image.tiff({ compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 }) },
  'TIFF PackBits': { alpha: true, opaque: true, grey: true, write: (image) => image.tiff({ compression: 'packbits' }) },
  'TIFF 16 bits': { alpha: true, opaque: true, wide: 'rgb16', write: (image) => image.toColourspace('rgb16').tiff({ compression: 'deflate' }) },
};

const photo = () => sharp(fixture('01.jpg')).resize(WIDTH, HEIGHT);
const leaf = () => sharp(fixture('alpha.png')).resize(WIDTH, HEIGHT, { fit: 'fill' });
const TURNED = [3, 6];

/** Each with its name, its column for a contact sheet, whether it moves, and a promise of its bytes. */
export function files() {
  return Object.entries(FORMATS).flatMap(([format, { alpha, opaque, grey, inks, plain, moving, write }]) => {
    const kinds = [
      opaque && ['opaque', photo],
      alpha && ['alpha', leaf],
      opaque && !plain && ['opaque P3', () => photo().withIccProfile('p3')],
      alpha && !plain && ['alpha P3', () => leaf().withIccProfile('p3')],
      grey && ['grey', () => photo().toColourspace('b-w')],
      grey && alpha && ['grey alpha', () => leaf().toColourspace('b-w')],
      inks && ['inks', () => photo().toColourspace('cmyk')],
      ...(inks || format === 'TIFF LZW' ? TURNED : []).map((orientation) => [`turned ${orientation}`, () => photo().withMetadata({ orientation })]),
    ].filter(Boolean);
    const still = kinds.map(([kind, make]) => ({ format, kind, moves: false, bytes: () => write(make()).toBuffer() }));
    const moved = (moving ? [['opaque', photo], ['alpha', leaf]] : []).map(([kind, make]) => ({
      format, kind: `${kind}, moving`, moves: true, bytes: async () => write(await frames(make())).toBuffer(),
    }));
    return [...still, ...moved].map((file) => ({ ...file, name: `${file.format}, ${file.kind}` }));
  });
}

/** A picture, upside down in every other frame and mirrored in others. */
async function frames(image) {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: 4 };
  const turned = [(one) => one, (one) => one.flip(), (one) => one.flop(), (one) => one.flip().flop()];
  const all = await Promise.all(turned.slice(0, FRAMES).map((turn) => turn(sharp(data, { raw })).raw().toBuffer()));
  return sharp(Buffer.concat(all), { raw: { ...raw, height: info.height * FRAMES, pageHeight: info.height } });
}

/** What sharp makes of a file, so wide: frames below each other. */
export function bySharp(file, width, moves) {
  const image = sharp(file, { animated: moves });
  return (moves ? image : image.autoOrient()).resize(width).toColourspace('srgb').png().toBuffer();
}

/** The same of what we made: frames of a lossless WebP below each other. */
export const laidOut = (made) => sharp(made, { animated: true }).png().toBuffer();
