// How alike two pictures look: structural similarity of luma (Wang et al. 2004) at five scales (2003), times 100. It runs in a
// worker, on pixels that the browser decoded.

const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;
const WINDOW = 8;

interface Luma { width: number; height: number; data: Float32Array }

async function luma(bytes: Uint8Array<ArrayBuffer>, size?: { width: number; height: number }): Promise<Luma> {
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const { width, height } = size ?? bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = '#808080';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const out = new Float32Array(width * height);
  for (let i = 0; i < out.length; i += 1) out[i] = 0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!;
  return { width, height, data: out };
}

function halved({ width, height, data }: Luma): Luma {
  const w = width >> 1;
  const h = height >> 1;
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const at = 2 * y * width + 2 * x;
      out[y * w + x] = (data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]!) / 4;
    }
  }
  return { width: w, height: h, data: out };
}

/** Means of luminance's and of contrast's and structure's likeness over windows. */
function likeness(a: Luma, b: Luma): [number, number] {
  let [light, structure, count] = [0, 0, 0];
  const size = Math.min(WINDOW, a.width, a.height);
  const hop = Math.max(1, size >> 1);
  for (let top = 0; top + size <= a.height; top += hop) {
    for (let left = 0; left + size <= a.width; left += hop) {
      let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + size; y += 1) {
        for (let x = left, at = y * a.width + left; x < left + size; x += 1, at += 1) {
          const [p, q] = [a.data[at]!, b.data[at]!];
          sa += p; sb += q; saa += p * p; sbb += q * q; sab += p * q;
        }
      }
      const n = size * size;
      const [ma, mb] = [sa / n, sb / n];
      const [va, vb, cov] = [saa / n - ma * ma, sbb / n - mb * mb, sab / n - ma * mb];
      light += (2 * ma * mb + C1) / (ma * ma + mb * mb + C1);
      structure += (2 * cov + C2) / (va + vb + C2);
      count += 1;
    }
  }
  return [light / count, structure / count];
}

/** The index times 100: 100 is no difference; a decent photo has 97 and more. */
export async function score(first: Uint8Array<ArrayBuffer>, second: Uint8Array<ArrayBuffer>): Promise<number> {
  let a = await luma(first);
  let b = await luma(second, a);
  let index = 1;
  for (let scale = 0; scale < WEIGHTS.length; scale += 1) {
    const [light, structure] = likeness(a, b);
    const isLast = scale === WEIGHTS.length - 1 || Math.min(a.width, a.height) < 2 * WINDOW;
    index *= Math.max(0, isLast ? light * structure : structure) ** WEIGHTS[scale]!;
    if (isLast) break;
    [a, b] = [halved(a), halved(b)];
  }
  return 100 * index;
}
