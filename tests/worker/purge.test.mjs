// Messages of R2's event notifications, delivered to the Worker in workerd.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startWorker } from '../../local/worker.mjs';
import { FOLDER } from '../../ops/index.mjs';
import { picture } from '../hosts/support/images.mjs';

let worker;
let source;
let derived;
before(async () => {
  worker = await startWorker({ port: 0 });
  source = await worker.miniflare.getR2Bucket('SOURCE');
  derived = await worker.miniflare.getR2Bucket('DERIVED');
  for (const key of ['a b+é.jpg', 'a']) await source.put(key, new Uint8Array(await picture(60, 40).jpeg().toBuffer()));
});
after(() => worker?.close());

const ask = (path) => worker.miniflare.dispatchFetch(`http://deckle.test${path}`);
const keys = async (prefix = '') => (await derived.list({ prefix })).objects.map(({ key }) => key);
const until = async (is) => {
  for (let attempt = 0; attempt < 100 && !(await is()); attempt += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(await is());
};
const make = async (path, key) => {
  assert.equal((await ask(path)).status, 200);
  await until(async () => (await keys()).includes(key));
};
const deliver = async (body, attempts) => (await worker.miniflare.getWorker()).queue('changes', [{ id: 'm', timestamp: new Date(), attempts, body }]);
const changed = (key) => ({ account: 'x', action: 'PutObject', bucket: 'deckle-source', object: { key, size: 1, eTag: 'y' }, eventTime: '2026-11-28T00:00:00Z' });

test('with each image an entry of the index is stored, and neither is served', async () => {
  await make('/a%20b%2B%C3%A9.jpg?width=20', '20w/default/a b+é.jpg');
  assert.deepEqual(await keys(FOLDER), [`${FOLDER}a b+é.jpg/20w~default`]);
  const answer = await ask('/_i/a%20b%2B%C3%A9.jpg/20w~default');
  assert.deepEqual([answer.status, (await answer.json()).code], [400, 'invalid_key']);
});

test('an original that changed loses its images, at once and again a minute later', async () => {
  await make('/21w/bw/a%20b%2B%C3%A9.jpg', '21w/bw/a b+é.jpg');
  await make('/22w/default/a', '22w/default/a');
  const first = await deliver(changed('a b+é.jpg'), 1);
  assert.deepEqual((await keys()).filter((key) => !key.startsWith(FOLDER)), ['22w/default/a']);
  assert.deepEqual([first.outcome, first.retryMessages.map(({ delaySeconds }) => delaySeconds)], ['ok', [60]]);
  // made meanwhile of the old original
  await derived.put('21w/bw/a b+é.jpg', 'old');
  const second = await deliver(changed('a b+é.jpg'), 2);
  assert.deepEqual([second.outcome, second.retryMessages], ['ok', []]);
  assert.deepEqual((await keys()).filter((key) => !key.startsWith(FOLDER)), ['22w/default/a']);
});

test('a flood of variants makes as many as `limits.variants` allows', async () => {
  const bounded = await startWorker({ port: 0, config: { limits: { variants: 4 } } });
  try {
    await (await bounded.miniflare.getR2Bucket('SOURCE')).put('flood.jpg', new Uint8Array(await picture(60, 40).jpeg().toBuffer()));
    const statuses = { 200: 0, 403: 0 };
    for (let width = 1; width <= 200; width += 1) {
      const answer = await bounded.miniflare.dispatchFetch(`http://deckle.test/flood.jpg?width=${width}`);
      statuses[answer.status] += 1;
      if (answer.status === 403) assert.equal((await answer.json()).code, 'too_many_variants');
      else await answer.arrayBuffer();
    }
    const made = (await (await bounded.miniflare.getR2Bucket('DERIVED')).list()).objects.filter(({ key }) => !key.startsWith(FOLDER));
    assert.ok(made.length >= 4 && made.length <= 6, `${made.length} were made`);
    assert.equal(statuses[200] + statuses[403], 200);
    assert.equal(statuses[200], made.length);
  } finally {
    await bounded.close();
  }
});

test('a message that says nothing of an original is done with', async () => {
  for (const body of [{}, 'text', null, { object: { key: `${FOLDER}a/1w~bw` }, bucket: 'x' }]) {
    const answer = await deliver(body, 1);
    assert.deepEqual([answer.outcome, answer.retryMessages], ['ok', []]);
  }
});
