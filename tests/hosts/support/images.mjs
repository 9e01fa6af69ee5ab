// Images made on the spot: waves of colour, so that they compress like pictures and not like noise.

import { deflateSync } from 'node:zlib';
import sharp from 'sharp';

/**
 * @param {number} width
 * @param {number} height
 * @returns {import('sharp').Sharp}
 */
export function picture(width, height) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 3) {
      pixels[at] = 127 + 120 * Math.sin(x / 17);
      pixels[at + 1] = 127 + 120 * Math.sin(y / 23 + x / 61);
      pixels[at + 2] = 127 + 120 * Math.cos((x + y) / 31);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** A JPEG that stays large: seeded noise. */
export function noise(width, height, quality = 95) {
  const pixels = Buffer.alloc(width * height * 3);
  let state = 0x9e3779b9;
  for (let at = 0; at < pixels.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[at] = state >>> 24;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } }).jpeg({ quality }).toBuffer();
}

/** A PNG whose header promises a size that nobody should believe. */
export function hugePng(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(64))), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
