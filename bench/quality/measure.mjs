// How near reductions of a pattern come to the exact one: full decode, then Lanczos3 in floating point.
import sharp from 'sharp';

import { lanczos, ssim } from '../reference.mjs';
import { HEIGHT, WIDTH, drawn } from './patterns.mjs';

const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

/** Every factor from 1 to 20 in steps of 0.05; the small grid has those where scales change, and between. */
export const FACTORS = Array.from({ length: 381 }, (_, i) => Number((1 + i * 0.05).toFixed(2)));
export const FEW_FACTORS = [1.5, 2, 2.3, 3, 3.6, 4, 4.5, 5, 6.5, 8, 9, 10.4, 12, 16, 20];

/** A pattern as JPEG files of quality 92, 4:2:0 and for colour also 4:4:4, each with its pixels as libjpeg-turbo decodes them. */
export async function sources(pattern) {
  const data = drawn(pattern);
  const picture = sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  const files = {
    '4:2:0': await picture.clone().jpeg({ quality: 92 }).toBuffer(),
    ...(pattern.colour && { '4:4:4': await picture.clone().jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer() }),
  };
  const decoded = await Promise.all(Object.entries(files).map(async ([kind, file]) => ({ kind, file, data: await rgb(file) })));
  // decoders enlarge halved chroma in different ways: it is held against what was encoded
  return decoded.map((source) => (pattern.colour && source.kind === '4:2:0' ? { ...source, data } : source));
}

/**
 * SSIM of one reduction: of luma, or of the worse chroma plane where a pattern is of colour.
 * @param {{file: Buffer, data: Buffer}} source
 * @param {number} factor
 * @param {boolean} colour
 * @param {Record<string, (file: Buffer, width: number, height: number) => Promise<Uint8Array> | Uint8Array>} contenders
 * @returns {Promise<Record<string, number>>} by contender
 */
export async function reduction(source, factor, colour, contenders) {
  const size = { width: Math.round(WIDTH / factor), height: Math.round(HEIGHT / factor) };
  const exact = planes(lanczos({ data: source.data, top: 255, width: WIDTH, height: HEIGHT }, WHOLE, size), colour);
  const result = {};
  for (const [name, reduce] of Object.entries(contenders)) {
    const made = planes(await rgb(await reduce(source.file, size.width, size.height)), colour);
    result[name] = Math.min(...exact.map((plane, i) => ssim(plane, made[i], size.width, size.height)));
  }
  return result;
}

/** sharp as it is by default. */
export function bySharp(file, width, height) {
  return sharp(file).resize(width, height, { fit: 'fill' }).png({ compressionLevel: 1 }).toBuffer();
}

/** Ours, by the way of pixels: the PNG shows what the resampler made. */
export const byDeckle = (transform) => (file, width, height) => transform(file, `/x.jpg?width=${width}&height=${height}&fit=fill&format=png`);

const rgb = (file) => sharp(file).removeAlpha().toColourspace('srgb').raw().toBuffer();

/** Luma, or both chroma planes, by JFIF's formulas. */
function planes(rgb, colour) {
  const count = rgb.length / 3;
  const of = (r, g, b) => Float64Array.from({ length: count }, (_, i) => r * rgb[3 * i] + g * rgb[3 * i + 1] + b * rgb[3 * i + 2]);
  return colour ? [of(-0.1687, -0.3313, 0.5), of(0.5, -0.4187, -0.0813)].map((plane) => plane.map((value) => value + 128)) : [of(0.299, 0.587, 0.114)];
}
