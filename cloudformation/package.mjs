// Makes what is deployed of the template: dist/deckle.yaml, and beside it the package of the functions, named by its content.
//
//     node cloudformation/package.mjs [--config deckle.json]      after `make lambda`

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { stringify } from 'yaml';

import { buildAll } from '../cf-function/build.mjs';
import { readConfiguration } from '../scripts/configuration.mjs';
import { parseTemplate } from './template.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** The id of the origin with originals in the template. */
const SOURCE_ORIGIN = 'source';

/**
 * The CloudFront Function for each choice of parameters, by the token that stands for it in the template.
 * @param {object} config the content of `deckle.json`
 */
export function functions(config) {
  const built = {};
  for (const bucket of [true, false]) {
    for (const signed of [true, false]) {
      for (const auto of [true, false]) {
        const token = `__CODE${bucket ? '_BUCKET' : ''}${signed ? '_SIGNED' : ''}${auto ? '_AUTO' : ''}__`;
        const format = auto ? 'auto' : config.format === 'auto' ? undefined : config.format;
        // keys are in the KeyValueStore, not in a template that many may read
        const cloudfront = { ...(bucket && { sourceOriginId: SOURCE_ORIGIN }), ...(signed && { signing: {} }) };
        built[token] = buildAll({ ...config, format, cloudfront });
      }
    }
  }
  return built;
}

/**
 * @param {string} text     the template with its tokens
 * @param {object} config   the content of `deckle.json`
 * @param {Uint8Array} zip  the package of the functions
 * @returns {{template: string, packageName: string, store: object | null}} `store`: what the KeyValueStore is to have, if anything
 */
export function packaged(text, config, zip) {
  const hash = createHash('sha256').update(zip).digest('hex').slice(0, 12);
  const packageName = `deckle-${hash}.zip`;
  const codes = functions(config);
  const named = text.replaceAll('__PACKAGE__', packageName).replaceAll('__EDGE_VERSION__', `EdgeVersion${hash}`);
  const template = withCode(parseTemplate(named), codes);
  const left = /__[A-Z_]+__/.exec(JSON.stringify({ ...template, Mappings: undefined }));
  if (left) throw new Error(`${left[0]} is left in the template`);
  return {
    template: stringify(template, { aliasDuplicateObjects: false, lineWidth: 0, version: '1.1' }),
    packageName,
    store: Object.values(codes).find(({ store }) => store)?.store ?? null,
  };
}

function withCode(value, codes) {
  if (typeof value === 'string') return codes[value]?.source ?? value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => withCode(item, codes));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withCode(item, codes)]));
}

function main() {
  const { values } = parseArgs({ options: { config: { type: 'string', default: here('../deckle.json') } } });
  const zipFile = here('../lambda/dist/deckle.zip');
  if (!existsSync(zipFile)) throw new Error('lambda/dist/deckle.zip is not there; run `make lambda` first');
  const { config } = readConfiguration(values.config);
  const zip = readFileSync(zipFile);
  const { template, packageName, store } = packaged(readFileSync(here('deckle.yaml'), 'utf8'), config, zip);
  rmSync(here('dist'), { recursive: true, force: true });
  mkdirSync(here('dist'));
  writeFileSync(here('dist/deckle.yaml'), template);
  writeFileSync(here(`dist/${packageName}`), zip);
  if (store) writeFileSync(here('dist/key-value-store.json'), `${JSON.stringify(store, null, 2)}\n`);
  console.log(`cloudformation/dist/deckle.yaml: ${Buffer.byteLength(template)} bytes`);
  console.log(`cloudformation/dist/${packageName}: ${zip.length} bytes`);
  if (store) console.log('cloudformation/dist/key-value-store.json: presets and styles that the KeyValueStore is to have');
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    console.error(`package: ${error.message}`);
    process.exitCode = 1;
  }
}
