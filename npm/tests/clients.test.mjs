// Each loader, in the hands of the client that it is for: next/image, @nuxt/image, @unpic/core and Astro, as they are on npm.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';

import { install, missing as unmade, ROOT, run } from './project.mjs';

const CLIENTS = join(ROOT, 'npm/clients');
const missing = unmade || (existsSync(join(CLIENTS, 'node_modules/next')) ? false : 'run `npm ci` in npm/clients first');
const BASE = 'https://images.example.com';

describe('the loaders', { skip: missing, timeout: 120_000 }, () => {
  // inside of the folder whose node_modules has the clients, which Node finds from there
  const folder = join(CLIENTS, '.project');
  before(() => {
    install(folder);
    cpSync(join(ROOT, 'fixtures/01.jpg'), join(folder, 'photo.jpg'));
  });

  it('next: getImageProps has a srcset of ours, for one image and with a fallback for quality', () => {
    const came = run(folder, 'next.mjs', `
      import image from 'next/image.js';
      import { createLoader } from 'deckle/next';
      import { signer } from 'deckle/url';
      const { getImageProps } = image;
      const props = (given, options) => getImageProps({ alt: '', ...given, loader: createLoader({ baseURL: '${BASE}', ...options }) }).props;
      console.log(JSON.stringify({
        fixed: props({ src: '/photos/01.jpg', width: 400, height: 300 }),
        fluid: props({ src: '/photos/01.jpg', fill: true, sizes: '50vw', quality: 60 }).srcSet,
        own: props({ src: '/photos/01.jpg', width: 400, height: 300 }, { format: null, edits: { style: 'bw' }, quality: 50 }).src,
        signed: props({ src: '/photos/01.jpg', width: 400, height: 300 }, { sign: signer({ keyId: 'k', secret: 'sixteen bytes at least' }) }).src,
      }));`);
    assert.equal(came.fixed.srcSet, `${BASE}/photos/01.jpg?format=auto&width=640&quality=75 1x, ${BASE}/photos/01.jpg?format=auto&width=828&quality=75 2x`);
    assert.equal(came.fixed.src, `${BASE}/photos/01.jpg?format=auto&width=828&quality=75`);
    assert.match(came.fluid, /^https:\/\/images\.example\.com\/photos\/01\.jpg\?format=auto&width=\d+&quality=60 \d+w, .*width=3840&quality=60 3840w$/);
    assert.equal(came.own, `${BASE}/photos/01.jpg?style=bw&width=828&quality=50`);
    assert.match(came.signed, /&kid=k&sig=[\w-]{43}$/);
  });

  it('next: the default export is a loader, and a client module that names its server by a variable', () => {
    const loader = `import loader from 'deckle/next'; console.log(JSON.stringify(loader({ src: '/a b.jpg', width: 640 })));`;
    writeFileSync(join(folder, 'default.mjs'), loader);
    const said = (env) => JSON.parse(execFileSync(process.execPath, ['default.mjs'], { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' }));
    assert.equal(said({}), '/a%20b.jpg?format=auto&width=640&quality=75');
    assert.equal(said({ NEXT_PUBLIC_DECKLE_URL: BASE }), `${BASE}/a%20b.jpg?format=auto&width=640&quality=75`);
    const text = run(folder, 'text.mjs', `import { readFileSync } from 'node:fs'; console.log(JSON.stringify(readFileSync('node_modules/deckle/next.js', 'utf8')));`);
    assert.match(text, /^'use client';/);
    assert.ok(text.includes('process.env.NEXT_PUBLIC_DECKLE_URL'), 'Next replaces this very text');
  });

  it('nuxt: the six cases of its own providers, sizes, and the type of what defineProvider makes', () => {
    const came = run(folder, 'nuxt.mjs', `
      import { createImage, defineProvider } from '@nuxt/image/runtime';
      import deckle from 'deckle/nuxt';
      const $img = createImage({
        provider: 'deckle', presets: {}, alias: {}, domains: [], densities: [1, 2], format: [], screens: { sm: 640, md: 768 },
        providers: { deckle: { setup: deckle, defaults: { baseURL: '${BASE}' } } },
      });
      const cases = [{}, { width: 200 }, { height: 200 }, { width: 200, height: 200 }, { width: 200, height: 200, fit: 'contain' }, { width: 200, height: 200, fit: 'contain', format: 'jpeg' }, { maxBytes: 5000 }];
      console.log(JSON.stringify({
        urls: cases.map((modifiers) => $img('/test.png', modifiers)),
        sizes: $img.getSizes('/test.png', { sizes: 'sm:100vw md:50vw', modifiers: { quality: 60 } }),
        format: $img('/test.png', { width: 200 }, { format: 'auto' }),
        shape: [typeof deckle, Object.keys(deckle()).sort(), Object.keys(defineProvider(deckle)()).sort()],
      }));`);
    const query = ['', '?width=200', '?height=200', '?width=200&height=200', '?width=200&height=200&fit=contain', '?width=200&height=200&fit=contain&format=jpeg', '?max-bytes=5000'];
    assert.deepEqual(came.urls, query.map((text) => `${BASE}/test.png${text}`));
    assert.match(came.sizes.srcset, /test\.png\?width=640&quality=60 640w|test\.png\?quality=60&width=640 640w/);
    assert.equal(came.format, `${BASE}/test.png?format=auto&width=200`);
    assert.deepEqual(came.shape, ['function', ['getImage', 'supportsAlias'], ['getImage', 'supportsAlias']]);
  });

  it('unpic: the transformer of its components, and what its own tests ask of a provider', () => {
    const came = run(folder, 'unpic.mjs', `
      import { transformBaseImageProps, transformBaseSourceProps } from '@unpic/core/base';
      import { createExtractAndGenerate } from 'unpic/utils';
      import { extract, generate, transform } from 'deckle/unpic';
      const src = '${BASE}/photos/01.jpg';
      const props = { src, layout: 'constrained', width: 800, height: 600, transformer: transform };
      const theirs = createExtractAndGenerate(extract, generate);
      const same = [[src, { width: 100 }], [src + '?style=bw&w=3', { height: 100.4 }], ['/photos/01.jpg', { format: 'webp' }, { baseURL: '${BASE}' }], ['data:,', { width: 1 }]];
      console.log(JSON.stringify({
        img: transformBaseImageProps({ ...props, operations: { style: 'bw' } }),
        source: transformBaseSourceProps({ ...props, type: 'image/webp' }),
        extracted: extract(src + '?w=200&style=bw&format=webp'),
        relative: extract('/photos/01.jpg?width=200'),
        based: extract('https://example.com/img/01.jpg?width=200', { baseURL: 'https://example.com/img' }),
        invalid: [extract('data:image/png;base64,AA=='), extract('ftp://host/x.jpg'), extract('https://other.example.com/01.jpg', { baseURL: '${BASE}' }), extract('https://example.com/images/01.jpg', { baseURL: 'https://example.com/img' }), extract('/x.jpg?text=%FF')],
        generated: generate('/photos/01.jpg', { width: 200.6, height: 100, quality: 60, format: 'webp' }, { baseURL: '${BASE}' }),
        fitted: generate('/photos/01.jpg', { width: 200, height: 100, fit: 'inside' }),
        transformed: transform(src + '?w=200&style=bw', { width: 300, height: undefined }),
        same: same.map((given) => [theirs(...given), transform(...given)]),
      }));`);
    assert.equal(came.img.src, `${BASE}/photos/01.jpg?width=800&height=600&fit=cover&style=bw`);
    assert.match(came.img.srcset, /01\.jpg\?width=1600&height=1200&fit=cover&style=bw 1600w/);
    assert.equal(came.source.type, 'image/webp');
    assert.match(came.source.srcset, /01\.jpg\?width=640&height=480&fit=cover&format=webp 640w/);
    assert.deepEqual(came.extracted, { src: `${BASE}/photos/01.jpg`, operations: { width: 200, style: 'bw', format: 'webp' }, options: { baseURL: BASE } });
    assert.deepEqual(came.relative, { src: '/photos/01.jpg', operations: { width: 200 }, options: {} });
    assert.deepEqual(came.based, { src: '/01.jpg', operations: { width: 200 }, options: { baseURL: 'https://example.com/img' } });
    assert.deepEqual(came.invalid, [null, null, null, null, null]);
    assert.equal(came.generated, `${BASE}/photos/01.jpg?width=201&height=100&fit=cover&quality=60&format=webp`);
    assert.equal(came.fitted, '/photos/01.jpg?width=200&height=100&fit=inside');
    assert.equal(came.transformed, `${BASE}/photos/01.jpg?width=300&style=bw`);
    for (const [theirs, ours] of came.same) assert.equal(ours, theirs);
  });

  it('astro: getImage takes the external service, with srcset and attributes', () => {
    const came = run(folder, 'astro.mjs', `
      import { getImage, isLocalService } from 'astro/assets';
      import service from 'deckle/astro';
      globalThis.astroAsset = { imageService: service };
      const config = { service: { entrypoint: 'deckle/astro', config: { baseURL: '${BASE}' } }, domains: [], remotePatterns: [], endpoint: { route: '/_image' } };
      const imported = { src: '/_astro/photo.abc.jpg', width: 1200, height: 800, format: 'jpg' };
      const get = async (options) => { const { src, srcSet, attributes } = await getImage(options, config); return { src, srcset: srcSet.attribute, attributes }; };
      console.log(JSON.stringify({
        local: isLocalService(service),
        plain: await get({ src: '/photos/01.jpg', width: 400, height: 300, fit: 'cover', position: 'left top', quality: 'mid', alt: 'x' }),
        imported: await get({ src: imported, width: 600, widths: [300, 600, 2400], format: 'webp' }),
        dense: await get({ src: '/photos/01.jpg', width: 300, height: 200, densities: [1.5, 2], position: '50% 20%', fit: 'cover' }),
        layout: await get({ src: imported, layout: 'constrained', width: 600 }),
        wrong: await get({ src: '/a.jpg', widths: [1], densities: [2] }).catch(({ message }) => message),
      }));`);
    assert.equal(came.local, false);
    assert.equal(came.plain.src, `${BASE}/photos/01.jpg?width=400&height=300&quality=50&fit=cover&position=left-top&format=auto`);
    assert.deepEqual(came.plain.attributes, { alt: 'x', width: 400, height: 300, loading: 'lazy', decoding: 'async' });
    assert.equal(came.imported.src, `${BASE}/_astro/photo.abc.jpg?width=600&height=400&format=webp`);
    assert.equal(came.imported.srcset, [300, 600, 1200].map((width) => `${BASE}/_astro/photo.abc.jpg?width=${width}&height=${(width * 2) / 3}&format=webp ${width}w`).join(', '));
    assert.equal(came.dense.srcset, `${BASE}/photos/01.jpg?width=450&height=300&fit=cover&position=0.5,0.2&format=auto 1.5x, ${BASE}/photos/01.jpg?width=600&height=400&fit=cover&position=0.5,0.2&format=auto 2x`);
    assert.match(came.layout.srcset, /width=640&height=427&format=auto 640w/);
    assert.match(came.wrong, /^deckle\/astro: widths and densities/);
  });

  it('astro: getImage and its endpoint take the local service, and the wasm makes the picture', () => {
    const came = run(folder, 'astro-local.mjs', `
      import { readFileSync } from 'node:fs';
      import { getImage, isLocalService } from 'astro/assets';
      import service from 'deckle/astro-local';
      import { describe } from 'deckle';
      const config = { service: { entrypoint: 'deckle/astro-local', config: { quality: 60 } }, domains: [], remotePatterns: [], endpoint: { route: '/_image' } };
      globalThis.astroAsset = { imageService: service };
      const parsed = await service.parseURL(new URL('http://host/_image?href=%2Fphoto.jpg&w=300&h=300&fit=cover&f=webp&q=low'), config);
      const { data, format } = await service.transform(new Uint8Array(readFileSync('photo.jpg')), parsed, config);
      const made = await describe(data);
      const asIs = await service.transform(new TextEncoder().encode('<svg/>'), { src: '/a.svg', format: 'svg' }, config);
      console.log(JSON.stringify({
        local: isLocalService(service), format, made: [made.format, made.width, made.height],
        asIs: [new TextDecoder().decode(asIs.data), asIs.format],
        wrong: await service.transform(new Uint8Array(), { src: '/a.jpg', format: 'jxl' }, config).catch(({ message }) => message),
      }));`);
    assert.deepEqual(came, { local: true, format: 'webp', made: ['webp', 300, 300], asIs: ['<svg/>', 'svg'], wrong: 'deckle/astro-local: format is jxl; expected one of jpeg, png, webp, gif' });
  });
});
