// What the Lambda functions do only when they are deployed: rights that are missing, refusals that CloudFront does not keep, metrics.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { functionUrl } from '../../lambda/src/function-url.mjs';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { Refusals } from '../../lambda/src/refusals.mjs';
import { forgetLast } from '../../lambda/src/unreadable.mjs';
import { startFaultProxy } from './support/fault-proxy.mjs';
import { picture } from './support/images.mjs';
import { ask, assertError, BUCKETS, host } from './support/lambda.mjs';
import { DERIVED, SOURCE, startS3 } from './support/s3-server.mjs';

let s3;
let proxy;
let photo;
const written = { log: [], error: [] };
const original = { log: console.log, error: console.error };

before(async () => {
  s3 = await startS3();
  proxy = await startFaultProxy(s3.endpoint);
  photo = await picture(300, 200).jpeg().toBuffer();
  await s3.put(SOURCE, '01.jpg', photo);
  await s3.put(SOURCE, 'broken.jpg', photo.subarray(0, 40));
  for (const name of ['log', 'error']) console[name] = (line) => { written[name].push(line); };
});
after(async () => {
  Object.assign(console, original);
  await proxy?.stop();
  await s3?.stop();
});
afterEach(() => {
  proxy.answer(() => undefined);
  for (const lines of Object.values(written)) lines.length = 0;
});

const edge = (aws) => originResponse(host({ ...s3, endpoint: proxy.endpoint }, aws));
const denied = ({ path }) => (path.includes(SOURCE) ? { status: 403, code: 'AccessDenied' } : undefined);
const events = (name) => written[name].map((line) => JSON.parse(line));

describe('a role', () => {
  it('that may list and is refused a source is named in the log, and is no "not found"', async () => {
    proxy.answer(denied);
    assertError(await ask(edge({ canList: true }), '/80w/default/01.jpg'), 502, 'source_unavailable');
    const [{ event, level, bucket, key, error }] = events('error');
    assert.deepEqual([event, level, bucket, key, error.name], ['source_forbidden', 'error', SOURCE, '01.jpg', 'AccessDenied']);
  });

  it('that may not list cannot tell it from what is not there', async () => {
    proxy.answer(denied);
    assertError(await ask(edge({}), '/80w/default/01.jpg'), 404, 'not_found');
  });
});

describe('a refusal that CloudFront does not keep', () => {
  it('is remembered: the source is loaded once', async () => {
    const handler = edge({});
    const first = await ask(handler, '/81w/default/broken.jpg');
    assert.equal(first.status, 422);
    const { length } = proxy.seen;
    assert.ok(length > 0);
    assert.deepEqual((await ask(handler, '/81w/default/broken.jpg')).body, first.body);
    assert.equal(proxy.seen.length, length);
  });

  it('is forgotten in time, and the oldest when there are many', () => {
    let now = 0;
    const refusals = new Refusals(() => now);
    const answer = (status, control) => ({ status, headers: [['cache-control', control]], bytes: new Uint8Array() });
    refusals.put('a', answer(422, 'public, max-age=60'));
    refusals.put('b', answer(404, 'public, max-age=60'));
    refusals.put('c', answer(413, 'no-store'));
    assert.deepEqual(['a', 'b', 'c'].map((name) => refusals.get(name)?.status), [422, undefined, undefined]);
    now = 60_000;
    assert.equal(refusals.get('a'), undefined);
    for (let i = 0; i <= 500; i += 1) refusals.put(i, answer(413, 'max-age=9'));
    assert.deepEqual([refusals.get(0), refusals.get(1)?.status], [undefined, 413]);
  });
});

describe('a deployment with a name', () => {
  it('counts what it makes, in the form that CloudWatch reads', async () => {
    assert.equal((await ask(edge({ stack: 'photos' }), '/82w/default/01.jpg')).status, 200);
    const made = events('log').find(({ event }) => event === 'made');
    assert.deepEqual([made.Stack, made.made, made.sourceBytes, made.path], ['photos', 1, photo.length, '/82w/default/01.jpg']);
    assert.equal(made.resultBytes, (await s3.get(DERIVED, '82w/default/01.jpg')).bytes.length);
    const [{ Namespace, Dimensions, Metrics }] = made._aws.CloudWatchMetrics;
    assert.deepEqual([Namespace, Dimensions], ['Deckle', [['Stack']]]);
    for (const { Name, Unit } of Metrics) assert.ok(Unit && typeof made[Name] === 'number', Name);
  });

  it('notices that the distribution cannot read what is stored', async () => {
    await ask(edge({}), '/83w/default/01.jpg');
    forgetLast();
    const later = Date.now() + 60_000;
    const { now } = Date;
    Date.now = () => later;
    try {
      await functionUrl(host(s3, { stack: 'photos' })).buffered({ rawPath: '/83w/default/01.jpg', headers: {}, requestContext: { http: { method: 'GET' } } });
    } finally {
      Date.now = now;
    }
    assert.deepEqual(events('error').map(({ event, key }) => [event, key]), [['derived_unreadable', '83w/default/01.jpg']]);
    assert.equal(events('log').find(({ event }) => event === 'derived_unreadable').unreadable, 1);
  });
});

it('is configured by the environment where there is one', async () => {
  const { makeStore } = host(s3);
  const text = JSON.stringify({ aws: BUCKETS, cors: false });
  const handlers = functionUrl({ file: { cors: 'https://example.com' }, text, makeStore });
  const event = { rawPath: '/84w/default/01.jpg', headers: {}, requestContext: { http: { method: 'GET' } } };
  const { statusCode, headers } = await handlers.buffered(event);
  assert.deepEqual([statusCode, headers['access-control-allow-origin']], [200, undefined]);
});
