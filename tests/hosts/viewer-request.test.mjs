// The sandbox of the viewer-request function: the event as CloudFront makes it, and no more than CloudFront gives.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { event, FunctionError, viewerRequestFunction } from '../../local/viewer-request.mjs';

const request = (more = {}) => ({ method: 'GET', uri: '/a%20b.jpg', querystring: '', headers: { host: ['localhost'] }, ip: '127.0.0.1', ...more });
const run = (source, more) => viewerRequestFunction(source)(request(more));

describe('the event', () => {
  it('holds uri, names and values as they were sent', () => {
    const { uri, querystring } = event(request({ querystring: 'a=%E5%AE%B6+b&flag&na%6De=1&a=2' })).request;
    assert.equal(uri, '/a%20b.jpg');
    assert.deepEqual({ ...querystring }, {
      a: { value: '%E5%AE%B6+b', multiValue: [{ value: '%E5%AE%B6+b' }, { value: '2' }] },
      flag: { value: '' },
      'na%6De': { value: '1' },
    });
  });

  it('has cookies apart from headers', () => {
    const { headers, cookies } = event(request({ headers: { cookie: ['a=1; b=2=3'], accept: ['image/webp'] } })).request;
    assert.deepEqual({ ...headers }, { accept: { value: 'image/webp' } });
    assert.deepEqual({ ...cookies }, { a: { value: '1' }, b: { value: '2=3' } });
  });
});

describe('the sandbox', () => {
  it('runs a function, async or not', async () => {
    const changed = 'event.request.uri="/x";return event.request';
    assert.equal((await run(`function handler(event){${changed}}`)).request.uri, '/x');
    assert.equal((await run(`async function handler(event){${changed}}`)).request.uri, '/x');
  });

  it('lets the function select an origin', async () => {
    const source = "import cf from 'cloudfront';function handler(event){cf.selectRequestOriginById('source');return event.request}";
    assert.equal((await run(source)).originId, 'source');
  });

  it('has crypto, querystring and buffer', async () => {
    const source = `var c=require('crypto');function handler(event){
      event.request.uri='/'+c.createHash('sha256').update('a').digest('hex').slice(0,6)+require('buffer').Buffer.from('a').toString('hex');
      return event.request}`;
    assert.equal((await run(source)).request.uri, '/ca978161');
  });

  for (const expression of [
    "require('fs')", 'process.env', 'new Map()', 'new URL("http://a")', 'fetch("http://a")', 'setTimeout(function(){},1)',
    'eval("1")', 'Function("return 1")()', '[].constructor.constructor("return process")()', '[1].flat()', 'undeclared = 1',
  ]) {
    it(`refuses ${expression}`, async () => {
      await assert.rejects(run(`function handler(event){${expression};return event.request}`), FunctionError);
    });
  }

  it('ends a function that does not end', async () => {
    await assert.rejects(run('function handler(event){for(;;){}}'), /timed out/);
  });

  it('refuses code over 10,240 bytes', () => {
    assert.throws(() => viewerRequestFunction(`/*${'x'.repeat(10_240)}*/`), /CloudFront takes 10240/);
  });
});

describe('the check of a function\'s request', () => {
  const cases = {
    'r.method="POST"': /method is read-only/,
    'r.uri="x"': /uri is "x"/,
    'r.uri="/a b"': /holds a space/,
    'r.uri="/"+"a".repeat(8192)': /too long/,
    'r.headers.host={value:"other"}': /host is read-only/,
    'r.headers["x-edge-a"]={value:"1"}': /x-edge-a is not allowed/,
    'r=null': /no object/,
  };
  for (const [change, expected] of Object.entries(cases)) {
    it(`refuses ${change}`, () => assert.rejects(run(`function handler(event){var r=event.request;${change};return r}`), expected));
  }

  it('gives a response to the viewer', async () => {
    const source = 'function handler(){return {statusCode:400,headers:{"content-type":{value:"text/plain"}},body:{encoding:"text",data:"no"}}}';
    const { response } = await run(source);
    assert.deepEqual(response, { status: 400, headers: [['content-type', 'text/plain']], body: Buffer.from('no') });
  });
});
