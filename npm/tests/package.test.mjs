// The tarball, installed into an empty project and used there: in Node, in workerd, in Chromium, and by TypeScript.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { build, buildSync } from 'esbuild';
import { Miniflare } from 'miniflare';
import sharp from 'sharp';

import { install, missing, ROOT, run, tarball } from './project.mjs';

const budget = JSON.parse(readFileSync(join(ROOT, 'tests/sizes.json'), 'utf8')).package;
const FIXTURE = join(ROOT, 'fixtures/01.jpg');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** What every platform is asked to do with a photo; the answers have to be the same. */
const TASKS = `
const hash = async (bytes) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const refused = (promise) => promise.then(() => 'nothing', (error) => \`\${error.name} \${error.code}: \${error.message}\`);
export async function tasks({ transform, Deckle, describe, img }, photo) {
  const deckle = new Deckle({ presets: { card: 'width=120&height=63&fit=cover&format=webp' } });
  const small = await transform(photo, { width: 200, style: 'bw' });
  const card = await deckle.transform(photo, { dimensions: 'card' });
  const auto = await transform(photo, 'width=100&format=auto', { accept: 'image/webp' });
  const asked = [];
  const host = { source: (key) => { asked.push(key); return key.endsWith('01.jpg') ? photo : null; } };
  const get = (path) => deckle.fetch(new Request(\`http://host\${path}\`), host);
  const answer = await get('/photos/01.jpg?dimensions=card');
  return {
    about: await describe(photo),
    small: [await hash(small.bytes), small.contentType, small.width, small.height],
    card: [await hash(card.bytes), card.contentType, card.width, card.height],
    auto: auto.contentType,
    mistake: await refused(transform(photo, { width: 9000 })),
    notes: await refused(transform(new TextEncoder().encode('notes'), { width: 90 })),
    configuration: await refused(new Deckle({ presetz: {} }).transform(photo, {})),
    answer: [answer.status, answer.headers.get('content-type'), await hash(await answer.arrayBuffer())],
    missing: (await get('/nothing.jpg?width=20')).status,
    original: await hash(await (await get('/photos/01.jpg')).arrayBuffer()),
    together: (await Promise.all([40, 50, 60].map((width) => transform(photo, { width })))).map(({ width }) => width),
    asked,
    img: img('/01.jpg', { widths: [320, 640] }),
  };
}
`;

