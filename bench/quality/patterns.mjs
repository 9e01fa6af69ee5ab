// Pictures that show aliasing: drawn, so that they are the same everywhere. RGB, 8 bits.

export const WIDTH = 640;
export const HEIGHT = 480;

/** @typedef {{name: string, colour?: boolean, draw: (x: number, y: number) => number[]}} Pattern */

const grey = (level) => [level, level, level];
const degrees = (angle) => (angle * Math.PI) / 180;

/** Rings that get finer from the centre to the finest that pixels hold, at the side's middle. */
function zonePlate(x, y) {
  const [dx, dy] = [x - WIDTH / 2, y - HEIGHT / 2];
  return Math.cos((Math.PI * (dx * dx + dy * dy)) / WIDTH);
}

/** Waves across a direction. */
function stripes(angle, period, amplitude) {
  const [cos, sin] = [Math.cos(degrees(angle)) / period, Math.sin(degrees(angle)) / period];
  const draw = (x, y) => grey(127.5 + amplitude * Math.sin(2 * Math.PI * (x * cos + y * sin)));
  return { name: `stripes ${period} px ${angle}°`, draw };
}

/** Stripes without a passage between black and white. */
function hardStripes(angle, period) {
  const { draw } = stripes(angle, period, 1000);
  return { name: `hard stripes ${period} px ${angle}°`, draw: (x, y) => draw(x, y).map((value) => Math.min(250, Math.max(5, value))) };
}

const squares = (side) => ({ name: `checkerboard ${side} px`, draw: (x, y) => grey((Math.floor(x / side) + Math.floor(y / side)) % 2 ? 255 : 0) });

const grid = (pitch, line) => ({ name: `grid ${line} of ${pitch} px`, draw: (x, y) => grey(x % pitch < line || y % pitch < line ? 0 : 255) });

/** Courses of bricks, each shifted by half of one. */
const bricks = {
  name: 'bricks',
  draw(x, y) {
    const course = Math.floor(y / 7);
    const joint = y % 7 === 0 || (x + (course % 2) * 7) % 14 === 0;
    return joint ? [205, 200, 190] : [150, 75 + (course % 3) * 10, 60];
  },
};

// five by seven dots: A, E, g, n, 7, #
const LETTERS = ['0e11111f111111', '1f10101e10101f', '000f110f010e00', '00161911111100', '1f010204080808', '0a0a1f0a1f0a0a'];

/** Black on white, letters of 7 × `scale` pixels. */
const text = (scale) => ({
  name: `text ${7 * scale} px`,
  draw(x, y) {
    const [column, row] = [Math.floor(x / (6 * scale)), Math.floor(y / (10 * scale))];
    const [i, j] = [Math.floor(x / scale) % 6, Math.floor(y / scale) % 10];
    const letter = LETTERS[(column * 7 + row * 3 + column * row) % LETTERS.length];
    return grey(i < 5 && j < 7 && parseInt(letter.slice(j * 2, j * 2 + 2), 16) & (16 >> i) ? 10 : 250);
  },
});

/** The same luma everywhere; chroma swings between blue and yellow. */
const coloured = (name, wave) => ({ name, colour: true, draw: (x, y) => colour(wave(x, y) * 50) });

function colour(swing) {
  return [127.5, 127.5 - swing * 0.344, 127.5 + swing * 1.772];
}

/** @type {Pattern[]} */
export const PATTERNS = [
  { name: 'zone plate', draw: (x, y) => grey(128 + 127 * zonePlate(x, y)) },
  { name: 'zone plate, faint', draw: (x, y) => grey(128 + 60 * zonePlate(x, y)) },
  ...[0, 20, 45, 70, 90, 135].flatMap((angle) => [2.5, 4.3, 9.7].map((period) => stripes(angle, period, 60))),
  stripes(3, 3.3, 120),
  stripes(87, 6.1, 120),
  hardStripes(0, 10),
  hardStripes(7, 3.3),
  ...[1, 3, 4, 5, 6].map(squares),
  grid(4, 1),
  grid(10, 1),
  grid(7, 2),
  bricks,
  text(1),
  text(2),
  coloured('colour zone plate', (x, y) => zonePlate(x / 2 + WIDTH / 4, y / 2 + HEIGHT / 4)),
  coloured('colour stripes', (x, y) => Math.sin(2 * Math.PI * (x * 0.13 + y * 0.02))),
];

/** @returns {Buffer} RGB */
export function drawn({ draw }) {
  const rgb = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) for (const value of draw(x, y)) rgb[i++] = Math.round(Math.min(255, Math.max(0, value)));
  }
  return rgb;
}
