// Every reason for which CloudFront answers 502 to an origin-response function.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_BYTES, reasonsToRefuse } from '../../local/origin-response-check.mjs';

const before = Object.freeze({
  status: '403',
  statusDescription: 'Forbidden',
  headers: {
    'transfer-encoding': [{ key: 'Transfer-Encoding', value: 'chunked' }],
    via: [{ key: 'Via', value: '1.1 s3' }],
    'content-type': [{ key: 'Content-Type', value: 'application/xml' }],
  },
});
const good = () => ({
  status: '200',
  statusDescription: 'OK',
  headers: { ...before.headers, 'content-type': [{ key: 'Content-Type', value: 'image/png' }] },
  body: Buffer.from('png').toString('base64'),
  bodyEncoding: 'base64',
});
const header = (name, list) => ({ ...good(), headers: { ...good().headers, [name]: list } });
const without = (name) => {
  const answer = good();
  delete answer.headers[name];
  return answer;
};

const refused = {
  'an answer that is missing': [undefined, /answer is undefined/],
  'null': [null, /answer is null/],
  'a number as status': [{ ...good(), status: 200 }, /status is 200/],
  'a status below 200': [{ ...good(), status: '101' }, /status is "101"/],
  'a status above 599': [{ ...good(), status: '600' }, /status is "600"/],
  'a missing status': [{ ...good(), status: undefined }, /status is undefined/],
  'a line break in statusDescription': [{ ...good(), statusDescription: 'O\r\nK' }, /statusDescription/],
  'headers that are a list': [{ ...good(), headers: [] }, /headers is not an object/],
  'missing headers': [{ ...good(), headers: undefined }, /headers is not an object/],
  'a header name in capitals': [header('ETag', [{ key: 'ETag', value: '"a"' }]), /"ETag" is not a name/],
  'a header that is a string': [header('etag', '"a"'), /etag is not a list/],
  'an empty header list': [header('etag', []), /etag is not a list/],
  'a key of another name': [header('etag', [{ key: 'X', value: '"a"' }]), /etag has the key "X"/],
  'a header value that is a number': [header('age', [{ key: 'Age', value: 5 }]), /age has a value that is no string/],
  'a line break in a header': [header('etag', [{ key: 'ETag', value: 'a\r\nset-cookie: b' }]), /control character/],
  'a changed read-only header': [header('via', [{ key: 'Via', value: '2' }]), /via is read-only/],
  'a removed read-only header': [without('transfer-encoding'), /transfer-encoding is read-only/],
  'connection': [header('connection', [{ key: 'Connection', value: 'close' }]), /connection is not allowed/],
  'x-cache': [header('x-cache', [{ key: 'X-Cache', value: 'Hit' }]), /x-cache is not allowed/],
  'a header of the edge': [header('x-edge-a', [{ key: 'X-Edge-A', value: '1' }]), /x-edge-a is not allowed/],
  'a header of CloudFront': [header('x-amz-cf-id', [{ key: 'X-Amz-Cf-Id', value: '1' }]), /x-amz-cf-id is not allowed/],
  'an unknown encoding': [{ ...good(), bodyEncoding: 'gzip' }, /bodyEncoding is "gzip"/],
  'a body of bytes': [{ ...good(), body: Buffer.from('a') }, /body is object/],
  'base64 that is none': [{ ...good(), body: 'a-b_' }, /body is not base64/],
  'a body that is too large': [{ ...good(), body: 'A'.repeat(MAX_BYTES) }, /body and headers are \d+ bytes/],
  'a member that does not exist': [{ ...good(), statusCode: 200 }, /statusCode is not a member/],
};

describe('the check of an origin-response answer', () => {
  it('accepts a proper answer and an untouched one', () => {
    assert.deepEqual(reasonsToRefuse(before, good(), 'GET'), []);
    assert.deepEqual(reasonsToRefuse(before, structuredClone(before), 'GET'), []);
  });

  for (const [what, [answer, expected]] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.match(reasonsToRefuse(before, answer, 'GET').join('; '), expected));
  }

  it('refuses a body for HEAD and for 304', () => {
    assert.match(reasonsToRefuse(before, good(), 'HEAD').join(), /where none may be/);
    assert.match(reasonsToRefuse(before, { ...good(), status: '304' }, 'GET').join(), /where none may be/);
  });

  it('counts headers as part of the size', () => {
    const body = 'A'.repeat(MAX_BYTES - 200);
    assert.deepEqual(reasonsToRefuse(before, { ...good(), body }, 'GET'), []);
    const long = header('x-long', [{ key: 'X-Long', value: 'x'.repeat(200) }]);
    assert.match(reasonsToRefuse(before, { ...long, body }, 'GET').join(), /body and headers/);
  });
});
