// Requests that mean no good, or nothing: what is asked of both edges, each in its own test of hosts. Paths are as they go over the wire.

import { readFileSync } from 'node:fs';

const { rows: edits } = JSON.parse(readFileSync(new URL('../../core/edits.json', import.meta.url), 'utf8'));

/** The small picture that is asked for, and a larger one. */
export const SMALL = 'small.png';
export const LARGE = 'large.jpg';

const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const json = (value) => `/${base64(typeof value === 'string' ? value : JSON.stringify(value))}`;
const nested = (depth) => `${'{"resize":'.repeat(depth)}1${'}'.repeat(depth)}`;

const VALUES = [
  'NaN', 'Infinity', '-Infinity', '1e999', '-1e999', '-0', '400px', '0x10', '', '%20', '9'.repeat(40), '1e-400', '-1', '%00', '%ff%fe', '%c3%a9', '%E2%80%AE',
  '1,'.repeat(300), 'x'.repeat(3000), '..%2f..%2fetc%2fpasswd', '%3Cscript%3E', '__proto__', 'null', '%5B%5D', '%7B%7D', 'true', '%', '%zz',
];
const NUMBERS = ['NaN', '1e999', '-1e999', '-0', '1e308', '99999999999', '0.0000001', '"400px"', 'null', '[]', '{}', 'true', '"\\u0000"', '-1'];
const ON_AWS = [
  'resize', 'blur', 'sharpen', 'median', 'rotate', 'gamma', 'threshold', 'linear', 'extend', 'trim', 'tint', 'modulate', 'clahe', 'convolve', 'recomb', 'crop', 'extract',
  'roundCrop', 'overlayWith', 'smartCrop', 'contentModeration', 'toFormat', 'jpeg', 'webp', 'png', 'flatten', 'animated', 'normalise', 'extractChannel',
];
const MEMBERS = {
  resize: ['width', 'height', 'ratio'], clahe: ['width', 'height', 'maxSlope'], modulate: ['brightness', 'hue', 'saturation', 'lightness'],
  sharpen: ['sigma', 'm1', 'x1', 'y3'], extend: ['top', 'left'], crop: ['left', 'width'], roundCrop: ['rx', 'top'], smartCrop: ['faceIndex', 'padding'],
  jpeg: ['quality'], webp: ['quality', 'effort'], normalise: ['lower', 'upper'], trim: ['threshold'], tint: ['r'], convolve: ['width', 'scale', 'offset'],
};

/** Every third, beginning elsewhere each time: each value is asked of some, and each edit of some values. */
const thirds = (values, start) => values.filter((_, i) => (i + start) % 3 === 0);

function native() {
  const key = `/${SMALL}`;
  const all = edits.flatMap(({ name }, i) => thirds(VALUES, i).map((value) => `${key}?${name}=${value}`));
  const many = Array.from({ length: 200 }, (_, i) => `${edits[i % edits.length].name}=${i}`).join('&');
  const blurs = Array.from({ length: 200 }, () => 'blur=1000').join('&');
  const laid = `overlay=${SMALL},width:100%25`;
  return [
    ...all,
    `${key}?${many}`, `${key}?${blurs}`, `${key}?${'a=1&'.repeat(1500)}`, `${key}?w=${'1'.repeat(8000)}`, `/${'a'.repeat(8000)}`, `/${'a/'.repeat(4000)}`,
    `${key}?w=10&w=20&w=-5&h=NaN`, `${key}?constructor=1&__proto__=2&toString=3&w=10`, `${key}?=&=&&&`, `${key}?%00=%00`, `${key}?w`, `${key}??w=1`,
    `${key}?${laid}`, `${key}?${Array(200).fill(laid).join('&')}`, `${key}?overlay=${Array(60).fill(`${SMALL},width:100%25`).join(';')}`, `${key}?overlay=${SMALL},tile:1,width:1&w=2000`,
    `${key}?text=${'%F0%9F%92%A9'.repeat(300)}`, `${key}?text=${'a%0A'.repeat(500)}&size=1000`, `/${LARGE}?blur=1000&median=100&clahe=1000,1000&convolve=${'1,'.repeat(48)}1`,
    `/${LARGE}?w=8192&h=8192&fit=fill&enlarge=1`, `/${LARGE}?w=8192&blur=1000&enlarge=1`, `/${LARGE}?zoom=100&rotate=44.99`, `/${LARGE}?median=100&w=8000&enlarge=1`,
    `${key}?edits=${base64(nested(2000))}`, `${key}?edits=${base64('{"width":1e999}')}`, `${key}?edits=${base64('{"width":10,"width":-1}')}`, `${key}?edits=%00%ff`, `${key}?edits=${'A'.repeat(7000)}`,
    `${key}?edits=${encodeURIComponent('{"__proto__":{"width":5},"constructor":1}')}`, `${key}?edits=${base64([0xff, 0xfe, 0x00, 0x7b])}`,
    '/%00', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc', '/%ff%fe.png', '/%', '/%E0%A4%A', '//', '///', '/.', '/..', '/?', '/a%0d%0aSet-Cookie:%20x=1', '/\\..\\x', '/%5c..%5cx', '/a%F0%9F%92%A9.png',
    `/8192x8192/${SMALL}`, `/0x0/${SMALL}`, `/99999999999x1/${SMALL}`, `/blur-1000/${SMALL}`, `/10w/10w/10w/${SMALL}`, `/ops-${'bw_'.repeat(300)}bw/${SMALL}`, `/ops-mask15.${'a'.repeat(3000)}/${SMALL}`,
    `/default/ops_${'A'.repeat(4000)}/${SMALL}`, `/default/ops_!!/${SMALL}`, `/ops-edges-0x0x0x0x0x0/${SMALL}`, `/ops-turn-99999999999/${SMALL}`, `/ops-share-1000000/${LARGE}`,
  ];
}

