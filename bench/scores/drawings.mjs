// Drawings, of 800 × 600, made of numbers: nothing of them is anybody's.

/** Numbers from 0 to 1 that look like chance, the same each time. */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const svg = (content) => `<svg viewBox="0 0 800 600" xmlns="http://www.w3.org/2000/svg">${content}</svg>`;
const range = (count) => [...Array(count).keys()];
const fill = (colour) => `<rect width="800" height="600" fill="${colour}"/>`;
const COLOURS = ['#e63946', '#f1faee', '#a8dadc', '#457b9d', '#1d3557', '#ffb703', '#fb8500', '#2a9d8f'];

function bars() {
  const next = chance(7);
  const columns = range(12).map((i) => {
    const height = 60 + next() * 400;
    return `<rect x="${60 + i * 58}" y="${540 - height}" width="40" height="${height}" fill="${COLOURS[i % 8 === 1 ? 3 : i % 8]}"/><text x="${80 + i * 58}" y="562" font-size="14" text-anchor="middle" font-family="sans-serif">${i + 1}</text>`;
  });
  const lines = range(6).map((i) => `<path d="M50 ${540 - i * 90}H770" stroke="#ccc"/><text x="44" y="${545 - i * 90}" font-size="13" text-anchor="end" font-family="sans-serif">${i * 20}</text>`);
  return svg(fill('white') + lines.join('') + columns.join('') + '<text x="400" y="34" font-size="24" text-anchor="middle" font-family="sans-serif">Requests by month</text>');
}

function curves() {
  const next = chance(21);
  const paths = range(5).map((line) => {
    let y = 300;
    const points = range(60).map((i) => `${40 + i * 12.2},${(y += (next() - 0.5) * 60).toFixed(1)}`);
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${COLOURS[[0, 3, 4, 6, 7][line]]}" stroke-width="2"/>`;
  });
  const grid = range(13).map((i) => `<path d="M${40 + i * 60} 40V560M40 ${40 + i * 43}H760" stroke="#e4e4e4" stroke-width="1"/>`);
  return svg(fill('#fdfdfd') + grid.join('') + paths.join(''));
}

function map() {
  const next = chance(3);
  const lots = range(140).map(() => {
    const [x, y, w, h] = [next() * 780, next() * 580, 15 + next() * 60, 15 + next() * 60];
    return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${['#f3efe4', '#d9e8c6', '#e8dccb', '#cfe3ee'][Math.floor(next() * 4)]}" stroke="#d4cdbf"/>`;
  });
  const roads = range(16).map((i) => `<path d="M${next() * 800} ${i % 2 ? 0 : 600}Q${next() * 800} ${next() * 600} ${next() * 800} ${i % 2 ? 600 : 0}" fill="none" stroke="#fff" stroke-width="${3 + next() * 9}"/>`);
  const names = range(24).map((i) => `<text x="${next() * 720}" y="${20 + next() * 570}" font-size="${10 + next() * 8}" font-family="sans-serif" fill="#555">Street ${i + 1}</text>`);
  return svg(fill('#f8f4ea') + lots.join('') + roads.join('') + names.join(''));
}

function landscape() {
  const hills = range(5).map((i) => `<path d="M0 ${300 + i * 60}C200 ${200 + i * 70} 350 ${400 + i * 40} 500 ${290 + i * 65}S800 ${330 + i * 50} 800 ${300 + i * 55}V600H0Z" fill="hsl(${150 + i * 12} 40% ${55 - i * 8}%)"/>`);
  return svg(`<defs><linearGradient id="s" x2="0" y2="1"><stop offset="0" stop-color="#2b5876"/><stop offset="1" stop-color="#ffd3a5"/></linearGradient><radialGradient id="r"><stop offset="0" stop-color="#fff6d8"/><stop offset="1" stop-color="#ffb347"/></radialGradient></defs><rect width="800" height="600" fill="url(#s)"/><circle cx="580" cy="180" r="70" fill="url(#r)"/>${hills.join('')}`);
}

