// The built function against CloudFront Functions' limits: size, language, sandbox, and what it does with events nobody expects.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

import { transformSync } from 'esbuild';

import { MAX_BYTES, build } from './build.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const OBJECTS = join(HERE, 'test-objects');

/** The configuration that the test objects are written for. */
const SITE = {
    presets: { card: 'width=600&height=400&fit=cover' },
    styles: { 'old-photo': 'style=sepia&quality=70' },
    devices: { mobile: 480, tablet: 1024 },
    deviceHeaders: true,
};
const VARIANTS = { plain: {}, site: SITE, source: { ...SITE, cloudfront: { sourceOriginId: 'source-bucket' } } };

const object = (name) => JSON.parse(readFileSync(join(OBJECTS, `${name}.json`), 'utf8'));

/** The handler in a world that has nothing but what CloudFront gives. */
function sandbox(config, cf) {
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
    Object.assign(context, { Buffer, cf });
    const source = build(config).replace(/^import cf from 'cloudfront';/, '');
    vm.runInContext(`'use strict';${source};this.handler = handler;`, context);
    return (event) => JSON.parse(JSON.stringify(context.handler(event)));
}

/** What a function that is a script's last expression returns in njs. */
function njs(source, expression, modules = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'deckle-cf-'));
    try {
        for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
        const out = join(folder, 'out.json');
        writeFileSync(join(folder, 'run.js'), `${source};require('fs').writeFileSync('${out}', JSON.stringify((${expression})()));`);
        execFileSync('njs', ['-p', folder, join(folder, 'run.js')]);
        return JSON.parse(readFileSync(out, 'utf8'));
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

test('the function is well under the limit on its size', (t) => {
    for (const [name, config] of Object.entries(VARIANTS)) {
        const bytes = Buffer.byteLength(build(config));
        t.diagnostic(`${name}: ${bytes} of ${MAX_BYTES} bytes`);
        assert.ok(bytes <= 9_700 + (name === 'plain' ? 0 : 300), `${name}: ${bytes} bytes`);
    }
});

test('a configuration that would make it too large is refused', () => {
    const presets = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`preset-number-${i}`, 'width=100&height=100&fit=cover']));
    assert.throws(() => build({ presets }), /over CloudFront's 10240/);
});

test('the build is a function of its configuration', () => {
    assert.equal(build(SITE), build(structuredClone(SITE)));
    assert.notEqual(build(SITE), build({}));
});

test('the syntax is ES5 with arrow functions', () => {
    for (const config of Object.values(VARIANTS)) {
        const source = build(config).replace(/^import cf from 'cloudfront';/, '');
        const printed = (target, supported) => transformSync(source, { minifyWhitespace: true, target, supported }).code;
        // what has to be lowered to ES5 would come out different
        assert.ok(printed('es5', { arrow: true }) === printed('esnext', { 'object-extensions': false }));
    }
});

