// Wrangler's configuration with what is known only here: deckle.json as the variable DECKLE of every environment, the demo page where it was
// built. Written to wrangler.json in the root, beside wrangler.toml, as paths in it are relative.
//
//     node worker/configure.mjs [--package DIR]      --package: instead, a folder that can be deployed without Rust

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { experimental_readRawConfig as readRaw } from 'wrangler';

import { readConfiguration } from '../scripts/configuration.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The demo page: what is served at / and under /demo/. */
const DEMO = 'demo/dist';

/**
 * @param {object} raw     the content of wrangler.toml
 * @param {object} config  the content of `deckle.json`
 * @param {{demo?: string}} [options]  `demo`: the folder with the page
 * @returns {object}
 */
export function configured(raw, config, { demo } = {}) {
  // the keys of signed URLs are secrets of the CloudFront Function; the Worker has its own
  const { signing, ...cloudfront } = config.cloudfront ?? {};
  const DECKLE = { ...config, ...(config.cloudfront && { cloudfront }) };
  const withVariables = (section) => ({ ...section, vars: { ...section.vars, DECKLE } });
  const env = Object.fromEntries(Object.entries(raw.env ?? {}).map(([name, section]) => [name, withVariables(section)]));
  // a file of the page is answered without the Worker, everything else by it
  const assets = demo ? { assets: { directory: demo } } : {};
  return { ...withVariables(raw), env, ...assets };
}

/** A folder with all that a deployment takes: the built Worker, its configuration, and the version of Wrangler that was tested. */
export function pack(folder, raw, config) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'worker'), { recursive: true });
  cpSync(join(ROOT, 'worker/build'), join(folder, 'worker/build'), { recursive: true });
  cpSync(join(ROOT, 'LICENSE-libwebp'), join(folder, 'LICENSE-libwebp'));
  const { build, ...built } = configured(raw, config);
  writeFileSync(join(folder, 'wrangler.json'), `${JSON.stringify(built, null, 2)}\n`);
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const json = { name: 'deckle-worker', private: true, scripts: { deploy: 'wrangler deploy' }, devDependencies: { wrangler: devDependencies.wrangler } };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(json, null, 2)}\n`);
}

function main() {
  const { values } = parseArgs({ options: { package: { type: 'string' }, config: { type: 'string', default: join(ROOT, 'deckle.json') } } });
  const { config } = readConfiguration(values.config);
  const { rawConfig } = readRaw({ config: join(ROOT, 'wrangler.toml') });
  if (values.package) {
    pack(resolve(values.package), rawConfig, config);
    return;
  }
  const demo = existsSync(join(ROOT, DEMO)) ? DEMO : undefined;
  writeFileSync(join(ROOT, 'wrangler.json'), `${JSON.stringify(configured(rawConfig, config, { demo }), null, 2)}\n`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main();
