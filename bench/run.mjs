// `make bench [JOBS="quick" | "id id"] [CONTENDERS="deckle sharp"]`: see README.md.
// BENCH_ROUNDS and BENCH_NOTE are for trying things out: fewer rounds, and a sentence for the report.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { env, versions as nodeVersions } from 'node:process';
import { fileURLToPath } from 'node:url';

import { measureEdits } from './edits.mjs';
import { formats } from './formats/run.mjs';
import { CONTENDERS, EDITS_JOB, FORMATS_JOB, JOBS, QUALITY_JOB, chooseContenders, chooseJobs, outputSize } from './jobs.mjs';
import { measure } from './measure.mjs';
import { photo } from './photos.mjs';
import { gridOf, quality } from './quality/run.mjs';
import { compare, referencesOf } from './reference.mjs';
import { editsTable, markdown, summary } from './report.mjs';

const ROOM = fileURLToPath(new URL('.', import.meta.url));
const CACHE = join(ROOM, '../.deckle/bench');

const words = (text) => (text ?? '').split(/[\s,]+/).filter(Boolean);
const asked = words(env.JOBS);
const special = [QUALITY_JOB, EDITS_JOB, FORMATS_JOB];
const jobs = asked.length && asked.every((word) => special.includes(word)) ? [] : chooseJobs(asked.filter((word) => !special.includes(word)));
const names = chooseContenders(words(env.CONTENDERS));
const quick = asked.includes('quick');
const rounds = Number(env.BENCH_ROUNDS ?? 15);
const settings = {
  rounds,
  other_rounds: quick ? Math.min(3, rounds) : rounds,
  warm_up: Math.min(5, rounds),
  colds: quick ? { deckle: 3, others: 1 } : { deckle: Math.min(5, rounds), others: Math.min(3, rounds) },
};
const whole = jobs.length === JOBS.length && names.length === CONTENDERS.length && rounds >= 15;

const begun = performance.now();
const say = (text) => console.error(`${((performance.now() - begun) / 1000).toFixed(0).padStart(5)} s  ${text}`);

const results = { machine: machine(), versions: versions(), settings, ...(env.BENCH_NOTE && { note: env.BENCH_NOTE }), jobs: [] };
// all photos first, so that no rendering runs during a measurement
const photos = {};
for (const name of new Set(jobs.map((job) => job.photo))) photos[name] = await photo(name, join(CACHE, 'photos'), { quick, say });
for (const job of jobs) results.jobs.push(await runJob(job, photos[job.photo]));

const folder = whole ? ROOM : CACHE;
await mkdir(folder, { recursive: true });
// the patterns or the edits on their own are the whole of theirs, and go where the whole goes
const someEdits = words(env.BENCH_EDITS);
const alone = !jobs.length && !env.BENCH_GRID && !env.FORMATS && !someEdits.length && rounds >= 15;
const of = (job) => whole || asked.includes(job);
const qualityTable = of(QUALITY_JOB) ? await quality(whole || alone ? ROOM : CACHE, gridOf(env.BENCH_GRID), say) : null;
if (of(EDITS_JOB)) await writeEdits(whole || alone ? ROOM : CACHE);
const formatsTable = of(FORMATS_JOB) ? await formats(whole || alone ? ROOM : CACHE, join(CACHE, 'photos'), rounds, say) : null;
if (jobs.length) {
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  console.log(summary(results));
}
if (whole || alone) {
  const measured = ['results.json', 'quality.json', 'edits.json', 'formats.json'].map((name) => join(ROOM, name)).map((file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined));
  await writeFile(join(ROOM, 'RESULTS.md'), markdown(...measured));
} else if (jobs.length) {
  await writeFile(join(folder, 'RESULTS.md'), markdown(results));
}
for (const text of [qualityTable, formatsTable]) if (text) console.log(text);
say(`done; ${whole || alone ? 'bench/' : '.deckle/bench/'} has the results`);

async function writeEdits(folder) {
  const [ten, png] = [await photo('10mp', join(CACHE, 'photos'), { quick: true, say }), await photo('png', join(CACHE, 'photos'), { quick: true, say })];
  const measured = await measureEdits({ photos: { photo: ten, png }, rounds, words: someEdits, say });
  const edits = { machine: machine(), versions: versions(), ...measured };
  await writeFile(join(folder, 'edits.json'), `${JSON.stringify(edits, null, 2)}\n`);
  if (folder !== ROOM) console.log(editsTable(edits));
}

async function runJob(job, source) {
  say(`${job.id}`);
  const effort = { rounds, otherRounds: settings.other_rounds, warmUp: settings.warm_up, colds: settings.colds, folder: join(CACHE, 'outputs') };
  const measured = await measure(job, source, names, effort);
  const referencesFor = referencesOf(job, source, join(CACHE, 'references'));
  const contenders = {};
  // error messages may contain paths of this machine
  const anywhere = (text) => text.replaceAll(join(ROOM, '..'), '').replace(/(?:file:\/\/)?\/[\w@.+-]+(?:\/[\w@.+-]+)+\//g, '').split('\n')[0];
  for (const [name, { output, ...result }] of Object.entries(measured)) {
    if (result.error) result.error = anywhere(result.error);
    const compared = output ? await compare(output, outputSize(job, source), referencesFor) : {};
    contenders[name] = tidy({ median_ms: null, cold_ms: null, bytes: null, psnr: null, memory_bytes: null, ...result, ...compared });
  }
  const { path, ...facts } = source;
  return { id: job.id, photo: facts, contenders };
}

/** Rounded to significant digits. */
function tidy(result) {
  const digits = { ssim: 5, ratio: 3, cold_ratio: 3, warmed_ratio: 3 };
  const round = (value, key) => (Number.isFinite(value) ? Number(value.toFixed(digits[key] ?? 2)) : value);
  return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, Array.isArray(value) ? value.map(round) : round(value, key)]));
}

function machine() {
  return {
    cpu: cpus()[0].model, cores: cpus().length, memory_gb: Math.round(totalmem() / 2 ** 30), os: `${type()} ${release().split('-')[0]}`,
    date: new Date().toISOString().slice(0, 10), load_average: Number(loadavg()[0].toFixed(2)),
  };
}

function versions() {
  const version = (name) => {
    const file = [ROOM, join(ROOM, '..')].map((folder) => join(folder, 'node_modules', name, 'package.json')).find(existsSync);
    if (!file) throw new Error(`${name} is not installed: run \`make bench\`, which sees to it`);
    return JSON.parse(readFileSync(file)).version;
  };
  const packages = ['sharp', 'wasm-vips', '@cf-wasm/photon', '@jsquash/jpeg', '@jsquash/png', '@jsquash/resize', 'miniflare', 'workerd'];
  return { deckle: revision(), node: nodeVersions.node, v8: nodeVersions.v8, ...Object.fromEntries(packages.map((name) => [name, version(name)])) };
}

/** The commit, when this is a checkout. */
function revision() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOM, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return JSON.parse(readFileSync(join(ROOM, '../package.json'))).version;
  }
}
