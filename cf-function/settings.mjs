// The part of deckle.json that decides what a URL means, checked.

import { readFileSync } from 'node:fs';

import { OUTER, rowOf } from './table.mjs';
import { WORDS } from './words.mjs';

const KEYS = ['presets', 'readyPresets', 'only', 'breakpoints', 'clientHints', 'styles', 'format', 'autoFormats', 'devices', 'deviceHeaders', 'dialects', 'sih', 'thumbor', 'cloudfront'];

/** Presets that a configuration takes by name or by group. */
const READY = JSON.parse(readFileSync(new URL('../core/presets.json', import.meta.url), 'utf8'));

/** Formats of images, which a configuration may name; what else `format=` takes is asked for by a URL. */
const FORMATS = JSON.parse(readFileSync(new URL('../core/edits.json', import.meta.url), 'utf8')).formats.map(([word]) => word);

/** A value of a KeyValueStore has so many bytes. */
const MAX_VALUE_BYTES = 1024;

/**
 * @param {object} config deckle.json; keys of other parts are left alone
 * @param {object[]} rows of core/edits.json
 * @returns {{settings: object, entries: Record<string, object|string>, isSigned: boolean, hasKeys: boolean, sourceOrigin: string|null}}
 *     `entries`: texts of presets and styles by full name, and secrets, by `preset:name`, `style:name` and `key:id`
 */
export function readSettings(config, rows) {
    object('configuration', config);
    for (const key of Object.keys(config)) {
        const meant = KEYS.find((known) => known !== key && loosely(known) === loosely(key));
        if (meant && !KEYS.includes(key)) fail(key, `is not known; ${meant} is`);
    }
    const words = (name) => rowOf(rows, name).words.map(([word]) => word);
    const formats = words('format').filter((word) => FORMATS.includes(word));
    const maxSide = rowOf(rows, 'width').max;
    const settings = { autoFormats: ['webp'], devices: {}, deviceHeaders: false };

    if (config.autoFormats !== undefined && config.autoFormats !== null) {
        if (!Array.isArray(config.autoFormats)) fail('autoFormats', 'is not a list');
        settings.autoFormats = config.autoFormats.map((word) => oneOf('autoFormats', word, formats));
    }
    if (config.format !== undefined && config.format !== null) {
        settings.format = oneOf('format', config.format, [...formats, 'auto']);
    }
    for (const [kind, width] of Object.entries(object('devices', config.devices ?? {}))) {
        if (!words('device-type').includes(kind)) fail(`devices.${kind}`, `is not one of ${words('device-type').join(', ')}`);
        if (!Number.isInteger(width) || width < 1 || width > maxSide) {
            fail(`devices.${kind}`, `is ${JSON.stringify(width)}; expected an integer from 1 to ${maxSide}`);
        }
        settings.devices[kind] = width;
    }
    if (![undefined, true, false].includes(config.deviceHeaders)) fail('deviceHeaders', 'is not true or false');
    settings.deviceHeaders = config.deviceHeaders === true;
    if (![undefined, null, 'presets'].includes(config.only)) fail('only', `is ${config.only}; expected presets`);
    settings.onlyPresets = config.only === 'presets';
    settings.breakpoints = breakpoints(config.breakpoints ?? [], maxSide);
    if (![undefined, true, false].includes(config.clientHints)) fail('clientHints', 'is not true or false');
    settings.clientHints = config.clientHints === true;
    if (settings.clientHints && !settings.breakpoints) fail('clientHints', 'needs breakpoints, which bound how many widths are made');
    settings.savesData = config.quality === 'auto';
    settings.sih = sih(config);
    settings.thumbor = thumbor(config, settings.sih);
    settings.words = ofWords(config);

    const styles = Object.keys(object('styles', config.styles ?? {}));
    const entries = {
        ...queries('styles', config.styles ?? {}, rows, []),
        ...queries('presets', { ...readyPresets(config.readyPresets ?? []), ...object('presets', config.presets ?? {}) }, rows, styles),
    };
    const cloudfront = object('cloudfront', config.cloudfront ?? {});
    for (const key of Object.keys(cloudfront)) {
        if (!['sourceOriginId', 'signing'].includes(key)) fail(`cloudfront.${key}`, 'is not known; sourceOriginId and signing are');
    }
    const isSigned = cloudfront.signing !== undefined && cloudfront.signing !== null;
    const keys = isSigned ? secrets(object('cloudfront.signing', cloudfront.signing)) : {};
    return {
        settings,
        entries: { ...entries, ...keys },
        isSigned,
        hasKeys: Object.keys(keys).length > 0,
        sourceOrigin: sourceOrigin(cloudfront),
    };
}

