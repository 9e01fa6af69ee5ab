// node tests/conformance/run.mjs cases.jsonl

import { existsSync, readFileSync } from 'node:fs';

import { makeObjects } from './objects.mjs';
import { run } from './runner.mjs';

const file = process.argv[2];
if (!file || !existsSync(file)) {
  console.log(`conformance: ${file ?? 'no file'} is not there; give one with FILE=cases.jsonl`);
} else {
  const cases = readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
  const failures = await run(cases, await makeObjects());
  for (const { id, differences } of failures) console.log(`${id}\n${differences.join('\n').replace(/^/gm, '  ')}\n`);
  console.log(`${cases.length - failures.length} passed, ${failures.length} failed`);
  if (failures.length > 0) process.exitCode = 1;
}