describe('the package', { skip: missing, timeout: 300_000 }, () => {
  let folder;
  let inNode;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'deckle-npm-'));
    install(folder);
    cpSync(FIXTURE, join(folder, 'photo.jpg'));
    writeFileSync(join(folder, 'tasks.js'), TASKS);
    inNode = run(folder, 'node.mjs', `
      import { readFileSync } from 'node:fs';
      import * as deckle from 'deckle';
      import { tasks } from './tasks.js';
      console.log(JSON.stringify(await tasks(deckle, new Uint8Array(readFileSync('photo.jpg')))));`);
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  it('is no larger than its budget, and its loaders are small', (context) => {
    const installed = join(folder, 'node_modules/deckle');
    const bytes = statSync(tarball).size;
    context.diagnostic(`the tarball has ${bytes} bytes`);
    assert.ok(bytes <= budget.tarball, `${bytes} of ${budget.tarball}: make it smaller, or raise tests/sizes.json and say what for`);
    for (const [name, limit] of Object.entries(budget.loaders)) {
      const size = gzipSync(bundled(installed, name)).length;
      context.diagnostic(`${name}: ${size} bytes, minified and compressed`);
      assert.ok(size <= limit, `${name}: ${size} of ${limit}`);
    }
  });

  it('carries its licences and depends on nothing', () => {
    const installed = join(folder, 'node_modules/deckle');
    const names = readdirSync(installed).filter((name) => name.startsWith('LICENSE'));
    assert.deepEqual(names.sort(), ['LICENSE-APACHE', 'LICENSE-MIT', 'LICENSE-Roboto', 'LICENSE-libwebp']);
    assert.deepEqual(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')), ['deckle']);
    const { dependencies, version, scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    assert.deepEqual([dependencies, scripts, version], [undefined, undefined, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version]);
    assert.match(readFileSync(join(installed, 'README.md'), 'utf8'), /^# deckle/);
  });

  it('transforms in Node, answers as an edge does, and says what is wrong', async () => {
    assert.deepEqual(inNode.small.slice(1), ['image/jpeg', 200, 133]);
    assert.deepEqual(inNode.card.slice(1), ['image/webp', 120, 63]);
    assert.equal(inNode.auto, 'image/webp');
    assert.deepEqual([inNode.about.format, inNode.about.width, inNode.about.height], ['jpeg', 1200, 800]);
    assert.equal(inNode.mistake, 'DeckleError invalid_parameter: width is 9000; expected an integer from 1 to 8192');
    assert.match(inNode.notes, /^DeckleError (not_an_image|unsupported_format): /);
    assert.match(inNode.configuration, /^DeckleError invalid_configuration: .*presetz/);
    assert.deepEqual(inNode.answer, [200, 'image/webp', inNode.card[0]]);
    assert.equal(inNode.missing, 404);
    assert.equal(inNode.original, hash(readFileSync(FIXTURE)));
    assert.deepEqual(inNode.together, [40, 50, 60]);
    assert.deepEqual(inNode.asked, ['photos/01.jpg', 'nothing.jpg', 'photos/01.jpg']);
  });

  it('makes pictures that others can read', async () => {
    const file = join(folder, 'out.webp');
    const made = run(folder, 'file.mjs', `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { transform } from 'deckle';
      const made = await transform(readFileSync('photo.jpg'), { width: 90, height: 90, fit: 'cover', format: 'webp' });
      writeFileSync('out.webp', made.bytes);
      console.log(JSON.stringify(made.contentType));`);
    const { format, width, height } = await sharp(file).metadata();
    assert.deepEqual([made, format, width, height], ['image/webp', 'webp', 90, 90]);
  });

  it('keeps derived images where a host says, does not make them twice, and counts them', () => {
    const came = run(folder, 'host.mjs', `
      import { readFileSync } from 'node:fs';
      import { Deckle } from 'deckle';
      const photo = new Uint8Array(readFileSync('photo.jpg'));
      const kept = new Map();
      let sources = 0;
      const host = {
        source: () => { sources += 1; return { bytes: photo, etag: '"a"' }; },
        derived: (key) => kept.get(key),
        store: ({ key, index, ...object }) => { kept.set(key, object); for (const entry of index) kept.set(entry.key, { bytes: new TextEncoder().encode(entry.body) }); },
        list: (folder, most) => [...kept.keys()].filter((key) => key.startsWith(folder)).slice(0, most),
      };
      const deckle = new Deckle({ limits: { variants: 1 } });
      const get = async (query) => {
        const answer = await deckle.fetch(new Request('http://host/01.jpg?' + query), host);
        return [answer.status, answer.headers.get('content-type'), (await answer.arrayBuffer()).byteLength];
      };
      const first = await get('width=60&style=bw');
      const second = await get('style=bw&w=60');
      const another = await get('width=61');
      const failing = await deckle.fetch(new Request('http://host/02.jpg?width=9'), { source: () => { throw new Error('away'); } });
      console.log(JSON.stringify({ first, second, another: another[0], sources, keys: [...kept.keys()].filter((key) => !key.startsWith('_i/')), failing: failing.status }));`);
    assert.deepEqual(came, { first: came.first, second: came.first, another: 403, sources: 1, keys: ['60w/bw/01.jpg'], failing: 502 });
    assert.equal(came.first[0], 200);
  });

  it('does the same in workerd, byte for byte', async () => {
    writeFileSync(join(folder, 'worker.js'), `
      import * as deckle from 'deckle';
      import { tasks } from './tasks.js';
      export default { fetch: async (request) => Response.json(await tasks(deckle, new Uint8Array(await request.arrayBuffer()))) };`);
    const bundle = await build({
      entryPoints: [join(folder, 'worker.js')], bundle: true, format: 'esm', write: false, conditions: ['workerd'], logLevel: 'warning',
      plugins: [{ name: 'wasm', setup: (on) => on.onResolve({ filter: /\.wasm$/ }, () => ({ path: './deckle.wasm', external: true })) }],
    });
    const worker = new Miniflare({
      modules: [
        { type: 'ESModule', path: 'index.mjs', contents: bundle.outputFiles[0].text },
        { type: 'CompiledWasm', path: 'deckle.wasm', contents: readFileSync(join(folder, 'node_modules/deckle/wasm/deckle_wasm_bg.wasm')) },
      ],
      compatibilityDate: '2026-04-20',
    });
    try {
      const answer = await worker.dispatchFetch('http://worker/', { method: 'POST', body: readFileSync(FIXTURE) });
      assert.deepEqual(await answer.json(), inNode);
    } finally {
      await worker.dispose();
    }
  });

  it('does the same in a browser, from files as they are, without a bundler', { skip: CHROMIUM ? false : 'there is no Chromium' }, async () => {
    const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.jpg': 'image/jpeg', '.html': 'text/html' };
    writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="importmap">{"imports":{"deckle":"/node_modules/deckle/browser.js"}}</script>');
    const server = createServer((request, response) => {
      const file = join(folder, request.url === '/' ? 'index.html' : request.url);
      if (!existsSync(file)) return response.writeHead(404).end();
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(readFileSync(file));
    });
    const port = await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
    let browser;
    try {
      const { chromium } = createRequire(join(ROOT, 'demo/package.json'))('playwright-core');
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] });
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      const came = await page.evaluate(async () => {
        const [deckle, { tasks }] = [await import('deckle'), await import('/tasks.js')];
        return tasks(deckle, new Uint8Array(await (await fetch('/photo.jpg')).arrayBuffer()));
      });
      assert.deepEqual(came, inNode);
    } finally {
      await browser?.close();
      server.closeAllConnections();
      server.close();
    }
  });

  for (const moduleResolution of ['bundler', 'nodenext']) {
    it(`has types that TypeScript understands, strictly, as ${moduleResolution}`, () => {
      writeFileSync(join(folder, 'typed.ts'), `
        import { Deckle, DeckleError, transform, type Edits, type Image } from 'deckle';
        import { sign, signer, srcset, picture } from 'deckle/url';
        import deckleLoader, { createLoader } from 'deckle/next';
        import provider from 'deckle/nuxt';
        import { extract, generate, transform as unpic, type DeckleOperations } from 'deckle/unpic';
        import service from 'deckle/astro';
        const edits: Edits = { width: 200, fit: 'cover', flip: true, 'max-bytes': 5000, position: [0.5, 0.2] };
        const made: Promise<Image> = transform(new Uint8Array(), edits);
        // @ts-expect-error nothing is called that
        const wrong: Edits = { widht: 200 };
        const operations: DeckleOperations = { style: 'bw' };
        export const all: unknown[] = [Deckle, DeckleError, made, wrong, sign, signer, srcset('/a.jpg'), picture, deckleLoader({ src: '/a', width: 1 }), createLoader({ baseURL: '' }),
          provider().getImage('/a', {}).url, extract('/a')?.src, generate('/a', operations), unpic('/a', {}), service.getURL];`);
      const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--lib', 'es2023,dom', '--moduleResolution', moduleResolution, '--module', moduleResolution === 'bundler' ? 'esnext' : 'nodenext'];
      execFileSync(join(ROOT, 'npm/node_modules/.bin/tsc'), [...flags, 'typed.ts'], { cwd: folder, stdio: ['ignore', 2, 2] });
    });
  }
});

/** A file of the package and all that it imports. */
function bundled(installed, name) {
  return buildSync({ entryPoints: [join(installed, name)], bundle: true, minify: true, format: 'esm', write: false, define: { 'process.env.NEXT_PUBLIC_DECKLE_URL': '""' } }).outputFiles[0].contents;
}
