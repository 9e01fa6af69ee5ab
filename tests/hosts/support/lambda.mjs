// The Lambda@Edge handler over a real S3, called with the events that CloudFront would send.

import assert from 'node:assert/strict';
import { originResponseEvent } from '../../../local/cloudfront.mjs';
import { reasonsToRefuse } from '../../../local/origin-response-check.mjs';
import { s3Face } from '../../../local/s3-face.mjs';
import { resolveConfig } from '../../../lambda/src/config.mjs';
import { s3Store } from '../../../lambda/src/s3-store.mjs';
import { DERIVED, REGION, SOURCE } from './s3-server.mjs';

export const BUCKETS = {
  source: { bucket: SOURCE, region: REGION },
  derived: { bucket: DERIVED, region: REGION },
};

/** What a handler needs to reach a test's S3. */
export function host({ endpoint, credentials }, aws = {}, rest = {}) {
  const options = { endpoint, credentials, forcePathStyle: true };
  return {
    file: { ...rest, aws: { ...BUCKETS, ...aws } },
    makeStore: (resolved, more) => s3Store(resolved, { ...more, options }),
  };
}

/** An S3 origin of a distribution, as the local CloudFront and its events want it. */
export function s3Origin({ endpoint, credentials }, store, options = {}) {
  const { aws } = resolveConfig({ aws: BUCKETS });
  const s3 = s3Store(aws, { options: { endpoint, credentials, forcePathStyle: true } });
  return {
    fetch: s3Face((key) => s3.get(store, key), options),
    domainName: `${aws[store].bucket}.s3.${REGION}.amazonaws.com`,
    region: REGION,
  };
}

/**
 * Calls a handler with the miss of an origin, and checks what CloudFront would check.
 * @returns {Promise<{status: number, headers: Record<string, string>, body: Buffer, response: object}>}
 */
export async function ask(handler, uri, { method = 'GET', headers = {}, status = 403, store = 'derived', customHeaders, extra = [] } = {}) {
  const origin = { ...s3Origin({ endpoint: 'http://127.0.0.1:1', credentials: {} }, store), customHeaders };
  const missing = await s3Face(async () => 'missing', { missingStatus: status })({ method, uri });
  missing.headers.push(...extra);
  const event = originResponseEvent({ method, uri, querystring: '', headers, ip: '203.0.113.7' }, origin, missing);
  const { cf } = event.Records[0];
  for (const [name, value] of Object.entries(headers)) cf.request.headers[name] = [{ key: name, value }];
  const before = structuredClone(cf.response);
  const response = await handler(event);
  assert.deepEqual(reasonsToRefuse(before, response, method), []);
  assert.equal(response, cf.response, 'the original response goes back');
  return {
    response,
    status: Number(response.status),
    headers: Object.fromEntries(Object.entries(response.headers).map(([name, list]) => [name, list.map(({ value }) => value).join(', ')])),
    body: Buffer.from(response.body ?? '', response.bodyEncoding === 'base64' ? 'base64' : 'utf8'),
  };
}

/** Asserts an error in the service's own shape. */
export function assertError(answer, status, code) {
  const { code: given, message, status: stated } = JSON.parse(answer.body.toString());
  assert.deepEqual([answer.status, stated, given], [status, status, code], message);
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.ok(answer.headers['cache-control'], 'an error says how long it keeps');
}
