// The files that the rows of formats are made from: of the photos, or drawn. Each is made once, when a row asks for it.
import sharp from 'sharp';

import { photo } from '../photos.mjs';

const FRAMES = 40;

/** By name: a function from the folder of photos to a file's bytes. */
export const SOURCES = {
  'webp 6 MP': async (photos) => (await opened('6mp', photos)).webp({ quality: 80 }).toBuffer(),
  'webp alpha 3 MP': async (photos) => (await opened('png', photos)).webp({ quality: 80 }).toBuffer(),
  'webp lossless 3 MP': async (photos) => (await opened('png', photos)).webp({ lossless: true, effort: 2 }).toBuffer(),
  'png rgba 3 MP': async (photos) => sharp((await photo('png', photos, { quick: true })).path).toColourspace('srgb').png().toBuffer(),
  'png photo 3 MP': async (photos) => sharp((await photo('png', photos, { quick: true })).path).keepIccProfile().png().toBuffer(),
  'png rgb 6 MP': async (photos) => (await opened('6mp', photos)).png().toBuffer(),
  'png screenshot 2 MP': () => sharp(Buffer.from(screenshot(1920, 1080))).removeAlpha().png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer(),
  'gif film, 40 frames': async (photos) => moving(await film(photos, 480, 320)).gif().toBuffer(),
  'gif sprite, 40 frames': async () => moving(await sprite(320, 240)).gif().toBuffer(),
  'tiff lzw 6 MP': async (photos) => (await opened('6mp', photos)).tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer(),
  'tiff deflate 6 MP': async (photos) => (await opened('6mp', photos)).tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer(),
  'tiff plain 6 MP': async (photos) => (await opened('6mp', photos)).tiff({ compression: 'none' }).toBuffer(),
};

const opened = async (name, photos) => sharp((await photo(name, photos, { quick: true })).path).toColourspace('srgb');

/** RGBA frames below each other, as an animation of 12 frames a second. */
function moving({ data, width, height }) {
  return sharp(data, { raw: { width, height: height * FRAMES, channels: 4, pageHeight: height } }).gif({ delay: 80, loop: 0 });
}

/** A view that moves over a photo: each pixel changes from frame to frame. */
async function film(photos, width, height) {
  const { data, info } = await (await opened('6mp', photos)).resize(width + FRAMES * 3).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const frames = Array.from({ length: FRAMES }, (_, i) => {
    const [left, top] = [i * 3, Math.round((i * (info.height - height)) / FRAMES)];
    return Array.from({ length: height }, (_, y) => data.subarray(((top + y) * info.width + left) * 4, ((top + y) * info.width + left + width) * 4));
  });
  return { data: Buffer.concat(frames.flat()), width, height };
}

/** A drawing of few colours that moves over what is clear. */
async function sprite(width, height) {
  const frames = Array.from({ length: FRAMES }, (_, i) => {
    const turn = (i / FRAMES) * 360;
    const x = width / 2 + (width / 3) * Math.cos((turn * Math.PI) / 180);
    const y = height / 2 + (height / 5) * Math.sin((turn * Math.PI) / 90);
    return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <rect x="8" y="${height - 28}" width="${width - 16}" height="16" rx="8" fill="#234"/>
      <rect x="12" y="${height - 24}" width="${((width - 24) * (i + 1)) / FRAMES}" height="8" rx="4" fill="#fc3"/>
      <g transform="translate(${x} ${y}) rotate(${turn})">
        <circle r="36" fill="#d33"/><circle r="26" fill="#fff"/><path d="M0 -24 L7 -8 L24 -8 L10 3 L15 20 L0 10 L-15 20 L-10 3 L-24 -8 L-7 -8 Z" fill="#36c"/>
      </g></svg>`)).ensureAlpha().raw().toBuffer();
  });
  return { data: Buffer.concat(await Promise.all(frames)), width, height };
}

/** Windows, lines of small bars as words, a gradient and a curve. */
export function screenshot(width, height) {
  let seed = 7;
  const random = (most) => {
    seed = (seed * 48271) % 2147483647;
    return seed % most;
  };
  const line = (x, y, most) => {
    let words = '';
    for (let at = x; at < x + most;) {
      const long = 8 + random(48);
      words += `<rect x="${at}" y="${y}" width="${long}" height="9" rx="2"/>`;
      at += long + 6;
    }
    return words;
  };
  const lines = Array.from({ length: Math.floor((height - 160) / 18) }, (_, i) => line(300, 110 + i * 18, 200 + random(width - 760))).join('');
  const items = Array.from({ length: 24 }, (_, i) => `<circle cx="34" cy="${120 + i * 36}" r="9" fill="hsl(${i * 15} 60% 55%)"/>${line(56, 115 + i * 36, 120)}`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g"><stop offset="0" stop-color="#3b5bdb"/><stop offset="1" stop-color="#9775fa"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="#fafafa"/><rect width="${width}" height="64" fill="url(#g)"/>
    <rect y="64" width="260" height="${height - 64}" fill="#eceff4"/><g fill="#4c566a">${items}</g><g fill="#2e3440">${lines}</g>
    <rect x="${width - 420}" y="100" width="390" height="260" rx="12" fill="#fff" stroke="#d8dee9"/>
    <path d="M${width - 400} 320 C ${width - 300} 120 ${width - 200} 400 ${width - 50} 140" fill="none" stroke="#bf616a" stroke-width="3"/>
    </svg>`;
}
