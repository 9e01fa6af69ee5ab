// A CMYK JPEG whose blocks are one colour each, exactly: every decoder sees the same inks.

const SOI = [0xff, 0xd8];
const EOI = [0xff, 0xd9];
const ADOBE = [0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0];

const segment = (marker, body) => [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body];

function profileSegments(icc) {
  const count = Math.ceil(icc.length / 65_000);
  const name = [...new TextEncoder().encode('ICC_PROFILE\0')];
  return Array.from({ length: count }, (_, i) => (
    segment(0xe2, [...name, i + 1, count, ...icc.subarray(i * 65_000, (i + 1) * 65_000)])
  )).flat();
}

/** `inks` holds C, M, Y and K of each block, 255 for full; as many blocks as fill `columns` × rows. */
export function cmykJpeg(inks, columns, { adobe = true, icc } = {}) {
  const rows = inks.length / 4 / columns;
  const [width, height] = [columns * 8, rows * 8];
  // a step of 8 for the mean of a block: a coefficient is a sample less 128
  const quantiser = [0, 8, ...new Array(63).fill(1)];
  // ten categories of four bits each; the end of a block is one bit
  const dc = [0x00, 0, 0, 0, 10, ...new Array(12).fill(0), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const ac = [0x10, 1, ...new Array(15).fill(0), 0];
  const components = [1, 2, 3, 4].flatMap((id) => [id, 0x11, 0]);
  const head = [
    ...SOI,
    ...(adobe ? segment(0xee, ADOBE) : []),
    ...(icc ? profileSegments(icc) : []),
    ...segment(0xdb, quantiser),
    ...segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 4, ...components]),
    ...segment(0xc4, dc),
    ...segment(0xc4, ac),
    ...segment(0xda, [4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]),
  ];
  const data = [];
  let [bits, filled] = [0, 0];
  const put = (value, count) => {
    bits = (bits << count) | value;
    filled += count;
    while (filled >= 8) {
      const byte = (bits >> (filled - 8)) & 255;
      data.push(byte);
      if (byte === 255) data.push(0);
      filled -= 8;
    }
    bits &= (1 << filled) - 1;
  };
  const before = [0, 0, 0, 0];
  for (let i = 0; i < inks.length; i += 1) {
    const coefficient = 127 - inks[i]; // 255 − ink, less 128
    const step = coefficient - before[i % 4];
    before[i % 4] = coefficient;
    const category = step === 0 ? 0 : 32 - Math.clz32(Math.abs(step));
    put(category, 4);
    if (category > 0) put(step > 0 ? step : step + (1 << category) - 1, category);
    put(0, 1);
  }
  if (filled > 0) put((1 << (8 - filled)) - 1, 8 - filled);
  return Uint8Array.from([...head, ...data, ...EOI]);
}

/** Every combination of so many evenly spaced values of each ink, the last ink fastest. */
export function inkGrid(sides) {
  const value = (i) => Math.round((i * 255) / (sides - 1));
  const inks = new Uint8Array(sides ** 4 * 4);
  for (let node = 0; node < sides ** 4; node += 1) {
    [3, 2, 1, 0].forEach((power, ink) => {
      inks[node * 4 + ink] = value(Math.floor(node / sides ** power) % sides);
    });
  }
  return inks;
}

/** The colour in the middle of each block of 8 × 8 pixels of raw RGB. */
export function blockColours(rgb, columns) {
  const rows = rgb.length / 3 / 64 / columns;
  const colours = new Uint8Array(columns * rows * 3);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const at = ((y * 8 + 4) * columns * 8 + x * 8 + 4) * 3;
      colours.set(rgb.subarray(at, at + 3), (y * columns + x) * 3);
    }
  }
  return colours;
}
