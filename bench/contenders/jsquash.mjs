// jSquash: decode, resize and encode are three modules and three memories; pixels pass through JavaScript. MozJPEG's own
// defaults (progressive, trellis), its resize in gamma space like everybody's, no profiles, greyscale in JavaScript.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { QUALITY, outputSize } from '../jobs.mjs';

/** A global of browsers that Node lacks. */
globalThis.ImageData ??= class ImageData {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height: height ?? data.length / 4 / width });
  }
};

// the packages fetch their wasm by URL, which Node cannot do of a file
const compile = async (name) => new WebAssembly.Module(await readFile(fileURLToPath(import.meta.resolve(name))));

export async function load(job) {
  if (job.format === 'webp') throw new Error('its package for WebP is not installed');
  const { default: resize, initResize } = await import('@jsquash/resize');
  await initResize(await compile('@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm'));
  const { decode, encode } = job.format === 'png' ? await png() : await jpeg();
  return {
    async run(source, job) {
      const image = await decode(exact(source));
      const small = await resize(image, {
        ...outputSize(job, image), method: 'lanczos3', linearRGB: false, fitMethod: job.height ? 'contain' : 'stretch', // its `contain` is a crop
      });
      if (job.grey) grey(small.data);
      return new Uint8Array(await encode(small));
    },
  };
}

async function jpeg() {
  const decoder = await import('@jsquash/jpeg/decode.js');
  const encoder = await import('@jsquash/jpeg/encode.js');
  await decoder.init(await compile('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));
  await encoder.init(await compile('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
  return { decode: decoder.default, encode: (image) => encoder.default(image, { quality: QUALITY }) };
}

async function png() {
  const { default: decode, init } = await import('@jsquash/png/decode.js');
  const { default: encode } = await import('@jsquash/png/encode.js');
  await init(await compile('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'));
  return { decode, encode };
}

/** An ArrayBuffer of just these bytes. */
function exact({ buffer, byteOffset, byteLength }) {
  return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}

/** Rec. 709 luma of the gamma-encoded samples. */
function grey(data) {
  for (let i = 0; i < data.length; i += 4) {
    data[i] = data[i + 1] = data[i + 2] = 0.2126 * data[i] + 0.7152 * data[i + 1] + 0.0722 * data[i + 2];
  }
}
