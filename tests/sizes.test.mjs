// What hosts load stays within the budget of tests/sizes.json.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url));
const { budget } = JSON.parse(read('tests/sizes.json'));

for (const [path, limit] of Object.entries(budget)) {
  test(`${path} is at most ${limit.bytes} bytes, ${limit.gzip} compressed`, (context) => {
    const file = read(path);
    const size = { bytes: file.length, gzip: gzipSync(file, { level: 9 }).length };
    context.diagnostic(`${size.bytes} bytes, ${size.gzip} compressed`);
    for (const kind of ['bytes', 'gzip']) {
      assert.ok(size[kind] <= limit[kind], `${kind}: ${size[kind]} of ${limit[kind]}: make it smaller, or raise tests/sizes.json and say what for`);
    }
  });
}
