// A project that has the package from its tarball, and nothing else.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DIST = join(ROOT, 'npm/dist');

export const tarball = existsSync(DIST) && readdirSync(DIST).filter((name) => name.endsWith('.tgz')).map((name) => join(DIST, name))[0];

/** Why the tests cannot run, or false. */
export const missing = tarball ? false : 'run `make npm` first';

/** @param {string} folder is emptied first; `npm install` asks no registry, since the package has no dependencies */
export function install(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "a-project", "private": true, "type": "module" }\n');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--legacy-peer-deps', '--loglevel=error', tarball], { cwd: folder });
  return join(folder, 'node_modules/deckle');
}

/** What a program of the project prints, as JSON. */
export function run(folder, name, source) {
  writeFileSync(join(folder, name), source);
  return JSON.parse(execFileSync(process.execPath, [name], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
}