function comic() {
  const next = chance(11);
  const dots = range(700).map((i) => `<circle cx="${(i % 35) * 24}" cy="${Math.floor(i / 35) * 31}" r="${4 + (i % 35) / 6}" fill="#ffd166"/>`);
  const star = range(24).map((i) => { const [a, r] = [(i * Math.PI) / 12, i % 2 ? 120 : 230]; return `${400 + Math.cos(a) * r},${290 + Math.sin(a) * r * 0.8}`; });
  const lines = range(30).map(() => `<path d="M${next() * 800} ${next() * 600}l${next() * 90 - 45} ${next() * 90 - 45}" stroke="#111" stroke-width="${1 + next() * 4}"/>`);
  return svg(fill('#ef476f') + dots.join('') + `<polygon points="${star.join(' ')}" fill="#fff" stroke="#111" stroke-width="9"/><text x="400" y="325" font-size="110" font-weight="bold" text-anchor="middle" font-family="sans-serif" fill="#118ab2" stroke="#111" stroke-width="5">POW!</text>` + lines.join(''));
}

function icons() {
  const next = chance(5);
  const all = range(48).map((i) => {
    const [x, y, c] = [30 + (i % 8) * 96, 25 + Math.floor(i / 8) * 96, COLOURS[Math.floor(next() * 8)]];
    const shapes = [`<rect x="${x}" y="${y}" width="64" height="64" rx="14" fill="${c}"/>`, `<circle cx="${x + 32}" cy="${y + 32}" r="32" fill="${c}"/>`, `<path d="M${x + 32} ${y}l32 64h-64Z" fill="${c}"/>`, `<path d="M${x} ${y + 32}h64M${x + 32} ${y}v64" stroke="${c}" stroke-width="14"/>`];
    return `${shapes[Math.floor(next() * 4)]}<path d="M${x + 18} ${y + 32}l10 12 20-24" fill="none" stroke="#222" stroke-width="5"/>`;
  });
  return svg(fill('#fafafa') + all.join(''));
}

function poster() {
  const lines = ['THE EDGE', 'of every picture', 'Autumn 2026', 'Hall 4, from nine'];
  return svg(fill('#b5121b') + `<circle cx="600" cy="420" r="230" fill="#f4d35e"/><path d="M0 600L420 120 520 600Z" fill="#0d3b66"/>` + lines.map((text, i) => `<text x="50" y="${110 + i * 64}" font-size="${[84, 46, 34, 30][i]}" font-family="serif" fill="#fff">${text}</text>`).join(''));
}

function pixels() {
  const next = chance(13);
  const cells = range(40 * 30).map((i) => (next() < 0.45 ? `<rect x="${(i % 40) * 20}" y="${Math.floor(i / 40) * 20}" width="20" height="20" fill="${COLOURS[Math.floor(next() * 8)]}"/>` : ''));
  return svg(fill('#1b1b2f') + cells.join(''));
}

function line() {
  const next = chance(17);
  const leaves = range(90).map(() => { const [x, y, a] = [next() * 800, next() * 600, next() * 360]; return `<g transform="translate(${x} ${y}) rotate(${a})"><path d="M0 0C20-26 60-26 84 0 60 26 20 26 0 0M0 0H84M20 0l14-12M40 0l14-12M20 0l14 12M40 0l14 12" fill="none" stroke="#222" stroke-width="1.6"/></g>`; });
  return svg(fill('#fffef8') + leaves.join(''));
}

function blobs() {
  const next = chance(29);
  const gradients = range(9).map((i) => `<radialGradient id="g${i}"><stop offset="0" stop-color="hsl(${i * 40} 80% 65%)"/><stop offset="1" stop-color="hsl(${i * 40 + 30} 70% 40%)" stop-opacity="0.2"/></radialGradient>`);
  const all = range(40).map((i) => `<ellipse cx="${next() * 800}" cy="${next() * 600}" rx="${40 + next() * 120}" ry="${40 + next() * 120}" fill="url(#g${i % 9})"/>`);
  return svg(`<defs>${gradients.join('')}</defs>` + fill('#101828') + all.join(''));
}

export const DRAWINGS = { bars: bars(), curves: curves(), map: map(), landscape: landscape(), comic: comic(), icons: icons(), poster: poster(), pixels: pixels(), line: line(), blobs: blobs() };
