// vectors.json through every parser there is: the CloudFront Function in njs here, the core's wasm once it is built, the core
// natively in core/tests/parity.rs.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { differences, requests } from './fuzz.mjs';
import { each, njs } from './runners.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const TABLE = JSON.parse(readFileSync(join(HERE, 'vectors.json'), 'utf8'));
const WASM = join(HERE, '../../wasm/pkg/deckle_wasm.js');

/** Checks answers against the vectors' expectations; only what an answer tells (`path`, `stored`, `error`) is compared. */
export function compare(answers) {
    const wrong = [];
    TABLE.vectors.forEach(({ name, expect }, i) => {
        const answer = answers[i];
        for (const field of ['path', 'stored', 'error']) {
            if (field === 'stored' && answer.stored === undefined && answer.path !== undefined) continue;
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

/** Runs every vector through `canonical(path, query, accept, device, settingsJson) -> JSON text`. */
export function runVectors(canonical) {
    compare(each(canonical)(TABLE));
}

/** The wasm's `canonical`, or undefined and why. */
async function loadWasm() {
    if (!existsSync(WASM)) return [undefined, 'wasm/pkg is not built'];
    const module = await import(pathToFileURL(WASM).href);
    module.initSync?.({ module: readFileSync(WASM.replace(/\.js$/, '_bg.wasm')) });
    return module.canonical ? [module.canonical, ''] : [undefined, 'wasm/pkg does not export canonical'];
}

test('the vectors are well formed', () => {
    const names = TABLE.vectors.map((vector) => vector.name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, settings, expect } of TABLE.vectors) {
        assert.ok(settings === undefined || TABLE.settings[settings], name);
        assert.ok((expect.path === undefined) !== (expect.error === undefined), name);
    }
    assert.ok(names.length >= 170);
});

test('every vector has the expected answer in njs', (t) => {
    compare(njs(TABLE));
    t.diagnostic(`${TABLE.vectors.length} vectors`);
});

test('a canonical path is its own canonical path in njs', () => {
    const paths = TABLE.vectors.map((vector) => vector.expect.path).filter((path) => path !== undefined && path !== '/');
    const answers = njs({ settings: {}, vectors: paths.map((path) => ({ path })) });
    assert.deepEqual(answers.map((answer) => answer.path), paths);
});

const [canonical, missing] = await loadWasm();

test('every vector has the expected answer through the wasm', { skip: canonical ? false : missing }, () => runVectors(canonical));

test('random requests have the same answer in njs and through the wasm', { skip: canonical ? false : missing }, (t) => {
    const table = requests(10_000, 20_261_122);
    const found = differences(table, njs, each(canonical));
    t.diagnostic(`${table.vectors.length} requests`);
    assert.ok(found.length === 0, `${found.length} differences, the first: ${JSON.stringify(found[0])}`);
});
