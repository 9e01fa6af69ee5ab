// The built function against CloudFront Functions' limits: size, language, sandbox, and what it does with events nobody expects.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import crypto from 'node:crypto';
import vm from 'node:vm';

import { transformSync } from 'esbuild';

import { MAX_BYTES, build, buildAll } from './build.mjs';
import { event } from '../tests/parity/runners.mjs';
import { ninetyRows } from './ninety-rows.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const OBJECTS = join(HERE, 'test-objects');

/** The configuration that the test objects are written for. */
const SITE = {
    presets: { card: 'width=600&height=400&fit=cover' },
    styles: { 'old-photo': 'style=sepia&quality=70' },
    devices: { mobile: 480, tablet: 1024 },
    deviceHeaders: true,
};
const KEYS = { first: 'a secret of the first key, 32 by.', second: 'a secret of the second key, 33 b.' };
const SIGNED = { ...SITE, cloudfront: { signing: { keys: KEYS } } };
const VARIANTS = {
    plain: {},
    site: SITE,
    source: { ...SITE, cloudfront: { sourceOriginId: 'source-bucket' } },
    signed: SIGNED,
    store: { ...SITE, cloudfront: { signing: {} } },
    aws: { ...SITE, dialects: ['sih', 'thumbor', 'native'], sih: { autoWebp: true } },
};

/** The source without its imports, whose names a sandbox has. */
const body = (config, options) => build(config, options).replace(/import \w+ from '\w+';/g, '');

const object = (name) => JSON.parse(readFileSync(join(OBJECTS, `${name}.json`), 'utf8'));

/** The handler in a world that has nothing but what CloudFront gives. */
function sandbox(config, { cf, now, options } = {}) {
    const context = vm.createContext({});
    vm.runInContext(
        `for (const name of ['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'Proxy', 'Reflect', 'BigInt', 'Intl', 'WebAssembly',
            'SharedArrayBuffer', 'Atomics', 'escape', 'unescape', 'eval', 'Function']) delete globalThis[name];
        for (const name of ['flat', 'flatMap', 'at', 'toSorted', 'toReversed', 'with', 'findLast', 'entries', 'values', 'keys']) delete Array.prototype[name];
        for (const name of ['at', 'matchAll', 'normalize', 'replaceAll', 'isWellFormed']) delete String.prototype[name];
        for (const name of ['fromEntries', 'hasOwn', 'groupBy']) delete Object[name];
        delete Array.from; delete Array.prototype[Symbol.iterator];`,
        context,
    );
    Object.assign(context, { Buffer, cf, crypto });
    if (now !== undefined) vm.runInContext(`Date.now = () => ${now * 1000}`, context);
    vm.runInContext(`'use strict';${body(config, options)};this.handler = handler;`, context);
    return async (event) => JSON.parse(JSON.stringify(await context.handler(event)));
}

