// What Wrangler runs before it deploys. Building the Worker takes Rust and clang, which Workers Builds does not have: in a folder made by
// `make worker-package` it is built already.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
if (existsSync(`${root}/Makefile`)) execFileSync('make', ['worker'], { cwd: root, stdio: 'inherit' });
else if (!existsSync(`${root}/worker/build/index.js`)) throw new Error('worker/build is not there');
