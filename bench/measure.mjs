// One job: every contender cold in processes of its own, then those who could in one process, taking turns.
import { fork } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { median, quantile } from './statistics.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const COLD_TIMEOUT = 180_000;
const STEADY_TIMEOUT = 1_800_000;
/** Time for all rounds of a contender that is not in ALWAYS. */
const PATIENCE = 20_000;
const ALWAYS = ['deckle', 'deckle-workerd', 'sharp'];
const LEAST_ROUNDS = 3;

/**
 * @param {object} job
 * @param {{path: string}} photo
 * @param {string[]} names
 * @param {{rounds: number, otherRounds: number, warmUp: number, colds: {deckle: number, others: number}, folder: string}} effort
 * @returns {Promise<Record<string, object>>} by contender; `output` is the file that the first cold call made
 */
export async function measure(job, photo, names, effort) {
  await mkdir(effort.folder, { recursive: true });
  const results = {};
  for (const name of names) results[name] = await measureCold(job, photo, name, effort);

  const able = names.filter((name) => !results[name].error);
  const contenders = able.map((name) => ({ name, rounds: roundsOf(name, results[name].cold_ms, effort) }));
  if (!contenders.length) return results;
  let steady = await inChild({ task: 'steady', contenders, warmUp: effort.warmUp, job, photo: photo.path }, STEADY_TIMEOUT);
  if (steady.error && contenders.length > 1) {
    // a contender crashed the shared process: measure the most important ones without the rest
    const rest = contenders.filter(({ name }) => ALWAYS.includes(name));
    for (const { name } of contenders) if (!rest.some((r) => r.name === name)) results[name].error = `in one process with the others: ${steady.error}`;
    steady = await inChild({ task: 'steady', contenders: rest, warmUp: effort.warmUp, job, photo: photo.path }, STEADY_TIMEOUT);
  }
  for (const { name } of contenders) {
    if (results[name].error) continue;
    const { times, error = steady.error } = steady.result?.[name] ?? {};
    Object.assign(results[name], error ? { error } : statistics(times, results[name]));
  }
  addRatios(results);
  return results;
}

async function measureCold(job, photo, name, { colds, folder }) {
  const output = join(folder, `${job.id}.${name}.${job.format ?? 'jpeg'}`);
  const ours = name.startsWith('deckle');
  const [runs, warmed] = [[], []];
  for (let i = 0; i < (ours ? colds.deckle : colds.others); i++) {
    for (const [list, warm] of [[runs, false], ...(ours ? [[warmed, true]] : [])]) {
      const { result, error } = await inChild({ task: 'cold', name, job, photo: photo.path, output, warm }, COLD_TIMEOUT);
      if (error) return { error };
      list.push(result);
    }
  }
  const medianOf = (list, key) => median(list.map((run) => run[key]));
  return {
    ...runs[0],
    cold_ms: medianOf(runs, 'cold_ms'),
    instantiate_ms: medianOf(runs, 'instantiate_ms'),
    cold_rounds: runs.length,
    ...(ours && { warmed_ms: medianOf(warmed, 'cold_ms'), warm_up_ms: medianOf(warmed, 'warm_up_ms') }),
    output,
  };
}

function roundsOf(name, coldMs, { rounds, otherRounds }) {
  if (ALWAYS.includes(name)) return rounds;
  return Math.max(Math.min(LEAST_ROUNDS, otherRounds), Math.min(otherRounds, Math.floor(PATIENCE / coldMs)));
}

function statistics(times, { cold_ms: coldMs, warmed_ms: warmedMs }) {
  const ms = median(times);
  return {
    median_ms: ms,
    spread_ms: [quantile(times, 0.25), quantile(times, 0.75)],
    rounds: times.length,
    cold_ratio: coldMs / ms,
    ...(warmedMs && { warmed_ratio: warmedMs / ms }),
  };
}

/** How many times sharp's time each took. */
function addRatios(results) {
  const sharp = results.sharp?.median_ms;
  for (const result of Object.values(results)) {
    if (sharp && result.median_ms) result.ratio = result.median_ms / sharp;
  }
}

/** Runs a task of child.mjs: `{result}` or `{error}`, also when the process dies or takes too long. */
function inChild(options, timeout) {
  return new Promise((resolve) => {
    const child = fork(CHILD, [JSON.stringify(options)], { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' });
    let message;
    let late = false;
    let stderr = '';
    child.stderr.on('data', (data) => (stderr = (stderr + data).slice(-4000)));
    child.on('message', (received) => (message = received));
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeout);
    child.on('error', (error) => (message ??= { error: error.message }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (message) return resolve(message);
      const last = stderr.trim().split('\n').filter((line) => /\S/.test(line)).find((line) => /error|abort|memory/i.test(line)) ?? '';
      resolve({ error: late ? `took longer than ${timeout / 1000} s` : `the process died (${signal ?? `code ${code}`}) ${last}`.trim() });
    });
  });
}
