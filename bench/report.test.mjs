// RESULTS.md is what report.mjs makes of results.json. Needs no packages of bench/.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { CONTENDERS, JOBS, chooseJobs, outputSize } from './jobs.mjs';
import { psnr, ssim } from './reference.mjs';
import { markdown } from './report.mjs';
import { median, quantile } from './statistics.mjs';

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const IDS = [
  '10mp-200', '10mp-400', '10mp-1200', '10mp-1920', '6mp-200', '6mp-400', '6mp-1200', '6mp-1920', '24mp-400', '24mp-1200',
  '24mp-progressive-400', '24mp-progressive-1200', '100mp-1200', '12mp-progressive-400', '10mp-cover-400', '10mp-grey-400', 'png-400',
  '10mp-1200-webp', '6mp-400-webp',
];
const measured = existsSync(new URL('results.json', import.meta.url));
describe('results.json', { skip: !measured && 'not measured yet: `make bench` writes it' }, () => {
  const results = measured ? JSON.parse(read('results.json')) : null;

  test('has every job and every contender', () => {
    assert.deepEqual(results.jobs.map(({ id }) => id), IDS);
    for (const { id, contenders } of results.jobs) assert.deepEqual(Object.keys(contenders), CONTENDERS, id);
  });

  test('says of each its figures, or why there are none', () => {
    for (const { id, contenders } of results.jobs) {
      for (const [name, contender] of Object.entries(contenders)) {
        const keys = ['median_ms', 'cold_ms', 'bytes', 'psnr', 'memory_bytes'];
        for (const key of keys) assert.ok(key in contender, `${id} ${name} ${key}`);
        if (contender.error) continue;
        for (const key of keys) {
          const absent = contender[key] === null && (key === 'memory_bytes' ? name === 'sharp' : key === 'psnr' && contender.note);
          assert.ok(absent || contender[key] > 0, `${id} ${name} ${key} is ${contender[key]}`);
        }
      }
    }
  });

  test('is of enough rounds, on a machine and of versions that it names', () => {
    for (const { id, contenders } of results.jobs) {
      for (const name of ['deckle', 'sharp']) assert.ok(contenders[name].error ?? contenders[name].rounds >= 15, `${id} ${name}`);
    }
    for (const key of ['cpu', 'cores', 'os', 'date']) assert.ok(results.machine[key], key);
    for (const key of ['deckle', 'node', 'sharp', 'wasm-vips', '@cf-wasm/photon', '@jsquash/jpeg', 'workerd']) assert.ok(results.versions[key], key);
  });

  test('names no folder of the machine', () => assert.doesNotMatch(read('results.json'), /(?:^|[\s"(])\/\w+\/|file:/));

  test('is what RESULTS.md shows', () => {
    const patterns = existsSync(new URL('quality.json', import.meta.url)) ? JSON.parse(read('quality.json')) : undefined;
    const edits = existsSync(new URL('edits.json', import.meta.url)) ? JSON.parse(read('edits.json')) : undefined;
    const formats = existsSync(new URL('formats.json', import.meta.url)) ? JSON.parse(read('formats.json')) : undefined;
    assert.equal(read('RESULTS.md'), markdown(results, patterns, edits, formats));
  });
});

describe('jobs', () => {
  test('are those of the ids', () => assert.deepEqual(JOBS.map(({ id }) => id), IDS));
  test('are chosen by word', () => {
    assert.equal(chooseJobs([]).length, JOBS.length);
    assert.deepEqual(chooseJobs(['6mp-400', '10mp-200']).map(({ id }) => id), ['10mp-200', '6mp-400']);
    assert.throws(() => chooseJobs(['7mp']), /no such job: 7mp/);
  });
  test('keep the shape of the photo', () => {
    assert.deepEqual(outputSize({ width: 400 }, { width: 3872, height: 2592 }), { width: 400, height: 268 });
  });
});

describe('sums', () => {
  test('median and quartiles', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.equal(quantile([1, 2, 3, 4, 5], 0.25), 2);
  });
  test('PSNR and SSIM', () => {
    const plane = Float64Array.from({ length: 400 }, (_, i) => (i * 7) % 251);
    assert.equal(psnr(plane, plane.map((value) => value + 1)).toFixed(2), '48.13');
    assert.equal(ssim(plane, plane, 20, 20).toFixed(6), '1.000000');
    assert.ok(ssim(plane, plane.toReversed(), 20, 20) < 0.5);
  });
});
