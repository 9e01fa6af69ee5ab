// What a Lambda deployment is told, and by whom.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { originBucket, resolveConfig } from '../../lambda/src/config.mjs';

const A = { bucket: 'a', region: 'eu-west-3' };
const B = { bucket: 'b', region: 'us-east-1' };

describe('the configuration', () => {
  it('comes from the file, overridden by the header', () => {
    const file = { presets: {}, aws: { source: A, derived: A, originals: true } };
    const { aws, deckle } = resolveConfig(file, JSON.stringify({ aws: { derived: { ...B, prefix: '/x/y/' } } }));
    assert.deepEqual(aws.source, { ...A, prefix: '' });
    assert.deepEqual(aws.derived, { ...B, prefix: 'x/y/' });
    assert.equal(aws.originals, true);
    assert.equal(deckle, '{"presets":{}}');
  });

  it('takes the bucket that was asked where none is named', () => {
    const { aws } = resolveConfig({}, undefined, B);
    assert.deepEqual([aws.source.bucket, aws.derived.bucket], ['b', 'b']);
  });

  for (const [what, ...args] of [
    ['no bucket', {}],
    ['a bucket without region', { aws: { derived: { bucket: 'a' } } }],
    ['a timeout that is none', { aws: { derived: A, loadTimeoutMs: 'long' } }],
    ['a header that is no JSON', { aws: { derived: A } }, 'x'],
  ]) {
    it(`is refused: ${what}`, () => assert.throws(() => resolveConfig(...args), { code: 'invalid_configuration' }));
  }
});

describe('the bucket of an origin', () => {
  const cases = {
    'photos.s3.eu-west-3.amazonaws.com': ['photos', 'eu-west-3'],
    'photos.s3-eu-west-3.amazonaws.com': ['photos', 'eu-west-3'],
    'my.photos.s3.dualstack.us-east-1.amazonaws.com': ['my.photos', 'us-east-1'],
    'photos.s3.cn-north-1.amazonaws.com.cn': ['photos', 'cn-north-1'],
  };
  for (const [domainName, expected] of Object.entries(cases)) {
    it(`is read from ${domainName}`, () => {
      const { bucket, region, prefix } = originBucket({ domainName, path: '/in' });
      assert.deepEqual([bucket, region, prefix], [...expected, 'in/']);
    });
  }

  it('has the origin\'s region when its name has none', () => {
    assert.equal(originBucket({ domainName: 'photos.s3.amazonaws.com', region: 'us-east-1' }).region, 'us-east-1');
  });

  it('is unknown for another origin', () => {
    assert.equal(originBucket({ domainName: 'example.com' }), undefined);
    assert.equal(originBucket(undefined), undefined);
  });
});