/** What an async function that is a script's last expression returns in njs. */
function njs(source, expression, modules = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'deckle-cf-'));
    try {
        for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
        const out = join(folder, 'out.json');
        writeFileSync(join(folder, 'run.js'), `${source};(${expression})().then(function (value) { require('fs').writeFileSync('${out}', JSON.stringify(value)); });`);
        execFileSync('njs', ['-p', folder, join(folder, 'run.js')]);
        return JSON.parse(readFileSync(out, 'utf8'));
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** Answers to events in njs. */
const answersInNjs = (config, events, modules, options) =>
    njs(build(config, options), `async function () {
        var answers = [], events = ${JSON.stringify(events)};
        for (var i = 0; i < events.length; i++) { var answer = await handler(events[i]); answers.push(answer); }
        return answers;
    }`, modules);

/** A KeyValueStore as njs can import it, beside what else \`cloudfront\` has. */
const storeModule = (entries) => `var entries = ${JSON.stringify(entries)};
    export default { kvs: function () { return { get: function (key) {
        return entries[key] === undefined ? Promise.reject(new Error('KeyNotFound')) : Promise.resolve(entries[key]);
    } }; }, selectRequestOriginById: function () {} };`;

test('the function is as small as it was', (t) => {
    for (const [name, config] of Object.entries(VARIANTS)) {
        const bytes = Buffer.byteLength(build(config));
        t.diagnostic(`${name}: ${bytes} of ${MAX_BYTES} bytes`);
        assert.ok(bytes <= { plain: 6_300, site: 6_400, source: 6_500, signed: 7_100, store: 7_000, aws: 7_100 }[name], `${name}: ${bytes} bytes`);
    }
});

/** What a function of the largest configuration may have with 90 rows: CloudFront's limit less room for rules that nobody has thought of. */
const LARGEST = 8_500;

test('with 90 edits, signatures, presets, devices, client hints and an origin it has 8,500 bytes at most', (t) => {
    const { rows } = JSON.parse(readFileSync(join(HERE, '../core/edits.json'), 'utf8'));
    const config = {
        presets: { card: 'width=600&height=400&fit=cover', 'twitter-card': 'w=1200&h=628&fit=crop&q=80' },
        styles: { 'old-photo': 'style=sepia&quality=70' },
        devices: { mobile: 480, tablet: 1024 },
        deviceHeaders: true,
        breakpoints: [320, 480, 640, 960, 1280, 1920, 2560],
        clientHints: true,
        only: 'presets',
        format: 'auto',
        cloudfront: { sourceOriginId: 'source', signing: { keys: KEYS } },
    };
    for (const usesStore of [false, true]) {
        const built = buildAll(config, { rows: ninetyRows(rows), usesStore });
        const bytes = Buffer.byteLength(built.source);
        t.diagnostic(`${usesStore ? 'KeyValueStore' : 'inlined'}: ${bytes} bytes`);
        assert.ok(ninetyRows(rows).length >= 90 && built.usesStore === usesStore);
        assert.ok(bytes <= LARGEST, `${bytes} bytes`);
    }
});

test('with 90 edits, presets, devices, an origin and all dialects it has 8,500 bytes at most', (t) => {
    const { rows } = JSON.parse(readFileSync(join(HERE, '../core/edits.json'), 'utf8'));
    const config = { ...VARIANTS.aws, format: 'auto', cloudfront: { sourceOriginId: 'source' }, sih: { autoWebp: true, rewrite: {}, signature: {} } };
    const bytes = Buffer.byteLength(build(config, { rows: ninetyRows(rows) }));
    t.diagnostic(`${bytes} bytes`);
    assert.ok(bytes <= LARGEST, `${bytes} bytes`);
});

/** What requests of AWS's dialect become: [configuration, path and query, Accept, the path that is asked for, its query before it]. */
const AWS = [
    [{}, '/fit-in/300x200/a.jpg', '', '/fit-in/300x200/a.jpg'],
    [{}, '/eyJrZXkiOiJhIn0=', '', '/eyJrZXkiOiJhIn0='],
    [{}, '/ewogICJrZXkiOiAiYSIKfQ==?utm=1', '', '/ewogICJrZXkiOiAiYSIKfQ=='],
    [{}, '/a.jpg?width=5&utm=1&height=2&width=7', '', '?height=2&width=7/a.jpg'],
    [{}, '/s3:b/a%20b.jpg?expires=20990101T000000Z&signature=x', '', '?expires=20990101T000000Z&signature=x/s3:b/a%20b.jpg'],
    [{}, '/a.jpg?w=5&style=bw', '', '/5w/bw/a.jpg'],
    [{}, '/5w/bw/a.jpg?width=9', '', '/5w/bw/a.jpg'],
    [{}, '/a.jpg', '', '/a.jpg'],
    [{ autoWebp: true }, '/a.jpg', 'image/webp,*/*', '?&webp/a.jpg'],
    [{ autoWebp: true }, '/9x9/a.jpg?flip=1', 'image/webp', '?flip=1&webp/9x9/a.jpg'],
    [{ autoWebp: true }, '/9x9/a.jpg', 'image/*', '/9x9/a.jpg'],
    [{ rewrite: { pattern: '/a/', substitution: '' } }, '/any.pdf', '', '/any.pdf'],
    [{ signature: { secret: 's' } }, '/5w/bw/a.jpg', '', '?/5w/bw/a.jpg'],
];

test('requests of AWS\'s dialect pass, and what counts of their query is in the path', () => {
    const wrapped = (text) => (text.startsWith('?') ? text.replace(/^([^/]*)/, (query) => `/default/ops_${Buffer.from(query).toString('base64url')}`) : text);
    for (const [sih, url, accept, expected] of AWS) {
        const config = { dialects: ['sih', 'thumbor', 'native'], sih };
        const [uri, query = ''] = url.split('?');
        const querystring = {};
        for (const [name, value] of query.split('&').filter(Boolean).map((pair) => pair.split('='))) {
            querystring[name] = querystring[name] ? { value, multiValue: [querystring[name], { value }] } : { value };
        }
        const headers = accept ? { accept: { value: accept } } : {};
        const [answer] = answersInNjs(config, [{ request: { method: 'GET', uri, querystring, headers } }]);
        assert.deepEqual([answer.uri, answer.querystring], [wrapped(expected), {}], url);
    }
});

test('with the native dialect first, only what is AWS\'s by itself passes', () => {
    const config = { dialects: ['native', 'sih', 'thumbor'] };
    const ask = (uri, querystring) => answersInNjs(config, [{ request: { method: 'GET', uri, querystring, headers: {} } }])[0].uri;
    assert.equal(ask('/a.jpg', { width: { value: '5' } }), '/5w/default/a.jpg');
    assert.equal(ask('/5x5/a.jpg', {}), '/5x5/a.jpg');
    const width = { w: { value: '5' } };
    assert.equal(ask('/eyewear/red-shoe', width), '/5w/default/eyewear/red-shoe');
    assert.equal(ask('/ewe/lamb', width), '/5w/default/ewe/lamb');
    for (const json of ['{"key":"a"}', '{ "key":"a"}', '{\n"key":"a"}', '{\t"key":"a"}', '{\r\n"key":"a"}']) {
        const path = `/${Buffer.from(json).toString('base64')}`;
        assert.equal(ask(path, width), path);
    }
    const withoutThumbor = { dialects: ['native', 'sih'] };
    const event = { request: { method: 'GET', uri: '/photo-300x200.jpg', querystring: width, headers: {} } };
    assert.equal(answersInNjs(withoutThumbor, [event])[0].uri, '/5w/default/photo-300x200.jpg');
    assert.throws(() => build({ dialects: ['thumbr'] }));
    assert.throws(() => build({ dialects: [] }));
});

test('presets that do not fit go to the KeyValueStore', () => {
    const presets = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`preset-number-${i}`, 'w=100&height=100&fit=cover']));
    const built = buildAll({ presets });
    assert.ok(built.usesStore && Buffer.byteLength(built.source) < 6_500);
    assert.equal(built.store.data.length, 100);
    assert.deepEqual(built.store.data[7], { key: 'preset:preset-number-7', value: '{"width":"100","height":"100","fit":"cover"}' });
    assert.equal(buildAll({ presets: { card: 'width=5' } }).store, null);
    assert.throws(() => build({ presets: { long: `crop=${'1'.repeat(1100)}` } }), /presets.long: is longer than 1024 bytes/);
});

