// vectors.json and random requests through the CloudFront Function, in njs, and the core: its wasm where that is built, else the
// core natively. core/tests/parity.rs runs the vectors natively, too.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { allDifferences, differences, requests } from './fuzz.mjs';
import { njs, rust, wasm } from './runners.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const TABLE = JSON.parse(readFileSync(join(HERE, 'vectors.json'), 'utf8'));
const WASM = join(HERE, '../../wasm/pkg/deckle_wasm.js');

/** Checks the core's answers against the vectors' expectations. */
export function compare(answers) {
    const wrong = [];
    TABLE.vectors.forEach(({ name, expect }, i) => {
        const answer = answers[i];
        for (const field of ['path', 'stored', 'error']) {
            try {
                assert.deepEqual(answer[field], expect[field]);
            } catch {
                wrong.push(`${name}: ${field}\n  expected ${JSON.stringify(expect[field])}\n  got      ${JSON.stringify(answer)}`);
                break;
            }
        }
    });
    assert.equal(answers.length, TABLE.vectors.length);
    assert.ok(wrong.length === 0, `${wrong.length} of ${TABLE.vectors.length} vectors\n${wrong.slice(0, 20).join('\n')}`);
}

/** The core in its wasm, or undefined. */
async function loadWasm() {
    if (!existsSync(WASM)) return undefined;
    const module = await import(pathToFileURL(WASM).href);
    module.initSync?.({ module: readFileSync(WASM.replace(/\.js$/, '_bg.wasm')) });
    return module.readCanonical ? wasm(module) : undefined;
}

const inWasm = await loadWasm();
const core = inWasm ?? rust;

test('the vectors are well formed', () => {
    const names = TABLE.vectors.map((vector) => vector.name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, settings, expect } of TABLE.vectors) {
        assert.ok(settings === undefined || TABLE.settings[settings], name);
        assert.ok((expect.path === undefined) !== (expect.error === undefined), name);
    }
    assert.ok(names.length >= 650);
});

test('every vector has the expected answer through the wasm', { skip: inWasm ? false : 'wasm/pkg is not built' }, () => compare(inWasm(TABLE)));

test('every vector is understood behind the function as it is in front of it', (t) => {
    const found = differences(TABLE, njs, core);
    assert.ok(found.length === 0, `${found.length} differences, the first: ${JSON.stringify(found[0])}`);
    t.diagnostic(`${TABLE.vectors.length} vectors`);
});

test('what the function answers means what the vector expects', () => {
    const answers = njs(TABLE);
    const paths = answers.map((answer) => ({ path: answer.path ?? '/', isCanonical: true }));
    const understood = core({ settings: {}, vectors: paths });
    TABLE.vectors.forEach(({ name, expect }, i) => {
        const answer = answers[i].path === undefined ? answers[i] : understood[i];
        if (expect.error) assert.equal(answer.error?.code, expect.error.code, name);
        else assert.deepEqual([answer.path, answer.stored], [expect.path, expect.stored], name);
    });
});

test('the function leaves every canonical path alone', () => {
    const paths = TABLE.vectors.map((vector) => vector.expect.path).filter((path) => path !== undefined);
    const answers = njs({ settings: {}, vectors: paths.map((path) => ({ path })) });
    assert.deepEqual(answers.map((answer) => answer.path), paths);
});

test('random requests are understood behind the function as they are in front of it', (t) => {
    const table = requests(inWasm ? 10_000 : 1_000, 20_261_122);
    const found = allDifferences(table, njs, core);
    t.diagnostic(`${table.vectors.length} requests`);
    assert.ok(found.length === 0, `${found.length} differences, the first: ${JSON.stringify(found[0])}`);
});
