// When the wasm instance is replaced, and what becomes of the exchanges under way. The generated code is played by a
// stand-in that can trap.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runExchange } from '../../lambda/src/exchange.mjs';
import { WasmInstance } from '../../lambda/src/wasm-instance.mjs';

const HEAD = { method: 'GET', path: '/60w/default/01.jpg', query: '', headers: {} };
const config = { deckle: '{}', aws: { instanceMaxBytes: 1_000 } };
const answerStep = { step: 'answer', status: 200, headers: [], send: 'result', put: null };

/** Loads, reads, answers; `body` does what the test says. */
function standIn(body = () => {}) {
  const glue = {
    resets: 0,
    bytes: 10,
    memoryBytes: () => glue.bytes,
    __wbg_reset_state: () => { glue.resets += 1; glue.bytes = 10; },
    Deckle: class {
      begin() {
        const steps = [{ step: 'load', store: 'source', key: '01.jpg' }, { step: 'read', maxBytes: 9 }, answerStep];
        return {
          step: () => JSON.stringify(steps[0]),
          found: () => { steps.shift(); },
          missing: () => { steps.splice(0, 2); },
          failed: () => { steps.splice(0, 2); },
          body: () => { body(glue); steps.shift(); },
          take: () => Uint8Array.of(1, 2, 3),
          cachePath: () => HEAD.path,
          free() {},
        };
      }
    },
  };
  return glue;
}

const loaded = () => ({ object: {}, cancel() {}, read: async () => Uint8Array.of(1) });
const store = (get = async () => loaded()) => ({ get });
const run = (glue, wasm = new WasmInstance(glue), from = store(), head = HEAD) =>
  runExchange({ wasm, store: from, config }, head, 'derived-miss');

describe('a trap', () => {
  it('is a 422 with a short life, and the next request has a new instance', async () => {
    let traps = 1;
    const glue = standIn(() => {
      if (traps-- > 0) throw new WebAssembly.RuntimeError('unreachable');
    });
    const wasm = new WasmInstance(glue);
    const first = await run(glue, wasm);
    assert.equal(first.status, 422);
    assert.equal(JSON.parse(Buffer.from(first.bytes)).code, 'transform_failed');
    assert.deepEqual(first.headers.find(([name]) => name === 'cache-control'), ['cache-control', 'public, max-age=10']);
    assert.equal(glue.resets, 1);
    assert.equal((await run(glue, wasm)).status, 200);
    assert.equal(glue.resets, 1);
  });

  it('is one also when the stack overflowed', async () => {
    const answer = await run(standIn(() => { throw new RangeError('Maximum call stack size exceeded'); }));
    assert.equal(answer.status, 422);
  });

  it('makes the other exchanges begin again', async () => {
    const glue = standIn();
    const wasm = new WasmInstance(glue);
    let loads = 0;
    let release;
    const gate = new Promise((resolve) => { release = resolve; });
    const slow = store(async () => {
      loads += 1;
      if (loads === 1) await gate;
      return loaded();
    });
    const answer = run(glue, wasm, slow);
    wasm.reset();
    release();
    assert.equal((await answer).status, 200);
    assert.equal(loads, 2);
  });
});

describe('an instance that has grown', () => {
  it('is replaced when it is idle', async () => {
    const glue = standIn((self) => { self.bytes = 2_000; });
    await run(glue);
    assert.equal(glue.resets, 1);
  });

  it('is kept while an exchange is under way', async () => {
    const glue = standIn((self) => { self.bytes = 2_000; });
    const wasm = new WasmInstance(glue);
    let release;
    const gate = new Promise((resolve) => { release = resolve; });
    const waiting = run(glue, wasm, store(async () => { await gate; return loaded(); }));
    await run(glue, wasm, store(), { ...HEAD, path: '/other.jpg' });
    assert.equal(glue.resets, 0);
    release();
    await waiting;
    assert.equal(glue.resets, 1);
  });

  it('is kept when it is small enough', async () => {
    const glue = standIn();
    await run(glue);
    assert.equal(glue.resets, 0);
  });
});

describe('requests for the same at the same time', () => {
  it('are one exchange and one put', async () => {
    const wasm = new WasmInstance(standIn());
    let loads = 0;
    let puts = 0;
    const from = {
      get: async () => { loads += 1; return loaded(); },
      put: async () => { puts += 1; return { etag: '"s3"' }; },
    };
    const answers = await Promise.all(Array.from({ length: 40 }, () => run(undefined, wasm, from)));
    await Promise.all(answers.map((answer) => answer.store?.()));
    assert.deepEqual([loads, new Set(answers.map(({ status }) => status)), puts <= 1], [1, new Set([200]), true]);
    await run(undefined, wasm, from);
    assert.equal(loads, 2);
  });

  it('are exchanges of their own where there is a condition', async () => {
    const wasm = new WasmInstance(standIn());
    let loads = 0;
    const from = store(async () => { loads += 1; return loaded(); });
    const head = { ...HEAD, headers: { 'if-none-match': '"a"' } };
    await Promise.all([run(undefined, wasm, from, head), run(undefined, wasm, from, head)]);
    assert.equal(loads, 2);
  });
});

describe('an error with a code', () => {
  it('is ours, and no trap', async () => {
    const glue = standIn();
    glue.Deckle = class { constructor() { throw Object.assign(new Error('no'), { code: 'invalid_configuration' }); } };
    await assert.rejects(run(glue), { code: 'invalid_configuration' });
    assert.equal(glue.resets, 0);
  });
});