/** In ascending order; null where there are none. */
function breakpoints(given, maxSide) {
    if (!Array.isArray(given) || given.length > 50) fail('breakpoints', 'is not a list of 50 widths at most');
    const wrong = given.find((width) => !Number.isInteger(width) || width < 1 || width > maxSide);
    if (wrong !== undefined) fail('breakpoints', `holds ${JSON.stringify(wrong)}; expected 1 to ${maxSide}`);
    return given.length > 0 ? [...new Set(given)].sort((a, b) => a - b) : null;
}

/** The queries of presets of the catalogue, by name. */
function readyPresets(names) {
    if (!Array.isArray(names)) fail('readyPresets', 'is not a list');
    const chosen = names.flatMap((word) => {
        const found = READY.filter(({ name, group }) => word === name || word === group);
        return found.length > 0 ? found : fail('readyPresets', `${word} is neither a preset nor a group of the catalogue`);
    });
    return Object.fromEntries(chosen.map(({ name, query }) => [name, query]));
}

/** What the function has to know of AWS's dialect; null where it is not read. The rest is for the host to say. */
function sih({ dialects = ['native'], sih: given = {}, thumbor }) {
    if (!Array.isArray(dialects) || dialects.length === 0) fail('dialects', 'is not a list');
    for (const word of dialects) oneOf('dialects', word, ['native', 'sih', 'thumbor', ...Object.keys(WORDS)]);
    const { autoWebp = false, rewrite = null, signature = null } = object('sih', given);
    const readsThumbor = dialects.includes('thumbor') && (thumbor ?? null) === null;
    if (!dialects.includes('sih') && !readsThumbor) return null;
    return {
        autoWebp: autoWebp === true,
        isFirst: dialects[0] !== 'native',
        readsJson: dialects.includes('sih'),
        readsThumbor,
        rewrites: rewrite !== null,
        isSigned: signature !== null,
    };
}

/** The same of Thumbor's own URLs; null where they are not read. */
function thumbor({ dialects = ['native'], thumbor: given }, sih) {
    if (given === undefined || given === null) return null;
    const { mode } = typeof given === 'string' ? { mode: given } : object('thumbor', given);
    if (mode !== 'strict') fail('thumbor.mode', 'is not strict');
    return dialects.includes('thumbor') ? { isOnly: !dialects.includes('native') && sih === null } : null;
}

/** The dialect that is words of a query, and its words as one text; null where there is none. */
function ofWords({ dialects = ['native'] }) {
    const [dialect, second] = dialects.filter((word) => word in WORDS);
    if (dialect === undefined) return null;
    if (second !== undefined || dialects.includes('sih')) fail('dialects', 'has two of sih, dit, shopify and wordpress, which have words in common');
    if (dialects.slice(0, dialects.indexOf(dialect)).includes('native')) fail('dialects', 'has native before a dialect that it has words in common with');
    return { dialect, list: WORDS[dialect].join(',') };
}

