// The Worker as it is deployed: without a bucket of derived images, with signed URLs, and by the configuration of each environment.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { experimental_readRawConfig as readRaw } from 'wrangler';

import { startWorker } from '../../local/worker.mjs';
import { configured } from '../../worker/configure.mjs';
import { picture } from '../hosts/support/images.mjs';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function withPhoto(options) {
  const worker = await startWorker({ port: 0, ...options });
  const photo = await picture(300, 200).jpeg().toBuffer();
  await (await worker.miniflare.getR2Bucket('SOURCE')).put('a b.jpg', new Uint8Array(photo), { httpMetadata: { contentType: 'image/jpeg' } });
  const ask = (path, init) => worker.miniflare.dispatchFetch(`http://deckle.test${path}`, init);
  return { worker, ask };
}

test('without a bucket of derived images they are made, and kept in the cache', async () => {
  const { worker, ask } = await withPhoto({ derived: false });
  try {
    const first = await ask('/a%20b.jpg?width=60');
    assert.deepEqual([first.status, first.headers.get('content-type')], [200, 'image/jpeg']);
    const bytes = Buffer.from(await first.arrayBuffer());
    let again;
    for (let attempt = 0; attempt < 50; attempt += 1) {
      again = await ask('/a%20b.jpg?width=60');
      assert.deepEqual(Buffer.from(await again.arrayBuffer()), bytes);
      if (/hit/.test(again.headers.get('cache-status'))) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.match(again.headers.get('cache-status'), /hit/);
  } finally {
    await worker.close();
  }
});

test('the configuration may be text, and text that is none is a 500', async () => {
  for (const [DECKLE, status] of [['{"presets":{"small":"width=50"}}', 200], ['{', 500]]) {
    const { worker, ask } = await withPhoto({ secrets: { DECKLE } });
    try {
      assert.equal((await ask('/a%20b.jpg?preset=small')).status, status);
    } finally {
      await worker.close();
    }
  }
});

describe('where requests have to be signed', () => {
  const KEYS = { first: 'a secret of the first key', second: 'a secret of the second key' };
  let worker;
  let ask;
  before(async () => ({ worker, ask } = await withPhoto({ config: { worker: { signing: true } }, secrets: { SIGNING_KEYS: JSON.stringify(KEYS) } })));
  after(() => worker?.close());
  const sign = (path, query, id = 'first', secret = KEYS[id]) => {
    const pairs = [...query, `kid=${id}`];
    const message = `${path}?${[...pairs].sort((a, b) => (a.split('=')[0] < b.split('=')[0] ? -1 : 1)).join('&')}`;
    return `${path}?${pairs.join('&')}&sig=${createHmac('sha256', secret).update(message).digest('base64url')}`;
  };
  const refused = async (path, init) => {
    const answer = await ask(path, init);
    assert.deepEqual([answer.status, (await answer.json()).code], [403, 'invalid_signature'], path);
  };

  test('a signed one passes, with either key, and is the object that it was unsigned', async () => {
    const later = Math.floor(Date.now() / 1000) + 100;
    for (const url of [sign('/a%20b.jpg', ['width=61']), sign('/a%20b.jpg', [`exp=${later}`, 'width=61'], 'second'), sign('/61w/default/a%20b.jpg', [])]) {
      const answer = await ask(url);
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/jpeg'], url);
      await answer.arrayBuffer();
    }
    const { objects } = await (await worker.miniflare.getR2Bucket('DERIVED')).list({ prefix: '61w/' });
    assert.deepEqual(objects.map(({ key }) => key), ['61w/default/a b.jpg']);
  });

  test('everything else is refused: unsigned in every spelling, expired, another key, 200 tamperings', async () => {
    for (const path of ['/a%20b.jpg', '/a%20b.jpg?width=61', '/61w/default/a%20b.jpg', '/61w%2Fdefault/a%20b.jpg', '/']) await refused(path);
    await refused('/a%20b.jpg?width=61', { method: 'POST' });
    await refused(sign('/a%20b.jpg', [`exp=${Math.floor(Date.now() / 1000) - 1}`, 'width=61']));
    await refused(sign('/a%20b.jpg', ['width=61'], 'third', KEYS.first));
    const good = sign('/a%20b.jpg', ['width=61']);
    for (let i = 0; i < 200; i += 1) {
      const at = 1 + ((i * 7) % (good.length - 2));
      const other = good[at] === '7' ? '8' : '7';
      const url = good.slice(0, at) + other + good.slice(at + 1);
      await refused(url);
    }
  });

  test('OPTIONS passes', async () => assert.notEqual((await ask('/a%20b.jpg', { method: 'OPTIONS' })).status, 403));

  test('without keys nothing passes', async () => {
    for (const secrets of [{}, { SIGNING_KEYS: 'no JSON' }]) {
      const bare = await withPhoto({ config: { worker: { signing: true } }, secrets });
      try {
        const answer = await bare.ask(sign('/a%20b.jpg', ['width=61']));
        assert.equal(answer.status, 403);
      } finally {
        await bare.worker.close();
      }
    }
  });
});

describe('the configuration of Wrangler', () => {
  const { rawConfig: raw } = readRaw({ config: join(ROOT, 'wrangler.toml') });
  const deckle = { format: 'auto', cloudfront: { sourceOriginId: 'source', signing: { keys: { first: 'a secret of the first key' } } } };
  const made = configured(raw, deckle, {});

  test('has both buckets and deckle.json in every environment, and no secret', () => {
    for (const [name, section] of [['top', made], ...Object.entries(made.env)]) {
      assert.deepEqual(section.r2_buckets.map(({ binding }) => binding), ['SOURCE', 'DERIVED'], name);
      assert.deepEqual(section.vars.DECKLE, { format: 'auto', cloudfront: { sourceOriginId: 'source' } }, name);
      assert.equal(section.observability.enabled, true, name);
    }
    assert.ok(!JSON.stringify(made).includes('a secret'));
    assert.deepEqual(Object.keys(made.env), ['staging', 'production']);
  });

  test('limits the processor only where the plan allows it', () => {
    assert.equal(made.limits, undefined);
    for (const section of Object.values(made.env)) assert.ok(section.limits.cpu_ms > 0);
  });

  test('serves the demo page where there is one', () => {
    assert.equal(made.assets, undefined);
    assert.deepEqual(configured(raw, {}, { demo: 'demo/dist' }).assets, { directory: 'demo/dist' });
  });

  test('makes a folder that is deployed without Rust, in every environment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deckle-worker-'));
    try {
      await run(process.execPath, [join(ROOT, 'worker/configure.mjs'), '--package', folder], { cwd: ROOT });
      const { devDependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      assert.ok(devDependencies.wrangler);
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      for (const env of ['', 'staging', 'production']) {
        const { stdout } = await run(join(ROOT, 'node_modules/.bin/wrangler'), ['deploy', '--config', 'wrangler.json', '--env', env, '--dry-run', '--outdir', join(folder, 'out')], {
          cwd: folder, env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' },
        });
        assert.match(stdout, /Total Upload/, env);
        assert.match(stdout, /env\.DERIVED/, env);
        assert.match(stdout, /env\.DECKLE/, env);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
