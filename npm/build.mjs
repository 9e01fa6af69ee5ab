// Makes the package `deckle` in npm/dist/package, and its tarball in npm/dist: `node npm/build.mjs`, after `make wasm`.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { editsType } from './edits-type.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..');
const DIST = join(HERE, 'dist');
const SOURCE = join(DIST, 'source');
const PACKAGE = join(DIST, 'package');
const WASM = ['deckle_wasm.js', 'deckle_wasm_bg.wasm'];
const LICENCES = ['LICENSE-APACHE', 'LICENSE-MIT', 'LICENSE-libwebp'];

const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const file = (name) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });

/** What the package says of itself: version, author and licence are the project's. */
function manifest() {
  const { version } = JSON.parse(read('package.json'));
  const on = (name) => ({ types: './api.d.ts', default: `./${name}.js` });
  return {
    name: 'deckle',
    version,
    description: 'Image transformation in WebAssembly: resize, crop, convert. Nothing native to install. With loaders for Next.js, Nuxt, Astro and unpic.',
    keywords: ['image', 'resize', 'webassembly', 'wasm', 'webp', 'jpeg', 'png', 'srcset', 'cloudflare-workers', 'next', 'nuxt', 'astro', 'unpic'],
    license: 'MIT OR Apache-2.0',
    type: 'module',
    sideEffects: ['./node.js', './browser.js', './workerd.js'],
    engines: { node: '>=20.3' },
    exports: {
      '.': { workerd: on('workerd'), deno: on('node'), bun: on('node'), node: on('node'), default: on('browser') },
      './url': file('pure'),
      './next': file('next'),
      './nuxt': file('nuxt'),
      './unpic': file('unpic'),
      './astro': file('astro'),
      './astro-local': file('astro-local'),
      './wasm': { types: './wasm/deckle_wasm.d.ts', default: './wasm/deckle_wasm.js' },
      './deckle.wasm': './wasm/deckle_wasm_bg.wasm',
      './schema.json': './schema.json',
      './package.json': './package.json',
    },
    types: './api.d.ts',
    peerDependencies: { astro: '>=5' },
    peerDependenciesMeta: { astro: { optional: true } },
  };
}

if (!existsSync(join(ROOT, 'wasm/pkg/deckle_wasm_bg.wasm'))) throw new Error('run `make wasm` first');
writeFileSync(join(HERE, 'src/edits.ts'), editsType(JSON.parse(read('core/edits.json')).rows));
rmSync(DIST, { recursive: true, force: true });
mkdirSync(join(SOURCE, 'wasm'), { recursive: true });
cpSync(join(HERE, 'src'), SOURCE, { recursive: true });
// a project that has no `Symbol.dispose` among its types is to understand these
const types = read('wasm/pkg/deckle_wasm.d.ts').replace(/^ *\[Symbol\.dispose\].*\n/gm, '');
writeFileSync(join(SOURCE, 'wasm/deckle_wasm.d.ts'), types);
execFileSync(join(HERE, 'node_modules/.bin/tsc'), ['--project', SOURCE], { stdio: 'inherit' });

mkdirSync(join(PACKAGE, 'wasm'), { recursive: true });
for (const name of WASM) cpSync(join(ROOT, 'wasm/pkg', name), join(PACKAGE, 'wasm', name));
writeFileSync(join(PACKAGE, 'wasm/deckle_wasm.d.ts'), types);
for (const name of LICENCES) cpSync(join(ROOT, name), join(PACKAGE, name));
cpSync(join(ROOT, 'text/font/LICENSE'), join(PACKAGE, 'LICENSE-Roboto'));
cpSync(join(ROOT, 'docs/deckle.schema.json'), join(PACKAGE, 'schema.json'));
cpSync(join(HERE, 'README.md'), join(PACKAGE, 'README.md'));
writeFileSync(join(PACKAGE, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);

const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', DIST], { cwd: PACKAGE, encoding: 'utf8' }));
const client = gzipSync(readFileSync(join(PACKAGE, 'next.js'))).length;
console.log(`npm/dist/${packed.filename}: ${statSync(join(DIST, packed.filename)).size} bytes, ${packed.unpackedSize} unpacked, ${packed.entryCount} files; next.js is ${client} compressed`);