test('the KeyValueStore is asked only for what a request names', async () => {
    const { store } = buildAll(SITE, { usesStore: true });
    const entries = Object.fromEntries(store.data.map(({ key, value }) => [key, value]));
    const asked = [];
    const get = async (key) => (asked.push(key), entries[key] ?? Promise.reject(new Error('KeyNotFound')));
    const handler = sandbox(SITE, { cf: { kvs: () => ({ get }) }, options: { usesStore: true } });
    const uri = async (query) => {
        const answer = await handler({ request: { method: 'GET', uri: '/x.jpg', querystring: query, headers: {} } });
        return answer.uri ?? answer.statusCode;
    };
    assert.equal(await uri({ width: { value: '5' }, style: { value: 'bw' } }), '/5w/bw/x.jpg');
    assert.deepEqual(asked, []);
    assert.equal(await uri({ preset: { value: 'card' }, style: { value: 'old-photo' } }), '/400h600w/fit-cover~sepia~quality-70/x.jpg');
    assert.deepEqual(asked.splice(0), ['preset:card', 'style:old-photo']);
    assert.equal(await uri({ preset: { value: 'none' } }), 400);
    assert.equal(await uri({ style: { value: 'none' } }), 400);
    assert.deepEqual(asked, ['preset:none', 'style:none']);
});