function aws(bucket) {
  const key = SMALL;
  const member = (edit, text) => `{"key":"${key}","edits":{"${edit}":${text}}}`;
  const numbers = ON_AWS.flatMap((edit, i) => thirds(NUMBERS, i).flatMap((number) => [
    member(edit, number), ...(MEMBERS[edit] ?? []).map((name) => member(edit, `{"${name}":${number}}`)),
  ]));
  const overlay = { bucket, key, wRatio: 100, options: { tile: true } };
  const good = base64(JSON.stringify({ key, edits: { resize: { width: 20 } } }));
  const kernel = (side) => ({ width: side, height: side, kernel: Array(side * side).fill(1) });
  return [
    ...numbers.map(json),
    json(`{"key":"${key}","edits":${nested(1000)}}`), json('['.repeat(4000)), json(`{"key":${'['.repeat(2500)}`), json('{"key":"small.png","edits":{"resize":{"width":5,"width":-1},"resize":7}}'),
    json(`{"__proto__":{"key":"${key}"},"constructor":{"prototype":{}},"key":"${key}","edits":{"__proto__":{"blur":1},"toString":1,"hasOwnProperty":2}}`),
    json({ key: `${key}\u0000.png` }), json({ key: '\u0000' }), json({ key: '../../../etc/passwd' }), json({ key: '\ud800' }), json({ key: 'a'.repeat(5000) }), json({ bucket: '../x', key }), json({ key: '' }), json({}),
    json({ key, edits: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`blur${i}`, 1000])) }), json(`{"key":"${key}","edits":{${Array(200).fill('"blur":1000').join(',')}}}`),
    json({ key: LARGE, edits: { resize: { width: 8192, height: 8192, fit: 'fill' }, blur: 1000, median: 100, clahe: { width: 1000, height: 1000 } } }),
    json({ key: LARGE, edits: { resize: { width: 1e8, fit: 'inside' } } }), json({ key: LARGE, edits: { resize: { ratio: 100 } } }), json({ key: LARGE, edits: { extend: 8192 } }), json({ key: LARGE, edits: { median: 1000 } }),
    json({ key, edits: { overlayWith: overlay } }), json({ key, edits: { overlayWith: { ...overlay, key: 'bomb.png' } } }), json({ key: 'bomb.png', edits: { resize: { width: 10 } } }),
    json({ key, edits: { overlayWith: { ...overlay, options: { left: '1e999', top: '-0' } } } }), json({ key, edits: { overlayWith: { ...overlay, options: { left: -99999999, top: 99999999 } } } }),
    json({ key, edits: { convolve: kernel(15) } }), json({ key, edits: { convolve: kernel(16) } }), json({ key, edits: { convolve: kernel(40) } }), json({ key, edits: { recomb: Array(300).fill([1, 2, 3]) } }),
    json({ key, headers: { 'X-A': 'a\r\nSet-Cookie: x=1', 'Set-Cookie': 'y', 'x\u0000': 'z', '': '', ü: 'ü' } }), json({ key, headers: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'v'])) }),
    json([0xff, 0xfe, 0x7b, 0x22]), json('null'), json('123'), json('"text"'), json(' '), json(`\ufeff{"key":"${key}"}`), json(`{"key":"${key}"}garbage`), json('{"key":"\\uD800"}'),
    // what is not quite base64
    `/${good}=`, `/${good.replace(/=+$/, '')}`, `/${good.slice(0, 8)}%20${good.slice(8)}`, `/${good.slice(0, 8)}%0A${good.slice(8)}`, `/${good.replace('e', '-').replace('y', '_')}`, `/${good}%00`, `/%${good}`, '/====', '/A===',
    '/fit-in/99999999999999999999x0/small.png', '/0x0:0x0/small.png', '/999999x999999:0x0/small.png', '/-1x-1/small.png', '/fit-in/small.png', '/100x100', `/${'10x10/'.repeat(800)}small.png`,
    ...['blur(NaN)', 'blur(1e999)', 'blur(,,,,)', 'rotate(1e999)', 'rotate(NaN)', 'quality(1e999)', 'proportion(1e300)', 'proportion(-1)', 'convolution(1;1,0)', `convolution(${'1;'.repeat(1500)}1,9)`,
      'rgb(1e999,NaN,-0)', 'sharpen(,1e999)', 'watermark(,,,,,,)', `watermark(${bucket},small.png,NaN,1e999,-0,1e9)`, 'fill()', 'fill(%00)', 'format(%00)', 'smart_crop(1e999,-1e999)', 'grayscale(', '((((', '))))', 'a(b)c(d)'].map((filter) => `/filters:${filter}/small.png`),
    `/${'filters:blur(1000)/'.repeat(300)}small.png`, `/filters${':blur(1000)'.repeat(500)}/small.png`, '/s3:/small.png', '/s3:../small.png', `/${'s3:x/'.repeat(1000)}small.png`,
    '/small.png?width=NaN', '/small.png?width=1e999', '/small.png?rotate=1e999', '/small.png?expires=%00', '/small.png?expires=99999999T999999Z', '/small.png?signature=%ff', `/small.png?width=${'9'.repeat(400)}`,
  ];
}

/** For an edge whose first bucket has this name. */
export const requests = (bucket) => [...native(), ...aws(bucket)];
