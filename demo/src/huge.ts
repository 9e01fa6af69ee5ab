// A JPEG of many pixels from a small picture: each pixel becomes a block of 8 × 8 that has a DC coefficient and nothing else. So 100 MP are
// written in a second, and are decoded like any others.

/** DC differences, luma and chroma alike: categories 0 to 11 in codes of 4 bits; AC: the end of the block alone, in one bit. */
const DC = Array.from({ length: 12 }, (_, category) => category);

class Bits {
  #bytes = new Uint8Array(1 << 20);
  #length = 0;
  #held = 0;
  #count = 0;

  put(value: number, bits: number): void {
    this.#held = ((this.#held << bits) | value) >>> 0;
    this.#count += bits;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.byte((this.#held >>> this.#count) & 0xff);
    }
    this.#held &= (1 << this.#count) - 1;
  }

  byte(value: number, stuffed = true): void {
    if (this.#length + 2 > this.#bytes.length) {
      const more = new Uint8Array(this.#bytes.length * 2);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    this.#bytes[this.#length++] = value;
    if (stuffed && value === 0xff) this.#bytes[this.#length++] = 0;
  }

  segment(marker: number, body: number[]): void {
    for (const value of [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body]) this.byte(value, false);
  }

  end(): Uint8Array<ArrayBuffer> {
    if (this.#count > 0) this.put((1 << (8 - this.#count)) - 1, 8 - this.#count);
    this.byte(0xff, false);
    this.byte(0xd9, false);
    return this.#bytes.slice(0, this.#length);
  }
}

export async function hugeJpeg(picture: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const bitmap = await createImageBitmap(new Blob([picture]));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const out = new Bits();
  out.byte(0xff, false);
  out.byte(0xd8, false);
  // one table of 4 in all places: a DC coefficient is then twice the sample, less 256
  out.segment(0xdb, [0, ...Array<number>(64).fill(4)]);
  const sides = [(height * 8) >> 8, (height * 8) & 255, (width * 8) >> 8, (width * 8) & 255];
  out.segment(0xc0, [8, ...sides, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
  out.segment(0xc4, [0x00, 0, 0, 0, DC.length, ...Array<number>(12).fill(0), ...DC]);
  out.segment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0]);
  out.segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
  const before = [0, 0, 0];
  for (let i = 0; i < width * height; i += 1) {
    const [r, g, b] = [data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!];
    const ycc = [0.299 * r + 0.587 * g + 0.114 * b, 128 - 0.1687 * r - 0.3313 * g + 0.5 * b, 128 + 0.5 * r - 0.4187 * g - 0.0813 * b];
    for (let c = 0; c < 3; c += 1) {
      const dc = Math.round(2 * ycc[c]!) - 256;
      const difference = dc - before[c]!;
      before[c] = dc;
      const category = 32 - Math.clz32(Math.abs(difference));
      out.put(category, 4);
      if (category > 0) out.put(difference > 0 ? difference : difference + (1 << category) - 1, category);
      out.put(0, 1);
    }
  }
  return out.end();
}
