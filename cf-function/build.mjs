// Builds dist/viewer-request.js: the sources, the parameter table and the configuration in one file.
//
//     node cf-function/build.mjs [deckle.json] [out.js]

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

import { readSettings } from './settings.mjs';
import { minimalTable } from './table.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));

/** CloudFront's limit on a function's code, in bytes; it cannot be raised. */
export const MAX_BYTES = 10_240;

/** Shorter names for fields of ours that no event and no layer has. */
const SHORT_NAMES = {
    names: 'n',
    kind: 'k',
    places: 'd',
    words: 'w',
    place: 'p',
    standard: 's',
    expected: 'e',
    presets: 'p',
    styles: 's',
    autoFormats: 'a',
    deviceHeaders: 'h',
    texts: 't',
    rest: 'r',
    isSource: 'i',
};

/**
 * The function's source for a configuration.
 *
 * @param {object} config deckle.json
 * @returns {string}
 * @throws {Error} The configuration's first mistake, or that the result would be too large.
 */
export function build(config) {
    const rows = minimalTable(JSON.parse(readFileSync(join(HERE, '../core/edits.json'), 'utf8')));
    const parser = (settings) =>
        bundle("export { readQuery } from './layer.js'; export { isOuter } from './edits.js';", rows, settings, {
            minify: false,
            format: 'iife',
            globalName: 'parser',
        });
    const { settings, sourceOrigin } = readSettings(config, rows, parser);
    const entry = "export { viewerRequest } from './viewer-request.js';";
    const body = bundle(entry, rows, settings, { minify: true, format: 'esm', sourceOrigin });
    const source = asHandler(body, sourceOrigin !== null);
    const bytes = Buffer.byteLength(source);
    if (bytes > MAX_BYTES) {
        throw new Error(`the function would be ${bytes} bytes, over CloudFront's ${MAX_BYTES}: shorten the presets and styles`);
    }
    return source;
}

function bundle(contents, rows, settings, { minify, sourceOrigin = null, ...format }) {
    const result = buildSync({
        stdin: { contents, resolveDir: join(HERE, 'src') },
        bundle: true,
        write: false,
        charset: 'utf8',
        legalComments: 'none',
        // what njs and AWS's list have of ES6 is arrow functions, const and let; the sources use no more of it
        target: 'es2015',
        supported: { destructuring: false, 'default-argument': false, 'for-of': false, 'rest-argument': false, 'template-literal': false },
        define: {
            __ROWS__: JSON.stringify(minify ? rows.map(shorten) : rows),
            __SETTINGS__: JSON.stringify(minify ? shorten(settings) : settings),
            __SOURCE_ORIGIN__: JSON.stringify(sourceOrigin),
        },
        minify,
        mangleProps: minify ? new RegExp(`^(${Object.keys(SHORT_NAMES).join('|')})$`) : undefined,
        mangleCache: minify ? SHORT_NAMES : undefined,
        ...format,
    });
    return result.outputFiles[0].text.trim();
}

function shorten(object) {
    return Object.fromEntries(Object.entries(object).map(([name, value]) => [SHORT_NAMES[name] ?? name, value]));
}

/** CloudFront calls a function named `handler` and knows no exports. */
function asHandler(body, needsCloudFront) {
    const match = /export\{([\w$]+) as viewerRequest\};$/.exec(body);
    if (!match) throw new Error('the bundle does not end in its export');
    const before = needsCloudFront ? "import cf from 'cloudfront';" : '';
    return `${before}${body.slice(0, match.index)}function handler(event){return ${match[1]}(event)}\n`;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const usual = join(HERE, '../deckle.json');
    const path = process.argv[2] ?? (existsSync(usual) ? usual : undefined);
    const out = process.argv[3] ?? join(HERE, 'dist/viewer-request.js');
    try {
        const source = build(path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8')));
        mkdirSync(dirname(out), { recursive: true });
        writeFileSync(out, source);
        console.log(`viewer-request.js: ${Buffer.byteLength(source)} of ${MAX_BYTES} bytes`);
    } catch (error) {
        console.error(error.message);
        process.exitCode = 1;
    }
}
