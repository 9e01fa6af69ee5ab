// What the page writes for other services, read by the wasm under a configuration that names them.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { initSync, canonical, understand } from '../../wasm/pkg/deckle_wasm.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bundled = existsSync(here('../src/services.ts')) && (await build({
  stdin: { contents: "export * from './services.ts'; export { urlOf } from './query.ts';", resolveDir: here('../src'), loader: 'ts' },
  bundle: true, format: 'esm', write: false, loader: { '.json': 'json' },
}));
const { SERVICES, serviceOf, configOf, unsigned, urlOf } = await import(`data:text/javascript;base64,${Buffer.from(bundled.outputFiles[0].text).toString('base64')}`);
initSync({ module: new WebAssembly.Module(readFileSync(here('../../wasm/pkg/deckle_wasm_bg.wasm'))) });

const split = (url) => {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
};
const CONFIG = JSON.stringify({ dialects: ['native', 'sih', 'thumbor'], sih: { sourceBuckets: ['b'] } });
const native = (key, params) => JSON.parse(canonical(...split(urlOf(key, params)), '*/*', undefined, '{}')).path;
const read = (service, url) => JSON.parse(understand(...split(url), '*/*', configOf(CONFIG, service)));

/** What each of them can say, and that it says no more than that. */
const STATES = {
  'Thumbor itself': [
    { width: '300' }, { width: '300', height: '200' }, { width: '300', height: '200', fit: 'cover' }, { width: '300', height: '200', fit: 'cover', position: 'top' },
    { width: '120', height: '80', fit: 'fill', enlarge: '1' }, { width: '300', rotate: '90' }, { width: '300', style: 'bw', quality: '70', format: 'webp', scale: 'native' }, { width: '300', height: '200', fit: 'cover', flip: '1', flop: '1' },
    { width: '200', dpr: '2' }, { width: '300', height: '120', fit: 'cover', rotate: '270' },
  ],
  'AWS, version 8': [{ width: '300' }, { width: '300', height: '200' }, { width: '300', height: '200', fit: 'cover', format: 'webp', quality: '70', scale: 'native' }, { width: '300', style: 'bw', flip: '1' }, { width: '300', blur: '2', rotate: '90' }, { width: '300', tint: 'ff8800' }],
  Shopify: [{ width: '300' }, { width: '300', height: '200', fit: 'cover', position: 'left' }, { width: '300', height: '200', fit: 'contain', background: '336699' }, { crop: '10,20,100,80', width: '50' }, { width: '300', format: 'jpeg', progressive: '1' }],
  WordPress: [{ width: '300' }, { width: '300', height: '200' }, { width: '300', height: '200', fit: 'cover' }, { width: '300', style: 'sepia', quality: '60' }, { crop: '10,20,100,80', width: '50' }],
};

for (const service of SERVICES) {
  describe(`a URL of ${service.name}`, () => {
    for (const params of STATES[service.name]) {
      it(`means the same as ${urlOf('a b.jpg', params)}`, () => {
        const { text, left } = service.write('a b.jpg', params);
        assert.deepEqual(left, []);
        const said = read(service, text);
        assert.equal(said.path, native('a b.jpg', params), `${text}: ${JSON.stringify(said.error ?? said.edits)}`);
        assert.equal(said.key, 'a b.jpg');
      });
    }

    it('says what it has no words for', () => {
      const { left } = service.write('a.jpg', { width: '100', clahe: '3,8', text: 'hello' });
      assert.deepEqual([...left].sort(), ['clahe', 'text']);
      const { text, left: words } = service.write('a.jpg', { width: '100', quality: 'high' });
      assert.deepEqual([words, text.includes('high')], [['quality'], false]);
    });
  });
}

it('a pasted URL is known by what has no meaning here', () => {
  const of = (url) => serviceOf(...split(url))?.name;
  assert.equal(of('/unsafe/300x200/smart/a.jpg'), 'Thumbor itself');
  assert.equal(of('/Ab3-_xyz0123456789abcdefghi=/300x200/a.jpg'), 'Thumbor itself');
  assert.equal(unsigned('/Ab3-_xyz0123456789abcdefghi=/300x200/a.jpg'), '/unsafe/300x200/a.jpg');
  assert.equal(of('/a.jpg?resize.width=3'), 'AWS, version 8');
  assert.equal(of('/a.jpg?resize[width]=3'), 'AWS, version 8');
  assert.equal(of('/files/a_200x200_crop_top.jpg?v=1'), 'Shopify');
  assert.equal(of('/a.jpg?width=3&crop=center'), 'Shopify');
  assert.equal(of('/a.jpg?resize=300,200'), 'WordPress');
  assert.equal(of('/a.jpg?fit=300%2C200'), 'WordPress');
  for (const ours of ['/a.jpg?width=3&fit=cover', '/a.jpg?crop=1,2,3,4', '/300x200/a.jpg', '/fit-in/3x3/filters:blur(2)/a.jpg', '/a.jpg', '/eyJrZXkiOiJhLmpwZyJ9']) assert.equal(of(ours), undefined, ours);
});
