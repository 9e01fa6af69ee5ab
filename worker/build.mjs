// Bundles the Worker: what wasm-bindgen made of the crate, and src/entry.js, to build/index.js and build/index_bg.wasm.
//
//     node worker/build.mjs BINDINGS      the folder with wasm-bindgen's index.js and index_bg.wasm

import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/**
 * The Worker's JavaScript in one file, which imports `./index_bg.wasm`.
 *
 * @param {string} bindings path of wasm-bindgen's index.js
 * @returns {Promise<string>}
 */
export async function bundle(bindings) {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('src/entry.js', import.meta.url))],
    alias: { 'deckle-worker-bindings': resolve(bindings) },
    plugins: [wasmBesideTheBundle],
    external: ['cloudflare:*'],
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
    logLevel: 'warning',
  });
  // `import source` is not yet understood by workerd, where importing a module of WebAssembly means the same
  return result.outputFiles[0].text.replaceAll('import source ', 'import ');
}

/** Leaves the import of the module as it is: the Worker's files lie side by side. */
const wasmBesideTheBundle = {
  name: 'wasm-beside-the-bundle',
  setup: (build) => build.onResolve({ filter: /\/index_bg\.wasm$/ }, ({ path }) => ({ path, external: true })),
};

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const bindings = process.argv[2];
  if (!bindings) {
    console.error('usage: node worker/build.mjs BINDINGS');
    process.exit(1);
  }
  const out = fileURLToPath(new URL('build/', import.meta.url));
  const javascript = await bundle(join(bindings, 'index.js'));
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await copyFile(join(bindings, 'index_bg.wasm'), join(out, 'index_bg.wasm'));
  await writeFile(join(out, 'index.js'), javascript);
}