/** Presets or styles, as texts by full name. A preset may name a style, a style never names another. */
function queries(section, sources, rows, styles) {
    const builtIn = rowOf(rows, 'style').words.flatMap(([word, aliases]) => [word, ...aliases]);
    const entries = Object.entries(sources).map(([name, query]) => {
        const at = `${section}.${name}`;
        if (!/^[A-Za-z0-9_-]{1,40}$/.test(name)) fail(at, 'a name is 1 to 40 letters, digits, - and _');
        if (section === 'styles' && [...builtIn, 'default'].includes(name)) fail(at, 'is the name of a built-in style');
        if (typeof query !== 'string') fail(at, 'is not a query such as "width=600&fit=cover"');
        const given = new Map();
        for (const pair of query.split('&')) {
            const [parameter, ...rest] = pair.split('=');
            const row = rows.find((entry) => [entry.name, ...entry.aliases].includes(parameter));
            if (!row || OUTER.includes(row.name)) fail(at, `${pair} is not an edit that can stand here`);
            const value = decoded(rest.join('=')) ?? fail(at, `${pair} is not percent-encoded UTF-8`);
            const isExpected = isValue(row, value) || (row.name === 'style' && styles.includes(value)) || (row.name === 'format' && value === 'auto');
            if (!isExpected) fail(at, `${row.name} is ${value}; expected ${row.expected}`);
            given.set(parameter, value);
        }
        const layer = Object.fromEntries(rows.map((row) => [row.name, strongest(row, given)]).filter(([, value]) => value !== undefined));
        if (Buffer.byteLength(JSON.stringify(layer)) > MAX_VALUE_BYTES) fail(at, `is longer than ${MAX_VALUE_BYTES} bytes`);
        return [`${section.slice(0, -1)}:${name}`, layer];
    });
    return Object.fromEntries(entries);
}

/** Of a row's names the first that is given; an empty value counts for flags only. */
function strongest(row, given) {
    const texts = [row.name, ...row.aliases].map((name) => given.get(name));
    const text = texts.find((one) => one || (one === '' && row.kind === 'flag'));
    return text === '' ? '1' : text;
}

function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return undefined;
    }
}

/** Whether a value is one of its row, as far as core/edits.json tells; the rest is found when the host reads the configuration. */
function isValue(row, text) {
    if (text === '') return true;
    switch (row.kind) {
        case 'integer':
            return /^\d{1,9}$/.test(text) && Number(text) >= row.min && Number(text) <= row.max;
        case 'quality':
            return (/^\d{1,9}$/.test(text) && Number(text) >= row.min && Number(text) <= row.max) || row.words.some(([word, aliases]) => word === text || aliases.includes(text));
        case 'decimal':
            return /^\d{1,9}(\.\d{1,4})?$/.test(text) && Number(text) * 10_000 >= row.min && Number(text) * 10_000 <= row.max;
        case 'flag':
            return ['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off'].includes(text);
        case 'word':
            return row.words.some(([word, aliases]) => word === text || aliases.includes(text));
        default:
            return true;
    }
}

/** `cloudfront.signing.keys`, secrets by key id; without it they are in the KeyValueStore already. */
function secrets(signing) {
    for (const key of Object.keys(signing)) {
        if (key !== 'keys') fail(`cloudfront.signing.${key}`, 'is not known; keys is');
    }
    const entries = Object.entries(object('cloudfront.signing.keys', signing.keys ?? {})).map(([id, secret]) => {
        const at = `cloudfront.signing.keys.${id}`;
        if (!/^[A-Za-z0-9_-]{1,40}$/.test(id)) fail(at, 'an id is 1 to 40 letters, digits, - and _');
        if (typeof secret !== 'string' || Buffer.byteLength(secret) < 16 || Buffer.byteLength(secret) > MAX_VALUE_BYTES) {
            fail(at, `is not a secret of 16 to ${MAX_VALUE_BYTES} bytes`);
        }
        return [`key:${id}`, secret];
    });
    return Object.fromEntries(entries);
}

function sourceOrigin(cloudfront) {
    const id = cloudfront.sourceOriginId;
    if (id === undefined || id === null) return null;
    if (typeof id !== 'string' || id === '' || id.length > 128) fail('cloudfront.sourceOriginId', 'is not the id of an origin');
    return id;
}

function oneOf(at, word, words) {
    return words.includes(word) ? word : fail(at, `${JSON.stringify(word)} is not one of ${words.join(', ')}`);
}

function object(at, value) {
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : fail(at, 'is not an object');
}

/** `Preset`, `auto_formats`: what a slip of the keyboard makes of a key. */
function loosely(key) {
    return key.toLowerCase().replace(/[^a-z]/g, '').replace(/s$/, '');
}

function fail(at, message) {
    throw new Error(`deckle.json: ${at}: ${message}`);
}
