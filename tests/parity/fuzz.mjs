// Random requests through the CloudFront Function and the core: the core must understand what the function answers as it
// understands the request.
//
//     node tests/parity/fuzz.mjs [cases] [seed]
//
// Requests are made from the grammar (names, aliases, good and nearly good values, edits, canonical paths, keys) and then
// damaged a little. The same seed makes the same requests.

import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { njs, rust } from './runners.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const TABLE = JSON.parse(readFileSync(join(HERE, '../../core/edits.json'), 'utf8'));
const VECTORS = JSON.parse(readFileSync(join(HERE, 'vectors.json'), 'utf8'));

/** mulberry32: a small generator with 32 bits of state. */
function generator(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    const below = (n) => Math.floor(next() * n);
    const chance = (p) => next() < p;
    const pick = (list) => list[below(list.length)];
    const some = (n, make) => Array.from({ length: below(n + 1) }, make);
    return { below, chance, pick, some };
}

/** A table {settings, vectors} of random requests. */
export function requests(count, seed) {
    const random = generator(seed);
    const { below, chance, pick, some } = random;

    const STRANGE = ['', ' ', '+', '%', '%%', '%2', '%zz', '%00', '%0A', '%0a1', '%20', '%2B', '%2C', '%C3%A9', '%ff', '%ED%A0%80', '%C0%80', '%F0%9F%98%80',
        '%EF%BB%BF', '%EF%BF%BD', 'é', '家', '😀', "'", '"', '<', '\\', '.', '..', ',', 'x', '-', '~', '_', '=', '==', '*', '(', '@', ':', ';', '!',
        '__proto__', 'constructor', 'toString', 'auto', 'default', 'null', 'undefined', 'NaN', '1e3', '0x10', '-0', 'K'];

    const digits = () => pick([
        () => below(12), () => below(500), () => below(9000), () => pick([1, 8192, 8193, 100, 101, 65535, 65536, 999999999]),
        () => '0'.repeat(below(9)) + below(300), () => 1e9 + below(1e6),
    ])();
    const decimal = () => pick([
        () => `${below(3)}.${below(100)}`, () => `${below(9)}`, () => `0.${'0'.repeat(below(4))}${below(10)}`, () => `1.${'0'.repeat(below(6))}`,
        () => `${below(9)}.`, () => `.${below(9)}`, () => `0.${below(99999)}`, () => `${below(2)}${below(99)}.${below(99)}`,
    ])();
    const separator = () => pick([',', ',', 'x', 'x', '%2C', '%2c', ';', ' ']);
    const list = (count, make) => {
        const joint = separator();
        return Array.from({ length: chance(0.9) ? count : below(6) }, make).join(chance(0.95) ? joint : separator());
    };
    const hex = () => Array.from({ length: chance(0.8) ? pick([3, 4, 6, 8]) : below(11) }, () => pick([...'0123456789abcdefABCDEFfff'])).join('');
    const word = (words) => pick(words.flatMap(([one, others]) => [one, ...others]));

    const lettering = () => [
        pick(['Hello', 'Hello%2520world', 'a%252Cb', 'Привіт', '%0A', 'x%0Ay', '家', '', ' ', 'a+b', '50%2525']),
        ...some(4, () => pick([
            'right', 'bottom-left', `size:${digits()}`, `size:${below(110)}%25`, `colour:${hex()}`, 'color:red', `outline:${below(20)}`, 'outline-colour:navy',
            `left:${pick(['', '-'])}${digits()}`, `width:${below(120)}%25`, `opacity:${decimal()}`, 'bold',
        ])),
    ].join(',');
    const overlay = () => [
        pick(['logo.png', 'a/b.png', 'é.png', 'a%252Cb.png', 'a%252fb', '50%25.png', '../x', '', 'a b', '家.webp']),
        ...some(4, () => pick([
            'right', 'bottom-left', 'southeast', 'centre', 'tile', 'multiply', 'dest-in', 'over', 'nothing',
            `left:${pick(['', '-'])}${digits()}`, `top:${below(110)}%25`, `width:${below(120)}%25`, `height:${digits()}`, `opacity:${decimal()}`, 'size:5', 'left',
        ])),
    ].join(chance(0.9) ? ',' : '%2C');

    const value = (row) => {
        switch (row.kind) {
            case 'integer': return String(digits());
            case 'quality': return chance(0.5) ? String(digits()) : chance(0.4) ? 'auto' : word(row.words);
            case 'decimal': return decimal();
            case 'flag': return pick(['', '', '1', '0', 'true', 'false', 'yes', 'no', 'on', 'off', 'True', '2']);
            case 'word': return row.name === 'format' && chance(0.3) ? 'auto' : row.name === 'style' && chance(0.3) ? pick([...STYLES, 'default']) : word(row.words);
            case 'colour': return chance(0.3) ? pick(row.names)[0] : pick(['', '', '#', '%23']) + hex();
            case 'numbers': return list(pick(row.counts), () => pick(['', '', '-']) + (chance(0.7) ? decimal() : below(20)));
            case 'colours': return list(row.count, () => (chance(0.4) ? pick(row.names)[0] : hex()));
            case 'rectangle': return list(4, pick([digits, digits, decimal, () => `${below(110)}%25`]));
            case 'trim': return list(pick([1, 1, 2, 3]), () => pick([digits, () => pick(row.names)[0], hex, () => 'line'])());
            case 'radius': return String(pick([digits, decimal, () => `${below(110)}%25`, () => 'max'])());
            case 'angle': return pick(['', '-', '']) + pick([digits, decimal, () => pick(['90', '180', '270', '360', '45.5', '0', '359.99', '090', '90.0'])])();
            case 'ratio': return list(2, decimal).replace(/[,x]/, chance(0.3) ? ':' : ',');
            case 'sides': return list(pick([1, 2, 4]), digits);
            case 'position': return chance(0.5) ? word(row.words) : list(2, () => pick([decimal, () => pick(['0', '1', '0.5', '1.0', '0.3333'])])());
            case 'lettering': return Array.from({ length: 1 + below(chance(0.9) ? 2 : 6) }, lettering).join(';');
            case 'overlays': return Array.from({ length: 1 + below(chance(0.9) ? 3 : 10) }, overlay).join(';');
            case 'name': return pick(PRESETS);
            default: return edits();
        }
    };

    const mutate = (text) => {
        if (chance(0.86)) return text;
        const at = below(text.length + 1);
        switch (below(6)) {
            case 0: return text.slice(0, at) + pick(STRANGE) + text.slice(at);
            case 1: return text.slice(0, at) + text.slice(at + 1);
            case 2: return text.slice(0, at) + text.slice(at, at + 3).toUpperCase() + text.slice(at + 3);
            case 3: return [...text].map((c) => (chance(0.3) && c.charCodeAt(0) < 128 ? `%${c.charCodeAt(0).toString(16).padStart(2, '0')}` : c)).join('');
            case 4: return pick(STRANGE);
            default: return text + pick(STRANGE).repeat(1 + below(30));
        }
    };

    const name = (row) => (chance(0.7) ? row.name : pick([row.name, ...row.aliases]));
    const pair = () => {
        if (chance(0.06)) return pick(['utm_source=x', 'v=%zz', '__proto__=1', 'constructor=2', 'Width=5', '%77idth=5', 'toString', '', '=', '=5', 'a=b=c']);
        const row = pick(TABLE.rows);
        const text = chance(0.01) ? pick(['a', 'é', ',']).repeat(1000 + below(60)) : mutate(value(row));
        return chance(0.05) ? name(row) : `${name(row)}=${text.replace(/[&#]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`;
    };
    const query = () => some(pick([1, 3, 3, 6]), pair).join('&');

    const number = () => pick([
        () => String(below(1000)), () => `${below(9)}.${below(9999)}`, () => `-${below(400)}`, () => '-0', () => '1e2', () => '2E+1', () => '5e-1', () => '1e999', () => '1e-400',
        () => `0${below(9)}`, () => '1.', () => '.5', () => '+1', () => String(1e8 + below(1e10)), () => `${below(99)}.${below(99999999)}`, () => '1e21', () => '1e-7', () => '-',
        () => `${below(99)}.${'0'.repeat(below(20))}`, () => `0.3${'0'.repeat(below(9))}1`,
    ])();
    const string = () => {
        const row = pick(TABLE.rows.filter((one) => one.kind !== 'json'));
        const text = chance(0.8) ? value(row).replace(/["\\]/g, '') : pick(['é', '😀', '\ufffd', '', '\\u0041', '\\ud800', '\\ud83d\\ude00', '\\\\ud800', '\\uDFFF', '\\x', '\\n', '\t', '\\/', '\\u12']);
        return `"${text}"`;
    };
    const json = (depth) => pick([
        number, number, string, string, () => pick(['true', 'false', 'null', 'nul', 'True']),
        () => `[${some(4, () => (depth > 3 ? number() : chance(0.7) ? number() : json(depth + 1))).join(',')}]`,
        () => (depth > 3 ? '{}' : `{${some(2, () => `${string()}:${json(depth + 1)}`).join(',')}}`),
    ])();
    const member = () => {
        const row = pick(TABLE.rows);
        const key = chance(0.1) ? pick(['__proto__', 'constructor', 'x', '\\u0077idth', '']) : name(row);
        const text = chance(0.6) && row.kind !== 'json'
            ? ['integer', 'decimal'].includes(row.kind) && chance(0.6) ? (chance(0.7) ? value(row) : number()) : `"${value(row).replace(/["\\]/g, '')}"`
            : chance(0.3) ? `[${list(row.kind === 'position' ? 2 : 4, row.kind === 'position' ? decimal : digits)}]` : json(0);
        return `"${key}"${chance(0.1) ? ' \n' : ''}:${text}`;
    };
    const edits = () => {
        let text = `{${some(4, member).join(',')}}`;
        if (chance(0.1)) text = mutate(text);
        if (chance(0.03)) text = pick(['', '[]', 'null', '1', '"a"', ' {} ', '{}{}', '\ufeff{}', `{"x":${'['.repeat(below(400))}`, `{"x":"${'a'.repeat(1480 + below(80))}"}`]);
        if (chance(0.05)) text = text.replace(/^\{/, `{"deep":${'['.repeat(60)}${']'.repeat(60)},`).replace(/,\}$/, '}');
        let bytes = Buffer.from(text);
        if (chance(0.04) && bytes.length > 2) bytes[below(bytes.length)] = 128 + below(128);
        let code = bytes.toString(chance(0.5) ? 'base64' : 'base64url');
        if (chance(0.1)) code = code.replace(/=/g, chance(0.5) ? '' : '%3D');
        return code.replace(/\+/g, chance(0.5) ? '+' : '%2B');
    };

    const segment = () => pick([
        'x.jpg', 'photo.jpg', 'a', 'b', 'c.png', 'd.webp', 'e.GIF', 'f.svg', 'g.avif', 'h.tiff', 'i.jpeg', 'j.jpe', 'k.css', 'photos.d', '%C3%A9.jpg', 'é.png', '家', '%F0%9F%98%80.webp',
        'a%20b.jpg', 'a%2Fb', '%2e%2e', '..', '.', '', '%00', '%5C', '\\', '%7f', '%zz', 'a%', '%ff', 'x.%6Apg', '...', '.jpg', 'a+b', 'a~b', '200w', 'default', 'bw', 'constructor', 'n'.repeat(below(1100)),
    ]);
    const key = () => (chance(0.6) ? pick(['x.jpg', 'photos/01.jpg', 'y.png', 'z.webp']) : Array.from({ length: 1 + below(4) }, () => segment()).join('/'));
    const dims = () => pick([() => 'default', () => `${digits()}w`, () => `${digits()}h`, () => `${digits()}h${digits()}w`, () => `${digits()}w${digits()}h`, () => mutate('200w'), () => String(digits()), () => 'h', () => 'w'])();
    const token = () => {
        const row = pick(TABLE.rows);
        const text = row.kind === 'json' ? 'x' : value(row).replace(/[/#?]/g, '');
        if (chance(0.12)) {
            const code = chance(0.8) ? Buffer.from(chance(0.8) ? text : pick(STRANGE)).toString('base64url') : pick(['', 'YR', '_w', 'Y', '!', 'YQ==', 'w6k', '77-_', '-_-_']);
            return `${name(row)}_${code}`;
        }
        if (chance(0.04)) return pick(['ops', 'ops-', 'ops_', 'ops-e30', 'ops_e30', 'ops-é', 'opsx', `ops-${'e'.repeat(below(300))}`]);
        return mutate(row.place === 'bare' ? text : row.kind === 'flag' && chance(0.8) ? row.name : `${name(row)}-${text}`).replace(/[/?#]/g, '');
    };
    const options = () => (chance(0.3) ? 'default' : Array.from({ length: 1 + below(4) }, token).join('~'));
    /** The same path, some of its characters escaped, slashes among them. */
    const escaped = (text) => [...text].map((c, i) => (i > 0 && chance(0.15) && c.charCodeAt(0) < 128 && c !== '%' ? `%${c.charCodeAt(0).toString(16)}` : c)).join('');
    const path = () => (chance(0.15) ? escaped(plainPath()) : plainPath());
    const plainPath = () => {
        if (chance(0.02)) return '/';
        const canonical = () => `/${dims()}/${options()}`;
        return (chance(0.35) ? canonical() : '') + (chance(0.08) ? '/default/default' : '') + (chance(0.05) ? canonical() : '') + '/' + key();
    };

    const accept = () => {
        if (chance(0.4)) return undefined;
        const type = () => pick(['image/webp', 'image/webp', 'image/jpeg', 'image/png', 'image/gif', 'image/avif', 'image/*', '*/*', 'text/html', 'IMAGE/WEBP', '', 'image/webpx']);
        const q = () => pick(['', '', ';q=0', ';q=1', ';q=0.5', '; q=0.8', ';q=0.123', ';q=0.5000', ';q=1.000', ';q=1.001', ';q=.5', ';q=', ';Q=0.9', ';v=1;q=0.7', ';q=0.', ';q=1.', ' ;q=0.3 ', ';q=0.2;q=0.9', ';q=00.5', ';q=-1']);
        const count = chance(0.05) ? 15 + below(15) : below(6);
        const text = Array.from({ length: count }, () => type() + q()).join(pick([',', ', ', ' ,']));
        return chance(0.03) ? `${'x'.repeat(480 + below(40))},${text}` : text;
    };

    const STYLES = ['old-photo', 'thumb', 'toString', 'vivid', 'constructor', '__proto__', 's0', 's1'];
    const PRESETS = ['card', 'twitter-card', 'retina', 'vintage', 'small-auto', 'constructor', '__proto__', 'hasOwnProperty', 'p0', 'p1', 'p2'];

    const settings = { ...VECTORS.settings };
    const formats = ['jpeg', 'png', 'webp', 'gif'];
    for (let i = 0; i < 12; i++) {
        const good = (count) => Array.from({ length: count }, () => {
            const row = pick(TABLE.rows.filter((one) => !['name', 'json'].includes(one.kind) && one.name !== 'device-type'));
            const values = { quality: () => pick(['75', 'auto', 'low', 'best']), integer: () => String(row.min + below(Math.min(row.max - row.min + 1, 100))), decimal: () => String(Math.ceil((row.min + below(Math.min(row.max - row.min + 1, 30000))) / 100) / 100), flag: () => pick(['1', '0', '']), colour: () => pick(row.names)[0],
                word: () => (row.name === 'format' && chance(0.3) ? 'auto' : word(row.words)), position: () => (chance(0.5) ? word(row.words) : '0.25,0.750'), rectangle: () => pick(['1,2,3,04', '0.1,0,0.50,1']), trim: () => pick(['10', '010,fff']), radius: () => pick(['20', '0.250', 'max']), angle: () => pick(['90', '-90', '12.50']), ratio: () => pick(['16x9', '1.910:01']), sides: () => pick(['5', '1,2', '01,2,3,4']),
                numbers: () => Array.from({ length: pick(row.counts) }, (_, i) => Math.ceil((row.bounds[i] ?? row.bounds.at(-1))[0] / 10_000) + below(3)).join(), colours: () => 'red,0f8', overlays: () => pick(['a.png', 'a/b.png,left;c.png,tile']), lettering: () => pick(['Hello', 'a%252Cb,size:20;c,top']) };
            return `${name(row)}=${values[row.kind]()}`;
        }).join('&');
        settings[`random-${i}`] = {
            presets: { p0: good(1 + below(3)), p1: good(2), p2: `${good(1)}&style=s0` },
            styles: { s0: good(1 + below(3)), s1: good(2) },
            ...(chance(0.6) ? { format: pick(['auto', 'auto', ...formats]) } : {}),
            ...(chance(0.6) ? { autoFormats: some(3, () => pick(formats)) } : {}),
            devices: Object.fromEntries(['mobile', 'tablet', 'desktop'].filter(() => chance(0.6)).map((kind) => [kind, 1 + below(800)])),
            deviceHeaders: chance(0.7),
            ...(chance(0.5) ? { quality: pick(['auto', 'auto', 'low', 70]) } : {}),
        };
    }
    const variants = [undefined, ...Object.keys(settings)];
    const vectors = Array.from({ length: count }, () => ({
        settings: chance(0.3) ? undefined : pick(variants),
        path: path(),
        query: query(),
        accept: accept(),
        savesData: chance(0.3),
        device: chance(0.6) ? undefined : pick(['mobile', 'tablet', 'desktop']),
    }));
    return { settings, vectors };
}

/**
 * What the function and the core disagree on: [vector, law, the core's answer, the function's].
 *
 * - The core understands the function's answer, without the viewer and the query, as it understands the request: the same
 *   canonical path, or an error of the same code (said by either).
 * - The function leaves alone what it answered, and every canonical path.
 */
export function differences(table, functions, core) {
    const { settings, vectors } = table;
    const meant = core(table);
    const answered = functions(table);
    const paths = answered.map((answer) => answer.path ?? '/');
    const understood = core({ settings, vectors: paths.map((path) => ({ path, isCanonical: true })) });
    const again = functions({ settings: {}, vectors: paths.map((path) => ({ path })) });
    const canonical = functions({ settings: {}, vectors: meant.map((answer) => ({ path: answer.path ?? '/' })) });
    // under the request's own settings and headers, too, where there is something to do
    const viewed = functions({ settings, vectors: vectors.map((vector, i) => ({ ...vector, path: understood[i].original === false ? paths[i] : '/', query: '' })) });
    return vectors.flatMap((vector, i) => {
        const means = (answer) => answer.path ?? answer.error?.code;
        const answer = answered[i].path === undefined ? answered[i] : understood[i];
        const laws = [
            ['the same meaning', means(answer) === means(meant[i]) && answered[i].unexpected === undefined && answered[i].unchanged === undefined],
            ['the same stored key', answer.path === undefined || answer.stored === meant[i].stored],
            ['its answer left alone', again[i].path === paths[i]],
            ['its answer left alone under the same settings', understood[i].original !== false || viewed[i].path === paths[i]],
            ['a canonical path left alone', canonical[i].path === (meant[i].path ?? '/')],
        ];
        const broken = laws.find(([, holds]) => !holds);
        return broken ? [[vector, broken[0], meant[i], { answered: answered[i], understood: understood[i], again: again[i], canonical: canonical[i] }]] : [];
    });
}

/** The same in batches: njs frees nothing until it ends, and gets slower. */
export function allDifferences(table, functions, core) {
    const found = [];
    for (let at = 0; at < table.vectors.length; at += 2_000) {
        found.push(...differences({ settings: table.settings, vectors: table.vectors.slice(at, at + 2_000) }, functions, core));
    }
    return found;
}

/** The first difference with everything taken away that it does not need. */
export function smallest(table, [vector], one, other) {
    const used = (name) => (table.settings[name] ? { [name]: table.settings[name] } : {});
    const fails = (candidate) => differences({ settings: used(candidate.settings), vectors: [candidate] }, one, other)[0];
    const pairs = (text) => text.split('&');
    let found = [vector, ...fails(vector).slice(1)];
    for (let again = true; again; ) {
        const [now] = found;
        const candidates = [
            ...['accept', 'device', 'savesData', 'settings'].filter((field) => now[field] !== undefined).map((field) => ({ ...now, [field]: undefined })),
            ...(now.query === '' ? [] : pairs(now.query).map((_, i) => ({ ...now, query: pairs(now.query).filter((_, j) => j !== i).join('&') }))),
            ...(now.path === '/x.jpg' ? [] : [{ ...now, path: '/x.jpg' }]),
        ];
        again = false;
        for (const candidate of candidates) {
            const result = fails(candidate);
            if (result) {
                found = [candidate, ...result.slice(1)];
                again = true;
                break;
            }
        }
    }
    return found;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const count = Number(process.argv[2] ?? 10_000);
    const seed = Number(process.argv[3] ?? 20_261_122);
    const table = requests(count, seed);
    const found = allDifferences(table, njs, rust);
    console.log(`${count} requests, seed ${seed}, the function in njs and the core: ${found.length} differences`);
    if (found.length > 0) {
        console.log(JSON.stringify(smallest(table, found[0], njs, rust), null, 2));
        process.exitCode = 1;
    }
}
