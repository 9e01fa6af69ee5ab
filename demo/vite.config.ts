// The page as static files: dist/index.html for `/`, dist/demo/ for `/demo/` and everything that either loads.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const SAMPLE = fileURLToPath(new URL('../fixtures/01.jpg', import.meta.url));
const DIST = fileURLToPath(new URL('dist/', import.meta.url));

/** Writes the page for `/`, and into the service worker what is to be there without a network. */
function finish(): Plugin {
  return {
    name: 'finish',
    apply: 'build',
    closeBundle() {
      copyFileSync(`${DIST}demo/index.html`, `${DIST}index.html`);
      copyFileSync(SAMPLE, `${DIST}demo/sample.jpg`);
      const assets = readdirSync(`${DIST}demo/assets`).map((name) => `/demo/assets/${name}`).sort();
      const worker = readFileSync(`${DIST}demo/sw.js`, 'utf8');
      writeFileSync(`${DIST}demo/sw.js`, worker.replace('[/* files */]', JSON.stringify(['/demo/', '/demo/sample.jpg', ...assets])));
    },
  };
}

export default defineConfig({
  base: '/demo/',
  publicDir: 'public',
  build: { outDir: 'dist/demo', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, reportCompressedSize: false, modulePreload: { polyfill: false } },
  worker: { format: 'es' },
  plugins: [finish()],
});
