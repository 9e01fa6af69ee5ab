// A Worker that is configured in a way that would be unsafe answers nothing, and the log names the member.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { startWorker } from '../../local/worker.mjs';

describe('origins that a key could lead away from', () => {
  for (const [prefix, base] of [
    ['ext/', 'https://cdn.example.com/media'],
    ['ext', 'https://cdn.example.com/'],
    ['ext/', 'https://user@cdn.example.com/'],
    ['ext/', 'https://cdn.example.com/?x=/'],
    ['ext/', 'cdn.example.com/'],
  ]) {
    test(`${prefix} → ${base} is refused`, async () => {
      const worker = await startWorker({ port: 0, config: { worker: { origins: { [prefix]: base } } } });
      try {
        const answer = await worker.miniflare.dispatchFetch('http://deckle.test/ext/.evil.com/x.jpg');
        assert.deepEqual([answer.status, (await answer.json()).code], [500, 'invalid_configuration']);
      } finally {
        await worker.close();
      }
    });
  }
});

describe('what every reader of the configuration refuses', () => {
  for (const config of [{ presets: { a: 'width=9000' } }, { readyPresets: ['mars'] }, { clientHints: true }, { presetz: {} }]) {
    test(JSON.stringify(config), async () => {
      const worker = await startWorker({ port: 0, config });
      try {
        const answer = await worker.miniflare.dispatchFetch('http://deckle.test/x.jpg');
        assert.deepEqual([answer.status, (await answer.json()).code], [500, 'invalid_configuration']);
      } finally {
        await worker.close();
      }
    });
  }
});
