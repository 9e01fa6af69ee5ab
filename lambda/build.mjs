// Packages the handlers: one archive for all functions, with the S3 client, the wasm and the configuration inside.
//
//     node lambda/build.mjs [--config deckle.json]      writes lambda/dist/deckle{/,.zip}

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** By the file that they become: `edge.handler`, `url.handler`, `purge.handler`, `retention.handler`. */
const HANDLERS = { edge: here('src/origin-response.mjs'), url: here('src/function-url.mjs'), purge: here('src/purge.mjs'), retention: here('src/retention.mjs') };
/** A small archive starts soon; Lambda@Edge's own limit is 50 MB. */
const MAX_ZIP_BYTES = 4_000_000;
/** The S3 client has CommonJS parts that call `require` for Node's own modules. */
const BANNER = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Makes an archive depend on nothing but its content. The date is the first that the format knows, in whatever time zone. */
const ZIP_OPTIONS = { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 };

const { values: options } = parseArgs({ options: { config: { type: 'string', default: here('../deckle.json') } } });

const wasmFile = here('../wasm/pkg/deckle_wasm_bg.wasm');
if (!existsSync(wasmFile)) {
  console.error('lambda/build.mjs: wasm/pkg is not there; run `make wasm` first');
  process.exit(1);
}
const wasm = await readFile(wasmFile);
const licence = await readFile(here('../LICENSE-libwebp'));
const given = existsSync(options.config) ? await readFile(options.config) : Buffer.from('{}\n');
const config = withoutSecrets(given);

const bundle = await build({
  entryPoints: HANDLERS,
  outdir: here('dist/deckle'),
  outExtension: { '.js': '.mjs' },
  chunkNames: 'shared-[hash]',
  splitting: true,
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: { js: BANNER },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
});
const files = [
  { name: 'deckle.json', bytes: config },
  { name: 'deckle_wasm_bg.wasm', bytes: wasm },
  ...bundle.outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: contents })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  { name: 'LICENSE-libwebp', bytes: licence },
];
const folder = here('dist/deckle');
await rm(here('dist'), { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const file of files) {
  await writeFile(`${folder}/${file.name}`, file.bytes);
  console.log(`${kilobytes(file.bytes.length)}  deckle/${file.name}`);
}
const archive = zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])), ZIP_OPTIONS);
await writeFile(`${folder}.zip`, archive);
console.log(`${kilobytes(archive.length)}  deckle.zip  sha256 ${createHash('sha256').update(archive).digest('hex')}`);
if (archive.length > MAX_ZIP_BYTES) {
  console.error(`lambda/build.mjs: deckle.zip is over ${MAX_ZIP_BYTES} bytes`);
  process.exit(1);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(9)} kB`;
}

/** The configuration without the keys of signed URLs, which only the CloudFront Function needs. */
function withoutSecrets(text) {
  const json = JSON.parse(text.toString());
  if (json?.cloudfront?.signing?.keys === undefined) return text;
  delete json.cloudfront.signing.keys;
  return Buffer.from(`${JSON.stringify(json, null, 2)}\n`);
}