test('nothing on the list of what the runtime lacks is used', () => {
    const denied = [
        /\?\.(?!\d)/, /\?\?/, /\.\.\.[\w$[{(]/, /\b(?:let|const|var)\s*[[{]/, /\bfor\s*\([^;)]*\bof\b/, /\bclass\b/, /\bfunction\s*\*/, /\b(?:let|const|async|await|yield|import|export|require|eval|new)\b/,
        /\([^()]*=[^=>()][^()]*\)\s*=>/, /catch\s*\{/, /`/,
        /\b(?:Map|Set|WeakMap|WeakSet|WeakRef|URL|URLSearchParams|Proxy|Reflect|BigInt|Intl|Function|Symbol|Promise|structuredClone|setTimeout|process|globalThis|TextDecoder|TextEncoder|Date|console|escape|unescape)\b/,
        /\bArray\.from\b/, /\.(?:replaceAll|flat|flatMap|at|toSorted|toReversed|findLast|matchAll|normalize|fromEntries|hasOwn|groupBy|codePointAt)\(/, /\(\?<|\\p\{|\/[a-z]*[uysvd][a-z]*\.(?:exec|test)/,
    ];
    for (const config of Object.values(VARIANTS)) {
        const source = build(config).replace(/^import cf from 'cloudfront';/, '');
        for (const pattern of denied) assert.equal(pattern.exec(source)?.[0], undefined, String(pattern));
    }
});

test('CloudFront’s helpers are imported only where an origin is chosen', () => {
    assert.ok(!/\bimport\b|\bcf\b/.test(build(SITE)));
    assert.ok(build(VARIANTS.source).startsWith("import cf from 'cloudfront';"));
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
        error: { status: 400, code: 'invalid_parameter', parameter: 'width', message: 'width is 0; expected an integer from 1 to 8192' },
    },
    'bad-key': { error: { status: 400, code: 'invalid_key', message: 'key is holding an empty, . or .. segment' } },
    post: { unchanged: true },
};

function check(name, answer) {
    const { uri, error, unchanged } = EXPECTED[name];
    const { request } = object(name);
    if (unchanged) return assert.deepEqual(answer, request);
    if (error) {
        assert.equal(answer.statusCode, 400);
        assert.equal(answer.statusDescription, 'Bad Request');
        assert.deepEqual(JSON.parse(answer.body.data), error);
        assert.equal(answer.body.encoding, 'text');
        assert.deepEqual(answer.headers, {
            'content-type': { value: 'application/json' },
            'cache-control': { value: 'public, max-age=60' },
            'x-content-type-options': { value: 'nosniff' },
        });
        return undefined;
    }
    return assert.deepEqual(answer, { ...request, uri, querystring: {} });
}

test('every test object has an expectation', () => {
    assert.deepEqual(readdirSync(OBJECTS).map((file) => file.replace(/\.json$/, '')).sort(), Object.keys(EXPECTED).sort());
});

test('the test objects are answered in the sandbox', () => {
    const handler = sandbox(SITE);
    for (const name of Object.keys(EXPECTED)) check(name, handler(object(name)));
});

test('the test objects are answered in njs', () => {
    const events = Object.keys(EXPECTED).map(object);
    const answers = njs(build(SITE), `function () { return ${JSON.stringify(events)}.map(function (event) { return handler(event); }); }`);
    answers.forEach((answer, i) => check(Object.keys(EXPECTED)[i], answer));
});

test('originals are read from their own origin, and nothing else is', () => {
    const uris = ['/x.jpg', '/5w/default/x.jpg', '/default/default/x.jpg', '/default/default/5w/bw/x.jpg', '/a//b'];
    const event = (uri) => ({ request: { method: 'GET', uri, querystring: {}, headers: {} } });
    const chosen = (run) => uris.map((uri) => run(event(uri)));
    // an object that looks canonical keeps its long path, which is not its name in the bucket: the derived origin finds it
    const expected = ['source-bucket', null, 'source-bucket', null, null];

    let id = null;
    const handler = sandbox(VARIANTS.source, { selectRequestOriginById: (given) => (id = given) });
    assert.deepEqual(chosen((one) => ((id = null), handler(one), id)), expected);

    const mock = 'export default { chosen: null, selectRequestOriginById: function (id) { this.chosen = id; } };';
    const run = `function () { return ${JSON.stringify(uris.map(event))}.map(function (one) { cf.chosen = null; handler(one); return cf.chosen; }); }`;
    assert.deepEqual(njs(build(VARIANTS.source), run, { cloudfront: mock }), expected);
});

test('a helper that throws leaves the request unchanged', () => {
    const handler = sandbox(VARIANTS.source, { selectRequestOriginById: () => { throw new Error('no such origin'); } });
    const request = { method: 'GET', uri: '/x.jpg', querystring: { v: { value: '1' } }, headers: {} };
    assert.deepEqual(handler({ request: structuredClone(request) }), request);
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
    const run = `function () {
        var count = { request: 0, refused: 0, thrown: 0 }, slowest = 0, first = '';
        ${JSON.stringify(events)}.forEach(function (event) {
            var start = Date.now();
            try { var answer = handler(event); count[answer && answer.statusCode ? 'refused' : 'request']++; } catch (error) { count.thrown++; first = error.stack; }
            slowest = Math.max(slowest, Date.now() - start);
        });
        return { count: count, slowest: slowest, first: first };
    }`;
    const { count, slowest, first } = njs(build({ ...SITE, format: 'auto' }), run);
    t.diagnostic(`${count.request} requests, ${count.refused} refusals, slowest ${slowest} ms`);
    assert.equal(count.thrown, 0, first);
    assert.ok(count.refused > 50 && count.request > 50);
});

test('text outside ASCII of every length is understood in njs', () => {
    // njs 0.7.9 fails, or runs for minutes, when it looks for all matches of a pattern in such text of 32, 64, … characters
    const run = `function () {
        var wrong = [];
        ['\\u00e9', '\\u5bb6', '\ud83d\ude00'].forEach(function (character) {
            for (var n = 1; n <= 130; n++) {
                [character.repeat(n), 'a'.repeat(n) + character, '+' + character.repeat(n)].forEach(function (text) {
                    var escaped = encodeURIComponent(text), code = Buffer.from('{"width":5,"x":"' + text + '"}').toString('base64');
                    [['/' + escaped, {}], ['/' + text, {}], ['/x.jpg', { width: { value: escaped } }], ['/x.jpg', { width: { value: text } }],
                        ['/x.jpg', { edits: { value: code } }], ['/5w/fit-' + text + '/x', {}]].forEach(function (one) {
                        var answer = handler({ request: { method: 'GET', uri: one[0], querystring: one[1], headers: { accept: { value: text } } } });
                        var changed = answer.statusCode === 400 || JSON.stringify(answer.querystring) === '{}';
                        if (!changed) { wrong.push([n, one[0], JSON.stringify(one[1])]); }
                    });
                });
            }
        });
        return wrong;
    }`;
    assert.deepEqual(njs(build({ format: 'auto' }), run), []);
});

test('the same events raise no exception in the sandbox', () => {
    const handler = sandbox({ ...SITE, format: 'auto' });
    for (const event of hostile(1_000)) {
        if (event?.request === undefined) continue;
        assert.doesNotThrow(() => handler(event));
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
        [{ format: 'avif' }, 'format: "avif" is not one of jpeg, png, webp, gif, auto'],
        [{ autoFormats: ['auto'] }, 'autoFormats: "auto" is not one of jpeg, png, webp, gif'],
        [{ autoFormats: 'webp' }, 'autoFormats: is not a list'],
        [{ devices: { watch: 5 } }, 'devices.watch: is not one of mobile, tablet, desktop'],
        [{ devices: { mobile: 0 } }, 'devices.mobile: is 0; expected an integer from 1 to 8192'],
        [{ deviceHeaders: 'yes' }, 'deviceHeaders: is not true or false'],
        [{ preset: {} }, 'preset: is not known; presets is'],
        [{ auto_formats: [] }, 'auto_formats: is not known; autoFormats is'],
        [{ cloudfront: { originId: 'a' } }, 'cloudfront.originId: is not known; sourceOriginId is'],
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
