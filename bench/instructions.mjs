// Instructions of the native program on the fixtures, counted by Valgrind: the same on every x86-64 machine to a few in a
// thousand, so that a pull request can be held against what is committed.
//
//   make instructions              compares with bench/instructions.json, fails when a job grew by more than 1 %
//   make instructions BLESS=1      writes it
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch, argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

const TOLERANCE = 0.01;
const JOBS = {
  'sequential-100': ['01.jpg', '/x.jpg?width=100'],
  'sequential-400': ['01.jpg', '/x.jpg?width=400'],
  'sequential-900': ['01.jpg', '/x.jpg?width=900'],
  'sequential-full': ['01.jpg', '/x.jpg?quality=60'],
  'full-chroma-400': ['02.jpg', '/x.jpg?width=400'],
  'progressive-100': ['05.jpg', '/x.jpg?width=100'],
  'progressive-400': ['05.jpg', '/x.jpg?width=400'],
  'to-progressive-400': ['01.jpg', '/x.jpg?width=400&progressive=true'],
  'cover-300': ['01.jpg', '/x.jpg?width=300&height=300&fit=cover'],
  'grey-400': ['01.jpg', '/x.jpg?width=400&style=bw'],
  'profile-100': ['display-p3.jpg', '/x.jpg?width=100'],
  'png-100': ['alpha.png', '/x.png?width=100'],
  'webp-100': ['alpha.webp', '/x.webp?width=100'],
  'webp-lossless-100': ['lossless.webp', '/x.webp?width=100'],
};

if (arch !== 'x64') {
  console.log(`instructions: skipped, those of ${arch} are not what is committed`);
  exit();
}
const root = fileURLToPath(new URL('..', import.meta.url));
const record = join(root, 'bench/instructions.json');
const [program, bless] = argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'deckle-instructions-'));

function count([file, url]) {
  const command = [
    '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null',
    program, 'transform', join(root, 'fixtures', file), join(scratch, 'out'), '--url', url,
  ];
  // an empty environment, because its size moves the stack and so the count
  const run = spawnSync('valgrind', command, { env: { PATH: process.env.PATH }, encoding: 'utf8' });
  const found = /I\s+refs:\s+([\d,]+)/.exec(run.stderr ?? '');
  if (run.status !== 0 || !found) throw new Error(`valgrind: ${run.error ?? run.stderr}`);
  return Number(found[1].replaceAll(',', ''));
}

const counted = Object.fromEntries(Object.entries(JOBS).map(([id, job]) => [id, count(job)]));
rmSync(scratch, { recursive: true });
if (bless) {
  writeFileSync(record, `${JSON.stringify(counted, null, 2)}\n`);
  console.log(counted);
  exit();
}
const before = JSON.parse(readFileSync(record, 'utf8'));
let grown = 0;
for (const [id, now] of Object.entries(counted)) {
  const change = before[id] ? now / before[id] - 1 : Infinity;
  if (change > TOLERANCE) grown += 1;
  const note = change > TOLERANCE ? '  more than 1 % more' : change < -TOLERANCE ? '  less: bless it' : '';
  console.log(id.padEnd(20), (now / 1e6).toFixed(1).padStart(8), 'M', `${(change * 100).toFixed(2)} %`.padStart(10), note);
}
exit(grown ? 1 : 0);
