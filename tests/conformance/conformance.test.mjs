// What AWS's Serverless Image Handler makes of requests, and what its users see.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { makeObjects } from './objects.mjs';
import { run } from './runner.mjs';

const lines = readFileSync(new URL('cases.jsonl', import.meta.url), 'utf8').split('\n').filter((line) => line !== '');
const cases = lines.map((line) => JSON.parse(line));

test('every case of AWS\'s dialect is answered as its handler answers it, a client\'s mistake with 400', async () => {
  assert.deepEqual(await run(cases, await makeObjects()), []);
});

test('a case that expects something else fails', async () => {
  const wrong = cases.map((one) => ({ ...one, expected: { ...one.expected, key: 'other', width: 1, status: 201, error: undefined } }));
  const mapped = wrong.filter(({ kind }) => kind.startsWith('thumbor-resize') || kind === 'render');
  assert.equal((await run(mapped, await makeObjects())).length, mapped.length);
});
