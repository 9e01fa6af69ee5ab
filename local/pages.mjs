// The demo's page on one machine: the files of `demo/dist`, what the page is told of the edge (`/demo/site.json`), and the derived objects
// of a source (`/demo/derived.json?key=01.jpg`). In the clouds the files alone are there, and the page does without the rest.

import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT = fileURLToPath(new URL('../demo/dist', import.meta.url));
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm', svg: 'image/svg+xml', json: 'application/json', jpg: 'image/jpeg', txt: 'text/plain; charset=utf-8' };
/** Members of the configuration that a page may know: those that decide what a URL means and which bytes it has. */
const KNOWN = ['presets', 'readyPresets', 'only', 'breakpoints', 'styles', 'format', 'autoFormats', 'quality', 'effort', 'cmyk', 'damaged', 'svg', 'devices', 'deviceHeaders', 'dialects', 'variants', 'limits'];

/** What `make serve` has where there is no `deckle.json`: something of each, so that it can be tried. */
export const TRIAL = {
  presets: { 'twitter-card': 'width=1200&height=628&fit=cover', avatar: 'width=400&height=400&fit=cover&position=attention&radius=max' },
  devices: { mobile: 828, tablet: 1536 },
  dialects: ['native', 'sih', 'thumbor'],
  sih: { sourceBuckets: ['deckle-source'], metadata: 'strip', orientation: 'apply', smartCrop: 'attention' },
};

/** Whether `make demo` has run. */
export const isDemoBuilt = () => existsSync(join(BUILT, 'demo/index.html'));

/**
 * @param {{config: object, photos: import('./bucket-folder.mjs').FolderBucket, edge: string, derived?: string}} about
 * @returns {Promise<object>} the content of `site.json`
 */
export async function site({ config, photos, edge, derived }) {
  const keys = [];
  for (const key of await photos.list()) keys.push({ key, bytes: (await photos.head(key))?.size ?? 0 });
  const known = Object.fromEntries(KNOWN.filter((name) => config[name] !== undefined).map((name) => [name, config[name]]));
  const sourceBuckets = config.sih?.sourceBuckets;
  // a secret of the section stays here
  const { signature: _, fallback: __, ...sih } = config.sih ?? {};
  return { keys: keys.slice(0, 500), config: { ...known, ...(sourceBuckets ? { sih } : {}) }, edge, derived };
}

/**
 * Answers for the page; undefined for every other path.
 * @param {{config: object, photos: import('./bucket-folder.mjs').FolderBucket, made: import('./bucket-folder.mjs').FolderBucket}} about
 * @returns {(path: string, query: string) => Promise<{status: number, headers: [string, string][], body: Buffer} | undefined>}
 */
export function pages({ config, photos, made }) {
  const json = (value) => ({ status: 200, headers: [['content-type', TYPES.json], ['cache-control', 'no-store']], body: Buffer.from(JSON.stringify(value)) });
  return async (path, query) => {
    if (path === '/demo') return { status: 301, headers: [['location', '/demo/']], body: Buffer.alloc(0) };
    if (path !== '/' && !path.startsWith('/demo/')) return undefined;
    if (path === '/demo/site.json') return json(await site({ config, photos, edge: 'CloudFront + Lambda', derived: '/demo/derived.json' }));
    if (path === '/demo/derived.json') return json(await derivedOf(made, new URLSearchParams(query).get('key') ?? ''));
    const name = path === '/' ? '/index.html' : path.endsWith('/') ? `${path}index.html` : path;
    if (name.includes('..') || name.includes('%')) return undefined;
    const body = await readFile(join(BUILT, name)).catch(() => undefined);
    if (!body) return undefined;
    const isOfBuild = name.startsWith('/demo/assets/');
    const cache = isOfBuild ? 'public, max-age=31536000, immutable' : 'no-cache';
    return { status: 200, headers: [['content-type', TYPES[name.split('.').at(-1)] ?? 'application/octet-stream'], ['cache-control', cache]], body };
  };
}

async function derivedOf(made, key) {
  const list = [];
  for (const stored of await made.list()) {
    if (stored.split('/').slice(2).join('/') === key) list.push({ key: stored, bytes: (await made.head(stored))?.size ?? 0 });
  }
  return list.slice(0, 500);
}

/**
 * The same as a folder of static assets, for the Worker.
 * @returns {Promise<string>} the folder
 */
export async function assetsFolder(folder, about) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(BUILT, folder, { recursive: true });
  await writeFile(join(folder, 'demo/site.json'), JSON.stringify(await site(about)));
  return folder;
}
