// The process in which contenders run. `cold`: one contender, its first call. `steady`: all of them, taking turns.
import { readFile, writeFile } from 'node:fs/promises';
import { argv, memoryUsage, resourceUsage } from 'node:process';

import { watchMemories } from './memories.mjs';
import { median, now } from './statistics.mjs';

const TASKS = { cold, steady };

/** Loading, then the first call ever, in this process. Nothing runs before it, unless `warm`: the contender's own warm-up. */
async function cold({ name, job, photo, output, warm }) {
  const memoryBytes = watchMemories();
  const source = await readFile(photo);
  const { load } = await import(`./contenders/${name}.mjs`);
  const [contender, instantiateMs] = await timed(() => load(job));
  await contender.prepare?.(source);
  const [, warmUpMs] = await timed(() => warm && contender.warmUp());
  const rssBefore = memoryUsage.rss();
  const [made, ms] = await timed(() => contender.run(source, job));
  const rss = resourceUsage().maxRSS * 1024 - rssBefore;
  const memory = contender.native ? null : (contender.memoryBytes?.() ?? memoryBytes());
  const bytes = Uint8Array.from(made);
  await writeFile(output, bytes);
  const result = {
    cold_ms: ms - (await emptyMs(contender)),
    instantiate_ms: instantiateMs,
    ...(warm && { warm_up_ms: warmUpMs }),
    bytes: bytes.length,
    memory_bytes: memory === null ? null : memory - source.length,
    ...(contender.native && { rss_bytes: Math.max(0, rss) }),
  };
  await contender.close?.();
  return result;
}

/** The cost of an empty request; 0 for contenders that are called directly. */
async function emptyMs({ empty }) {
  if (!empty) return 0;
  const times = [];
  for (let i = 0; i < 9; i++) times.push((await timed(empty))[1]);
  return median(times);
}

/** @param {{name: string, rounds: number}[]} contenders  a contender with fewer rounds drops out after its last */
async function steady({ contenders, warmUp, job, photo }) {
  const source = await readFile(photo);
  const runners = [];
  for (const { name, rounds } of contenders) {
    const { load } = await import(`./contenders/${name}.mjs`);
    const contender = await load(job);
    await contender.prepare?.(source);
    runners.push({ name, rounds, contender, times: [], empty: [], error: null });
  }

  const most = Math.max(...runners.map(({ rounds }) => rounds));
  for (let round = -warmUp; round < most; round++) {
    // slow contenders get one warm-up round only
    const turns = runners.filter((r) => !r.error && (round < 0 ? round === -1 || r.rounds === most : round < r.rounds));
    const first = (round + warmUp) % (turns.length || 1); // each contender starts a round in turn
    for (const runner of [...turns.slice(first), ...turns.slice(0, first)]) await turn(runner, round >= 0);
  }

  const results = {};
  for (const { name, contender, times, empty, error } of runners) {
    const off = empty.length ? median(empty) : 0;
    results[name] = error ? { error } : { times: times.map((ms) => ms - off) };
    await contender.close?.();
  }
  return results;

  async function turn(runner, counts) {
    globalThis.gc?.(); // so that no contender pays for another's garbage
    try {
      const [, ms] = await timed(() => runner.contender.run(source, job));
      if (counts) runner.times.push(ms);
      if (counts && runner.contender.empty) runner.empty.push((await timed(runner.contender.empty))[1]);
    } catch (error) {
      runner.error = describe(error);
    }
  }
}

async function timed(run) {
  const start = now();
  const result = await run();
  return [result, now() - start];
}

const describe = (error) => [error?.code, error?.message ?? error].filter((part) => part != null && part !== '').join(': ');

const { task, ...options } = JSON.parse(argv[2]);
let message;
try {
  message = { result: await TASKS[task](options) };
} catch (error) {
  message = { error: describe(error) };
}
// wasm-vips keeps threads alive, so the process has to exit by itself, after the message has been sent
process.send(message, () => process.exit(0));
