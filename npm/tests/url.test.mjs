// URLs, signatures and HTML, as the package writes them.

import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { missing, ROOT } from './project.mjs';

const from = (name) => import(join(ROOT, 'npm/dist/package', name));
const { img, picture, query, sign, signer, srcset, url } = missing ? {} : await from('pure.js');
const { base64url, hmac, sha256 } = missing ? {} : await from('sha256.js');
const json = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

describe('a URL', { skip: missing }, () => {
  const cases = [
    ['/01.jpg', { width: 200 }, {}, '/01.jpg?width=200'],
    ['01.jpg', { width: 200 }, { baseURL: 'https://images.example.com/' }, 'https://images.example.com/01.jpg?width=200'],
    ['/01.jpg', {}, { baseURL: 'https://example.com/img' }, 'https://example.com/img/01.jpg'],
    ['https://cdn.example.com/01.jpg', { width: 200 }, { baseURL: 'https://images.example.com' }, 'https://cdn.example.com/01.jpg?width=200'],
    ['/01.jpg?style=bw&w=3&width=4#x', { width: 200 }, {}, '/01.jpg?style=bw&width=200'],
    ['/ä b+c%20d.jpg', { text: 'a,b c&d' }, {}, '/%C3%A4%20b+c%20d.jpg?text=a,b%20c%26d'],
    ['/01.jpg', { position: [0.5, 0.2], flip: true, maxBytes: 5000, style: undefined, radius: null, background: '' }, {}, '/01.jpg?position=0.5,0.2&flip=true&max-bytes=5000'],
    ['data:image/png;base64,AA==', { width: 200 }, {}, 'data:image/png;base64,AA=='],
  ];
  for (const [src, edits, options, expected] of cases) {
    it(`of ${src} is ${expected}`, () => assert.equal(url(src, edits, options), expected));
  }

  it('says what the core understands', async () => {
    const [{ init }, { canonical }] = [await from('node.js'), await from('wasm/deckle_wasm.js')];
    await init();
    const written = url('/ä b+c%20d.jpg', { width: 300, position: [0.5, 0.25], height: 100, fit: 'cover', style: 'bw', maxBytes: 5000 });
    const [path, asked] = written.split('?');
    assert.equal(JSON.parse(canonical(path, asked)).path, '/100h300w/fit-cover~position-0.5x0.25~bw~max-bytes-5000/%C3%A4%20b%2Bc%20d.jpg');
  });

  it('has its edits alone as a query', () => assert.equal(query({ width: 200, style: 'bw' }), 'width=200&style=bw'));
});

it('the type of edits is made from the table as it is', async () => {
  const { editsType } = await import('../edits-type.mjs');
  assert.equal(readFileSync(join(ROOT, 'npm/src/edits.ts'), 'utf8'), editsType(json('core/edits.json').rows), 'run `make npm`');
});

describe('a signature', { skip: missing }, () => {
  const { keys, now, vectors } = json('tests/parity/signatures.json');
  // an empty expiry is read as none, and never written
  const remade = vectors.filter(({ expect, query }) => expect === 'valid' && !/exp=(&|$)/.test(query));

  it('has its hash right, for every length of a message', () => {
    for (let length = 0; length < 200; length += 1) {
      const [message, key] = [randomBytes(length), randomBytes(length)];
      assert.equal(Buffer.from(sha256(message)).toString('hex'), createHash('sha256').update(message).digest('hex'));
      assert.equal(base64url(hmac(key, message)), createHmac('sha256', key).update(message).digest('base64url'));
    }
    const long = Buffer.alloc(100_000, 'a');
    assert.deepEqual(Buffer.from(sha256(long)), createHash('sha256').update(long).digest());
  });

  for (const { name, path, query: signed } of remade) {
    it(`is that of the vectors: ${name}`, () => {
      const pairs = signed.split('&');
      const value = (wanted) => pairs.find((pair) => pair.startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const bare = pairs.filter((pair) => !/^(kid|exp|sig)=/.test(pair)).join('&');
      const made = sign(`https://host${path}${bare && `?${bare}`}`, { keyId: value('kid'), secret: keys[value('kid')], expires: value('exp') && Number(value('exp')) });
      assert.equal(new URLSearchParams(made.split('?')[1]).get('sig'), value('sig'));
    });
  }

  it('ends when it is told to', () => {
    const options = { keyId: 'first', secret: keys.first };
    assert.match(sign('/a.jpg', { ...options, expires: new Date(now * 1000) }), /exp=1800000000&/);
    const until = Number(/exp=(\d+)/.exec(sign('/a.jpg', { ...options, expiresIn: 60 }))[1]);
    assert.ok(Math.abs(until - Date.now() / 1000 - 60) < 5);
  });

  for (const [what, from, options] of [
    ['a short secret', '/a.jpg', { secret: 'short' }],
    ['a URL that is signed', '/a.jpg?sig=x', {}],
    ['a fragment', '/a.jpg#x', {}],
    ['a path that is not escaped', '/ä.jpg', {}],
    ['a host alone', 'https://host', {}],
    ['a key id of another form', '/a.jpg', { keyId: 'a b' }],
    ['an end that is no number', '/a.jpg', { expires: Number.NaN }],
  ]) {
    it(`is refused to ${what}`, () => assert.throws(() => sign(from, { keyId: 'first', secret: keys.first, ...options }), { code: 'invalid_signature' }));
  }

  it('is put on whatever is written, last', () => {
    const signing = signer({ keyId: 'first', secret: keys.first });
    for (const one of srcset('/a.jpg', { widths: [320, 640], sign: signing }).split(', ')) {
      const [signed, width] = one.split(' ');
      assert.equal(signed, signing(`/a.jpg?width=${parseInt(width, 10)}`));
    }
  });
});

describe('HTML', { skip: missing }, () => {
  for (const { name, src, options, img: expected, picture: pictured } of json('tests/parity/srcset.json')) {
    it(`is that of the vectors: ${name}`, () => {
      assert.equal(img(src, options), expected);
      assert.equal(picture(src, options), pictured);
    });
  }

  it('cannot be broken out of', () => {
    const written = img('/a"b<c>.jpg', { alt: '"><script>', widths: [320], attributes: { title: 'a"b', hidden: true, id: undefined } });
    assert.equal(written, '<img src="/a%22b%3Cc%3E.jpg?width=320" srcset="/a%22b%3Cc%3E.jpg?width=320 320w" sizes="100vw" alt="&quot;>&lt;script>" loading="lazy" decoding="async" title="a&quot;b" hidden>');
    assert.throws(() => img('/a.jpg', { attributes: { 'a onload': 'x' } }), TypeError);
  });
});