test('the build is a function of its configuration', () => {
    assert.equal(build(SITE), build(structuredClone(SITE)));
    assert.notEqual(build(SITE), build({}));
});

test('the syntax is ES5 with arrow and async functions', () => {
    for (const config of Object.values(VARIANTS)) {
        const source = body(config);
        const printed = (target, supported) => transformSync(source, { minifyWhitespace: true, target, supported }).code;
        // what has to be lowered to ES5 would come out different
        assert.ok(printed('es5', { arrow: true, 'async-await': true }) === printed('esnext', { 'object-extensions': false }));
    }
});

test('nothing on the list of what the runtime lacks is used', () => {
    const denied = [
        /\?\.(?!\d)/, /\?\?/, /\.\.\.[\w$[{(]/, /\b(?:let|const|var)\s*[[{]/, /\bfor\s*\([^;)]*\bof\b/, /\bclass\b/, /\bfunction\s*\*/, /\b(?:let|const|yield|import|export|require|eval|new)\b|\(await\b|async[^f]*=>/,
        /\([^()]*=[^=>()][^()]*\)\s*=>/, /catch\s*\{/, /`/,
        /\b(?:Map|Set|WeakMap|WeakSet|WeakRef|URL|URLSearchParams|Proxy|Reflect|BigInt|Intl|Function|Symbol|Promise|structuredClone|setTimeout|process|globalThis|TextDecoder|TextEncoder|console|escape|unescape)\b/,
        /\bArray\.from\b/, /\.(?:replaceAll|flat|flatMap|at|toSorted|toReversed|findLast|matchAll|normalize|fromEntries|hasOwn|groupBy|codePointAt)\(/, /\(\?<|\\p\{|\/[a-z]*[uysvd][a-z]*\.(?:exec|test)/,
    ];
    for (const config of Object.values(VARIANTS)) {
        const source = body(config);
        for (const pattern of denied) assert.equal(pattern.exec(source)?.[0], undefined, String(pattern));
    }
});

test('modules are imported only where they are used', () => {
    assert.ok(!/\bimport\b|\bcf\b|crypto/.test(build(SITE)));
    assert.ok(build(VARIANTS.source).startsWith("import cf from 'cloudfront';"));
    assert.ok(build(SIGNED).startsWith("import crypto from 'crypto';"));
    assert.ok(build(VARIANTS.store).startsWith("import cf from 'cloudfront';import crypto from 'crypto';"));
});

const EXPECTED = {
    plain: { uri: '/photos/01.jpg' },
    resize: { uri: '/400h200w/bw/photos/01.jpg' },
    'auto-format': { uri: '/800w/format-webp/photos/01.jpg' },
    device: { uri: '/240h480w/default/photos/01.jpg' },
    preset: { uri: '/400h300w/fit-cover/photos/01.jpg' },
    style: { uri: '/default/sepia~quality-90/photos/01.jpg' },
    repeated: { uri: '/300w/default/photos/01.jpg' },
    canonical: { uri: '/200w/flip~bw/photos/01.jpg' },
    original: { uri: '/photos/01.jpg' },
    'unicode-key': { uri: '/100w/default/caf%C3%A9/%E5%AE%B6.jpg' },
    'bad-value': {
        error: { status: 400, code: 'invalid_parameter', parameter: 'width', message: 'width cannot be read' },
    },
    'bad-key': { error: { status: 400, code: 'invalid_key', message: 'key is not an object name' } },
    post: { unchanged: true },
};

function check(name, answer) {
    const { uri, error, unchanged } = EXPECTED[name];
    const { request } = object(name);
    if (unchanged) return assert.deepEqual(answer, request);
    if (error) {
        assert.equal(answer.statusCode, 400);
        assert.deepEqual(JSON.parse(answer.body.data), error);
        assert.equal(answer.body.encoding, 'text');
        assert.deepEqual(answer.headers, {
            'content-type': { value: 'application/json' },
            'cache-control': { value: 'max-age=60' },
            'x-content-type-options': { value: 'nosniff' },
        });
        return undefined;
    }
    return assert.deepEqual(answer, { ...request, uri, querystring: {} });
}

test('every test object has an expectation', () => {
    assert.deepEqual(readdirSync(OBJECTS).map((file) => file.replace(/\.json$/, '')).sort(), Object.keys(EXPECTED).sort());
});

test('the test objects are answered in the sandbox', async () => {
    const handler = sandbox(SITE);
    for (const name of Object.keys(EXPECTED)) check(name, await handler(object(name)));
});

test('the test objects are answered in njs', () => {
    const events = Object.keys(EXPECTED).map(object);
    const answers = answersInNjs(SITE, events);
    answers.forEach((answer, i) => check(Object.keys(EXPECTED)[i], answer));
});

test('originals are read from their own origin, and nothing else is', async () => {
    const uris = ['/x.jpg', '/5w/default/x.jpg', '/default/default/x.jpg', '/default/default/5w/bw/x.jpg', '/a//b'];
    const event = (uri) => ({ request: { method: 'GET', uri, querystring: {}, headers: {} } });
    // an object that looks canonical keeps its long path, which is not its name in the bucket: the derived origin finds it
    const expected = ['source-bucket', null, 'source-bucket', null, null];

    let id = null;
    const handler = sandbox(VARIANTS.source, { cf: { selectRequestOriginById: (given) => (id = given) } });
    const chosen = [];
    for (const uri of uris) {
        id = null;
        await handler(event(uri));
        chosen.push(id);
    }
    assert.deepEqual(chosen, expected);

    const mock = 'export default { chosen: null, selectRequestOriginById: function (id) { this.chosen = id; } };';
    const run = `async function () {
        var out = [], events = ${JSON.stringify(uris.map(event))};
        for (var i = 0; i < events.length; i++) { cf.chosen = null; await handler(events[i]); out.push(cf.chosen); }
        return out;
    }`;
    assert.deepEqual(njs(build(VARIANTS.source), run, { cloudfront: mock }), expected);
});

test('a helper that throws leaves the request unchanged', async () => {
    const handler = sandbox(VARIANTS.source, { cf: { selectRequestOriginById: () => { throw new Error('no such origin'); } } });
    const request = { method: 'GET', uri: '/x.jpg', querystring: { v: { value: '1' } }, headers: {} };
    assert.deepEqual(await handler({ request: structuredClone(request) }), request);
});

/** Events of the wrong shape, from a fixed seed. */
function hostile(count) {
    let state = 1;
    const below = (n) => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % n;
    const odd = () =>
        [undefined, null, 0, -1, 1e999, '', 'x', true, [], {}, [{}], { value: null }, { value: 5 }, { value: {} }, { multiValue: [] }, { value: 'a', multiValue: [{}] },
            { value: 'a', multiValue: 'b' }, { value: '%'.repeat(5000) }, { value: '9'.repeat(8000) }, { value: '{"a":'.repeat(1000) }, { value: 'flip~'.repeat(1600) },
            { value: Buffer.from('['.repeat(1500)).toString('base64') }, { value: Buffer.from(`{"a":${'['.repeat(700)}${']'.repeat(700)}}`).toString('base64') },
            { value: 'A'.repeat(2048) }, { value: '\u0000' }, { value: '😀' }][below(26)];
    const names = ['width', 'h', 'dpr', 'edits', 'style', 'preset', 'crop', 'g', 'format', 'device', '__proto__', 'constructor'];
    const some = (keys) => Object.fromEntries(keys.filter(() => below(3) === 0).map((key) => [key, odd()]));
    const paths = ['/x.jpg', '/', '', 'x.jpg', `/${'a/'.repeat(4000)}`, `/5w/${'flip~'.repeat(1600)}flip/x`, `/${'%'.repeat(8000)}`, `/5w/default/${'%C3%A9'.repeat(1300)}`,
        `/${'9'.repeat(4000)}w/bw/x`, `/x${'y'.repeat(9000)}`, '/%00', '//', `/5w/${'-'.repeat(7000)}/x`, '/5w/fit-constructor/x', '/toString/valueOf/x'];
    return Array.from({ length: count }, () => {
        if (below(40) === 0) return odd();
        const request = {};
        if (below(20)) request.method = below(20) ? ['GET', 'HEAD', 'GET', 'POST', 'OPTIONS'][below(5)] : odd();
        if (below(20)) request.uri = below(20) ? paths[below(paths.length)] : odd();
        if (below(10)) request.querystring = below(10) ? some(names) : odd();
        if (below(10)) request.headers = below(10) ? some(['accept', 'cloudfront-is-mobile-viewer', 'cloudfront-is-tablet-viewer', 'host']) : odd();
        return { version: '1.0', request: below(40) ? request : odd() };
    });
}

test('1,000 hostile events raise no exception in njs', (t) => {
    const events = hostile(1_000);
    const run = `async function () {
        var count = { request: 0, refused: 0, thrown: 0 }, slowest = 0, first = '', events = ${JSON.stringify(events)};
        for (var i = 0; i < events.length; i++) {
            var start = Date.now();
            try { var answer = await handler(events[i]); count[answer && answer.statusCode ? 'refused' : 'request']++; } catch (error) { count.thrown++; first = error.stack; }
            slowest = Math.max(slowest, Date.now() - start);
        }
        return { count: count, slowest: slowest, first: first };
    }`;
    const { count, slowest, first } = njs(build({ ...SITE, format: 'auto' }), run);
    t.diagnostic(`${count.request} requests, ${count.refused} refusals, slowest ${slowest} ms`);
    assert.equal(count.thrown, 0, first);
    assert.ok(count.refused > 50 && count.request > 50);
});

test('text outside ASCII of every length is understood in njs', () => {
    // njs 0.7.9 fails, or runs for minutes, when it looks for all matches of a pattern in such text of 32, 64, … characters
    const run = `async function () {
        var wrong = [], all = [];
        ['\\u00e9', '\\u5bb6', '\ud83d\ude00'].forEach(function (character) {
            for (var n = 1; n <= 130; n++) {
                [character.repeat(n), 'a'.repeat(n) + character, '+' + character.repeat(n)].forEach(function (text) {
                    var escaped = encodeURIComponent(text), code = Buffer.from('{"width":5,"x":"' + text + '"}').toString('base64');
                    [['/' + escaped, {}], ['/' + text, {}], ['/x.jpg', { width: { value: escaped } }], ['/x.jpg', { width: { value: text } }],
                        ['/x.jpg', { edits: { value: code } }], ['/5w/fit-' + text + '/x', {}]].forEach(function (one) { all.push([one[0], one[1], text]); });
                });
            }
        });
        for (var i = 0; i < all.length; i++) {
            var answer = await handler({ request: { method: 'GET', uri: all[i][0], querystring: all[i][1], headers: { accept: { value: all[i][2] } } } });
            if (answer.statusCode !== 400 && JSON.stringify(answer.querystring) !== '{}') { wrong.push([all[i][0], JSON.stringify(all[i][1])]); }
        }
        return wrong;
    }`;
    assert.deepEqual(njs(build({ format: 'auto' }), run), []);
});

test('the same events raise no exception in the sandbox', async () => {
    const handler = sandbox({ ...SITE, format: 'auto' });
    for (const event of hostile(1_000)) {
        if (event?.request === undefined) continue;
        await assert.doesNotReject(handler(event));
    }
});

test('where requests have to be signed, hostile events are refused', async () => {
    const handler = sandbox(SIGNED);
    for (const event of hostile(1_000)) {
        const answer = await handler(event);
        assert.ok(answer.statusCode === 403 || answer.method === 'OPTIONS', JSON.stringify(event));
    }
});

test('a mistake in the configuration stops the build', () => {
    const cases = [
        [{ presets: { card: 'widht=600' } }, 'presets.card: widht=600 is not an edit that can stand here'],
        [{ presets: { card: 'width=0' } }, 'presets.card: width is 0; expected an integer from 1 to 8192'],
        [{ presets: { card: 'style=nobody' } }, 'presets.card: style is nobody; expected one of bw, sepia, negative, or a style of the configuration'],
        [{ presets: { card: 'preset=other' } }, 'presets.card: preset=other is not an edit that can stand here'],
        [{ presets: { 'a b': 'width=1' } }, 'presets.a b: a name is 1 to 40 letters, digits, - and _'],
        [{ presets: { card: 5 } }, 'presets.card: is not a query'],
        [{ presets: [] }, 'presets: is not an object'],
        [{ styles: { bw: 'flip' } }, 'styles.bw: is the name of a built-in style'],
        [{ styles: { a: 'style=b', b: 'flip' } }, 'styles.a: style is b; expected'],
        [{ format: 'heic' }, 'format: "heic" is not one of jpeg, png, webp, gif, avif, auto'],
        [{ autoFormats: ['auto'] }, 'autoFormats: "auto" is not one of jpeg, png, webp, gif, avif'],
        [{ autoFormats: 'webp' }, 'autoFormats: is not a list'],
        [{ devices: { watch: 5 } }, 'devices.watch: is not one of mobile, tablet, desktop'],
        [{ devices: { mobile: 0 } }, 'devices.mobile: is 0; expected an integer from 1 to 8192'],
        [{ deviceHeaders: 'yes' }, 'deviceHeaders: is not true or false'],
        [{ preset: {} }, 'preset: is not known; presets is'],
        [{ auto_formats: [] }, 'auto_formats: is not known; autoFormats is'],
        [{ cloudfront: { originId: 'a' } }, 'cloudfront.originId: is not known; sourceOriginId and signing are'],
        [{ cloudfront: { sourceOriginId: '' } }, 'cloudfront.sourceOriginId: is not the id of an origin'],
        [[], 'configuration: is not an object'],
    ];
    for (const [config, message] of cases) {
        assert.throws(() => build(config), (error) => error.message.startsWith(`deckle.json: ${message}`) || assert.fail(error.message));
    }
});

test('keys of other parts of the configuration are left alone', () => {
    assert.equal(build({ quality: 82, limits: { sourceBytes: 1 } }), build({}));
});

const SIGNATURES = JSON.parse(readFileSync(join(HERE, '../tests/parity/signatures.json'), 'utf8'));
const STORED_KEYS = Object.fromEntries(Object.entries(SIGNATURES.keys).map(([id, secret]) => [`key:${id}`, JSON.stringify(secret)]));

/** Events of the vectors, and what must come of them. */
const signatureEvents = SIGNATURES.vectors.map((vector) => event(vector));
function checkSignatures(answers) {
    SIGNATURES.vectors.forEach(({ name, expect }, i) => {
        assert.equal(answers[i].statusCode === undefined, expect === 'valid', name);
        if (expect === 'valid') assert.deepEqual(answers[i].querystring, {}, name);
        else assert.equal(JSON.parse(answers[i].body.data).code, 'invalid_signature', name);
    });
}

test('every signature is judged as the core judges it, in njs', () => {
    const now = `Date.now = function () { return ${SIGNATURES.now * 1000}; };`;
    checkSignatures(answersInNjs({ cloudfront: { signing: {} } }, signatureEvents, { cloudfront: now + storeModule(STORED_KEYS) }));
});

test('every signature is judged as the core judges it, in the sandbox, with inlined keys', async () => {
    const { short, ...keys } = SIGNATURES.keys;
    const handler = sandbox({ cloudfront: { signing: { keys } } }, { now: SIGNATURES.now });
    const answers = [];
    for (const one of signatureEvents) answers.push(await handler(one));
    checkSignatures(answers);
    assert.throws(() => build({ cloudfront: { signing: { keys: { short } } } }), /cloudfront.signing.keys.short: is not a secret of 16 to 1024 bytes/);
});

test('an empty KeyValueStore, or one that fails, refuses everything', async () => {
    for (const get of [() => Promise.reject(new Error('KeyNotFound')), async () => 'no JSON', async () => '""', async () => 'null', () => { throw new Error('down'); }]) {
        const handler = sandbox({ cloudfront: { signing: {} } }, { cf: { kvs: () => ({ get }) }, now: SIGNATURES.now });
        for (const one of signatureEvents) assert.equal((await handler(one)).statusCode, 403);
    }
});
