// The objects that cases speak of, made anew: photographs of nothing, of known size.

import sharp from 'sharp';

const colour = { r: 200, g: 120, b: 40 };
const flat = (width, height, channels = 3) => sharp({ create: { width, height, channels, background: { ...colour, alpha: 0.5 } } });

/** @returns {Promise<Record<string, {bytes: Buffer, contentType: string}>>} by name */
export async function makeObjects() {
  const frames = Buffer.alloc(40 * 90 * 3);
  for (let i = 0; i < frames.length; i += 1) frames[i] = (Math.floor(i / (40 * 30 * 3)) * 80) & 0xff;
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="red"/></svg>';
  const image = async (name, contentType, made) => [name, { bytes: Buffer.from(await made), contentType }];
  return Object.fromEntries(await Promise.all([
    image('a.jpg', 'image/jpeg', flat(400, 300).jpeg().toBuffer()),
    image('a.png', 'image/png', flat(400, 300, 4).png().toBuffer()),
    image('a.webp', 'image/webp', flat(400, 300).webp().toBuffer()),
    image('o6.jpg', 'image/jpeg', flat(400, 300).jpeg().withMetadata({ orientation: 6 }).toBuffer()),
    image('logo.png', 'image/png', flat(100, 50, 4).png().toBuffer()),
    image('big.png', 'image/png', flat(500, 50, 4).png().toBuffer()),
    image('a.gif', 'image/gif', sharp(frames, { raw: { width: 40, height: 90, channels: 3, pageHeight: 30 } }).gif({ delay: [100, 100, 100] }).toBuffer()),
    image('a.svg', 'image/svg+xml', svg),
    image('bad.jpg', 'image/jpeg', 'fifteen letters'),
  ]));
}
