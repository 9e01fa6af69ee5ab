// How long CloudFront keeps what.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EdgeCache, lifetime } from '../../local/edge-cache.mjs';

const entry = (status, control, body = 'x') => ({
  status,
  headers: control ? [['cache-control', control]] : [],
  body: Buffer.from(body),
});

describe('a lifetime', () => {
  const cases = [
    [200, 'public, max-age=60', 60],
    [200, 'max-age=60, s-maxage=5', 5],
    [200, undefined, 86_400],
    [200, 'max-age=999999999', 31_536_000],
    [200, 'private, no-store', 0],
    [302, 'private, no-store', 0],
    [302, undefined, 86_400],
    [404, 'max-age=3', 10],
    [404, 'no-store', 0],
    [404, 'max-age=60', 60],
    [500, undefined, 0],
    [502, 'no-store', 10],
    [403, 'max-age=1', 10],
    [400, 'max-age=60', 60],
    [400, undefined, 0],
    [422, 'max-age=60', 0],
  ];
  for (const [status, control, seconds] of cases) {
    it(`of ${status} with ${control} is ${seconds} s`, () => assert.equal(lifetime(entry(status, control), { 404: 10, 500: 0 }), seconds));
  }
});

describe('the cache', () => {
  it('ages an answer and lets go of it', () => {
    let now = 0;
    const cache = new EdgeCache({ now: () => now });
    cache.put('/a', entry(200, 'max-age=10'));
    now = 9_999;
    assert.equal(cache.get('/a').age, 9);
    now = 10_000;
    assert.equal(cache.get('/a'), undefined);
  });

  it('drops what was used least recently', () => {
    const cache = new EdgeCache({ maxBytes: 3 });
    for (const path of ['/a', '/b', '/c']) cache.put(path, entry(200));
    cache.get('/a');
    cache.put('/d', entry(200));
    assert.deepEqual(['/a', '/b', '/c', '/d'].map((path) => cache.get(path) !== undefined), [true, false, true, true]);
  });

  it('forgets everything when it is cleared', () => {
    const cache = new EdgeCache();
    cache.put('/a', entry(200));
    cache.clear();
    assert.equal(cache.get('/a'), undefined);
  });
});
