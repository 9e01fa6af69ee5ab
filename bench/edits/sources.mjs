// What edits are measured on, by the keys that requests name.
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';

/** Of each its bytes, what it is, and the size that it has at a width of 1200. */
export async function sources({ photo, png }) {
  const [bytes, alpha] = await Promise.all([photo, png].map(({ path }) => readFile(path)));
  const plain = () => sharp(bytes).toColourspace('srgb');
  const jpeg = (image) => image.jpeg({ quality: 92 }).toBuffer();
  const { width, height } = await sharp(bytes).metadata();
  const size = { width: 1200, height: Math.round((1200 * height) / width) };
  return {
    size,
    full: { width, height },
    'photo.jpg': { bytes, says: '10 MP' },
    'small.jpg': { bytes: await jpeg(plain().resize(1200, 800, { fit: 'cover' })), says: '1200 × 800' },
    'framed.jpg': { bytes: await jpeg(plain().extend({ top: 150, bottom: 150, left: 200, right: 200, background: 'white' })), says: '10 MP in a white frame' },
    'alpha.png': { bytes: alpha, says: 'PNG of 3 MP with alpha' },
    'mark.png': { bytes: await sharp(alpha).resize(300).png().toBuffer(), says: 'a mark 300 px wide' },
  };
}
