// The part of deckle.json that decides what a URL means, checked and flattened by the function's own parser.

import vm from 'node:vm';

import { groups } from './table.mjs';

const KEYS = ['presets', 'styles', 'format', 'autoFormats', 'devices', 'deviceHeaders', 'cloudfront'];

/**
 * @param {object} config deckle.json; keys of other parts are left alone
 * @param {object[]} rows the minimal table
 * @param {(settings: object) => string} bundle source of the function's parser with these settings, as a script that leaves
 *     `parser` behind
 * @returns {{settings: object, sourceOrigin: string|null}}
 */
export function readSettings(config, rows, bundle) {
    object('configuration', config);
    for (const key of Object.keys(config)) {
        const meant = KEYS.find((known) => known !== key && loosely(known) === loosely(key));
        if (meant && !KEYS.includes(key)) fail(key, `is not known; ${meant} is`);
    }
    const words = (name) => groups(rows.find((row) => row.names[0] === name)).map(([word]) => word);
    const maxSide = rows.find((row) => row.names[0] === 'width').max;
    const settings = { presets: [], styles: [], autoFormats: ['webp'], devices: {}, deviceHeaders: false };

    if (config.autoFormats !== undefined && config.autoFormats !== null) {
        if (!Array.isArray(config.autoFormats)) fail('autoFormats', 'is not a list');
        settings.autoFormats = config.autoFormats.map((word) => oneOf('autoFormats', word, words('format')));
    }
    if (config.format !== undefined && config.format !== null) {
        settings.format = oneOf('format', config.format, [...words('format'), 'auto']);
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

    // styles first: a preset may name one, a style never names another
    for (const section of ['styles', 'presets']) {
        settings[section] = layers(section, object(section, config[section] ?? {}), rows, bundle(settings));
    }
    return { settings, sourceOrigin: sourceOrigin(object('cloudfront', config.cloudfront ?? {})) };
}

function layers(section, sources, rows, source) {
    const context = vm.createContext({ Buffer });
    vm.runInContext(source, context);
    const styles = groups(rows.find((row) => row.names[0] === 'style')).flat();
    return Object.entries(sources).map(([name, query]) => {
        const at = `${section}.${name}`;
        if (!/^[A-Za-z0-9_-]{1,40}$/.test(name)) fail(at, 'a name is 1 to 40 letters, digits, - and _');
        if (section === 'styles' && styles.includes(name)) fail(at, 'is the name of a built-in style');
        if (typeof query !== 'string') fail(at, 'is not a query such as "width=600&fit=cover"');
        const event = Object.create(null);
        for (const pair of query.split('&')) {
            const [parameter, ...value] = pair.split('=');
            const row = rows.find((entry) => entry.names.includes(parameter));
            if (!row || context.parser.isOuter(row)) fail(at, `${pair} is not an edit that can stand here`);
            event[parameter] = { value: value.join('=') };
        }
        try {
            return [name, JSON.parse(JSON.stringify(context.parser.readQuery(event)))];
        } catch (refusal) {
            if (refusal.status !== 400) throw refusal;
            return fail(at, refusal.message);
        }
    });
}

function sourceOrigin(cloudfront) {
    for (const key of Object.keys(cloudfront)) {
        if (key !== 'sourceOriginId') fail(`cloudfront.${key}`, 'is not known; sourceOriginId is');
    }
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
