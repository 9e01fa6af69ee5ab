// Writes the corpus: photographs, drawings and screenshots as PNGs of their final size.
//
//     node bench/scores/corpus.mjs OUT
//
// BENCH_PHOTOS and SKIMAGE name folders of photographs (README.md); CHROMIUM the browser that takes the screenshots.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env } from 'node:process';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';

import { DRAWINGS } from './drawings.mjs';
import { PAGES } from './pages.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Of scikit-image's `data` folder: in the public domain, CC0, or free to use as its README says. */
const SKIMAGE = ['astronaut.png', 'brick.png', 'camera.png', 'chelsea.png', 'coffee.png', 'coins.png', 'grass.png', 'gravel.png', 'hubble_deep_field.jpg', 'ihc.png', 'moon.png', 'motorcycle_left.png', 'retina.jpg', 'rocket.jpg'];

const out = argv[2];
mkdirSync(out, { recursive: true });

/** A picture of a kind, at most so large, without alpha. */
async function add(kind, name, input, side) {
  const image = sharp(input, { density: 96 }).rotate().flatten({ background: 'white' }).resize(side, side, { fit: 'inside', withoutEnlargement: true });
  await image.toColourspace('srgb').png().toFile(join(out, `${kind}-${name}-${side}.png`));
}

for (const scene of ['01', '02', '03', '04', '05', '06']) {
  for (const side of [400, 800]) await add('photo', `scene${scene}`, join(ROOT, `fixtures/${scene}.jpg`), side);
}
if (env.BENCH_PHOTOS) {
  for (const file of readdirSync(env.BENCH_PHOTOS).filter((name) => /\.(jpg|png)$/.test(name))) {
    for (const side of [320, 640, 1200]) await add('photo', file.replace(/\..*/, ''), join(env.BENCH_PHOTOS, file), side);
  }
}
if (env.SKIMAGE) {
  for (const file of SKIMAGE) {
    for (const side of [256, 800]) await add('photo', file.replace(/\..*/, ''), join(env.SKIMAGE, file), side);
  }
  for (const file of ['page.png', 'text.png']) await add('screen', file.replace(/\..*/, ''), join(env.SKIMAGE, file), 800);
}
for (const [name, svg] of Object.entries(DRAWINGS)) {
  for (const side of [320, 800]) await add('drawing', name, Buffer.from(svg.replace('<svg ', `<svg width="${side}" height="${(side * 3) / 4}" `)), side);
}
const browser = env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
for (const [name, html] of Object.entries(PAGES(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8'), readFileSync(join(ROOT, 'core/src/search.rs'), 'utf8')))) {
  const page = join(tmpdir(), `scores-${name}.html`);
  writeFileSync(page, html);
  for (const [width, height] of [[1200, 750], [390, 700]]) {
    const file = join(tmpdir(), `scores-${name}-${width}.png`);
    execFileSync(browser, ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--window-size=${width},${height}`, `--screenshot=${file}`, `file://${page}`], { stdio: 'ignore' });
    await add('screen', name, file, width);
  }
}
