// One deckle.json, read alike: by the schema, the CloudFront Function's build, Lambda, the Worker, and the native program where it is built.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { buildAll } from '../../cf-function/build.mjs';
import { resolveConfig } from '../../lambda/src/config.mjs';
import { checked } from '../../scripts/configuration.mjs';
import { configured } from '../../worker/configure.mjs';
import { njs } from '../parity/runners.mjs';
import { canonical, Deckle, initSync } from '../../wasm/pkg/deckle_wasm.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
initSync({ module: readFileSync(join(ROOT, 'wasm/pkg/deckle_wasm_bg.wasm')) });
const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
const program = ['debug', 'release'].map((profile) => join(target, profile, 'deckle')).find(existsSync);
const folder = mkdtempSync(join(tmpdir(), 'deckle-configuration-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const BUCKET = { bucket: 'photos', region: 'eu-west-1' };

/** What each reader makes of a configuration: nothing, or its complaint. */
function readers(config) {
  const text = JSON.stringify(config, null, 2);
  const file = join(folder, 'deckle.json');
  const lambda = () => resolveConfig({ aws: { derived: BUCKET }, ...config });
  return {
    schema: () => checked(text),
    'the CloudFront Function': () => buildAll(config),
    Lambda: () => new Deckle(lambda().deckle).free(),
    'the Worker': () => new Deckle(JSON.stringify(configured({}, config).vars.DECKLE)).free(),
    ...(program && { 'the native program': () => { writeFileSync(file, text); return execFileSync(program, ['check', file], { stdio: 'pipe' }); } }),
  };
}

const complaint = (read) => {
  try {
    read();
    return undefined;
  } catch (error) {
    return error.stderr?.toString() || error.message;
  }
};

const FULL = {
  $schema: './docs/deckle.schema.json',
  presets: { card: 'width=600&height=400&fit=cover' }, readyPresets: ['social', 'favicon-32'], styles: { faded: 'style=sepia&quality=60' },
  format: 'auto', autoFormats: ['webp'], quality: 80, effort: 4, cmyk: 'press', damaged: 'show', devices: { mobile: 828 }, deviceHeaders: true, breakpoints: [320, 640], clientHints: true,
  dialects: ['sih', 'native'], sih: { autoWebp: true }, limits: { frames: 10 }, cacheControl: { error: 'public, max-age=5' }, cors: false, variants: { width: [320], format: ['webp'] },
  cloudfront: { sourceOriginId: 'source', signing: { keys: { a: 'a secret of 16 bytes' } } },
  aws: { source: BUCKET, derived: BUCKET, origins: { 'shop/': 'https://example.com/' } },
  worker: { origins: { 'shop/': 'https://example.com/' }, signing: true },
};

describe('one configuration', () => {
  for (const [what, config] of Object.entries({ nothing: {}, everything: FULL, 'presets alone': { only: 'presets', readyPresets: ['icons'] }, 'the README’s': JSON.parse(/```json\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))[1]) })) {
    for (const [name, read] of Object.entries(readers(config))) {
      it(`with ${what} is taken by ${name}`, () => assert.equal(complaint(read), undefined));
    }
  }

  // what decides of URLs is refused by each by itself, the rest by the schema at each build
  for (const [what, config, at] of [
    ['a preset with a value that is none', { presets: { a: 'width=9000' } }, 'presets.a'],
    ['a preset with what is no edit', { presets: { a: 'wdith=90' } }, 'presets.a'],
    ['a style that is built in', { styles: { bw: 'width=9' } }, 'styles.bw'],
    ['a format that is not written', { format: 'bmp' }, 'format'],
    ['a report as the format', { format: 'json' }, 'format'],
    ['a device that is none', { devices: { fridge: 5 } }, 'devices.fridge'],
    ['a preset that is not in the catalogue', { readyPresets: ['mars'] }, 'readyPresets'],
    ['a word for only', { only: 'originals' }, 'only'],
    ['a breakpoint that is none', { breakpoints: [0] }, 'breakpoints'],
    ['hints without breakpoints', { clientHints: true }, 'clientHints'],
    ['a dialect that is none', { dialects: ['klingon'] }, 'dialects'],
  ]) {
    for (const [name, read] of Object.entries(readers(config))) {
      if (name === 'schema') continue;
      it(`with ${what} is refused by ${name}`, () => assert.ok(complaint(read)?.includes(at), complaint(read)));
    }
  }

  for (const [what, config, at] of [
    ['a member that is not known', { presetz: {} }, 'presetz'],
    ['a quality that is none', { quality: 101 }, 'quality'],
    ['a limit that is not known', { limits: { frame: 3 } }, 'frame'],
    ['a member of a host that is not known', { worker: { origin: {} } }, 'origin'],
    ['a bucket without region', { aws: { source: { bucket: 'a' } } }, 'region'],
  ]) {
    for (const [name, read] of Object.entries(readers(config)).filter(([reader]) => ['schema', 'the native program'].includes(reader))) {
      it(`with ${what} is refused by ${name}, with its line`, () => assert.match(complaint(read), new RegExp(`deckle\\.json:[2-9].*${at}`)));
    }
  }

  it('means the same to the function and to the hosts', () => {
    const config = { ...FULL, dialects: ['native'], cloudfront: {}, variants: undefined };
    const vectors = ['dimensions=card', 'dimensions=open-graph', 'style=faded&width=321', '', 'dimensions=favicon-32&device-type=mobile', 'width=9000', 'dimensions=nothing'].flatMap((query) => [
      { path: '/x.jpg', query, settings: 'all', accept: 'image/webp' }, { path: '/x.jpg', query, settings: 'all', width: 300 },
    ]);
    const { cloudfront, aws, worker, $schema, ...settings } = config;
    const inFunction = njs({ settings: { all: config }, vectors });
    vectors.forEach(({ path, query, accept, width }, index) => {
      const { path: expected, error } = JSON.parse(canonical(path, query, accept, undefined, JSON.stringify(settings), width));
      const { path: found, error: refused } = inFunction[index];
      // what is only a value is left to the host
      if (error) assert.ok(refused?.code === error.code || found, JSON.stringify(inFunction[index]));
      else assert.equal(found, expected, query);
    });
  });

  it('means the same to the native program', { skip: program ? false : 'the native program is not built' }, () => {
    writeFileSync(join(folder, 'deckle.json'), JSON.stringify({ ...FULL, dialects: ['native'] }));
    for (const query of ['dimensions=card', 'style=faded&width=321']) {
      const said = execFileSync(program, ['explain', `/x.jpg?${query}`, '--config', join(folder, 'deckle.json'), '--accept', 'image/webp'], { encoding: 'utf8' });
      const { path } = JSON.parse(canonical('/x.jpg', query, 'image/webp', undefined, JSON.stringify({ presets: FULL.presets, styles: FULL.styles, format: 'auto', breakpoints: FULL.breakpoints })));
      assert.ok(said.includes(path), `${said} has ${path}`);
    }
  });
});
