// Builds dist/viewer-request.js: the sources, the parameter table and the configuration in one file. Presets, styles and keys that
// do not fit go into dist/key-value-store.json, which a CloudFront KeyValueStore imports.
//
//     node cf-function/build.mjs [deckle.json] [out.js]

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSync, transformSync } from 'esbuild';

import { readConfiguration, withLines } from '../scripts/configuration.mjs';
import { readSettings } from './settings.mjs';
import { groups, packedTable, rowOf } from './table.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const TABLE = JSON.parse(readFileSync(join(HERE, '../core/edits.json'), 'utf8'));

/** CloudFront's limit on a function's code, in bytes; it cannot be raised. */
export const MAX_BYTES = 10_240;

/** What njs and AWS's list have beyond ES5 is arrow functions, const, let and async functions; the sources use no more of it. */
const LANGUAGE = {
    target: 'es2017',
    supported: { destructuring: false, 'default-argument': false, 'for-of': false, 'rest-argument': false, 'template-literal': false, 'object-extensions': false },
};

/** Shorter names for fields of ours that no event and no layer has. */
const SHORT_NAMES = {
    names: 'n',
    kind: 'k',
    standard: 's',
    layer: 'l',
    key: 'y',
    path: 'p',
    isSource: 'i',
};

/**
 * The function for a configuration.
 *
 * @param {object} config deckle.json
 * @param {{rows?: object[], usesStore?: boolean}} [options] rows in place of core/edits.json's; the store even where all fits
 * @returns {{source: string, store: object|null, usesStore: boolean}} its code; what the KeyValueStore is to import, if
 *     anything; whether it reads one
 * @throws {Error} The configuration's first mistake, or that the result would be too large.
 */
export function buildAll(config, { rows = TABLE.rows, usesStore = false } = {}) {
    const { settings, entries, isSigned, hasKeys, sourceOrigin } = readSettings(config, rows);
    const code = (inStore) => bundle({ rows, settings, isSigned, sourceOrigin, entries: inStore ? {} : entries, usesStore: inStore });
    const needsStore = usesStore || (isSigned && !hasKeys);
    const inlined = needsStore ? null : code(false);
    const fits = inlined !== null && Buffer.byteLength(inlined) <= MAX_BYTES;
    const source = fits ? inlined : code(true);
    const bytes = Buffer.byteLength(source);
    if (bytes > MAX_BYTES) throw new Error(`the function would be ${bytes} bytes, over CloudFront's ${MAX_BYTES}`);
    const data = Object.entries(entries).map(([key, value]) => ({ key, value: JSON.stringify(value) }));
    return { source, store: fits || data.length === 0 ? null : { data }, usesStore: !fits };
}

/** The function's code for a configuration. */
export function build(config, options) {
    return buildAll(config, options).source;
}

function bundle({ rows, settings, entries, usesStore, isSigned, sourceOrigin }) {
    const words = (name) => rowOf(rows, name).words;
    const bare = rows.filter((row) => row.place === 'bare').flatMap((row) => row.words);
    const dpr = rowOf(rows, 'dpr');
    const inside = words('fit').find(([word]) => word === rowOf(rows, 'fit').default);
    const defined = {
        __TABLE__: packedTable(rows),
        __BARE__: groups(bare),
        __FORMATS__: groups(TABLE.formats),
        __DEVICES__: groups(words('device-type')),
        __INSIDE__: groups([inside]),
        __MAX_SIDE__: rowOf(rows, 'width').max,
        __MIN_DPR__: dpr.min / 100,
        __MAX_DPR__: dpr.max / 100,
        __CAPS__: settings.devices,
        __FORMAT__: settings.format ?? null,
        __AUTO_FORMATS__: settings.autoFormats,
        __DEVICE_HEADERS__: settings.deviceHeaders,
        __BREAKPOINTS__: settings.breakpoints,
        __CLIENT_HINTS__: settings.clientHints,
        __ONLY_PRESETS__: settings.onlyPresets,
        __SAVES_DATA__: settings.savesData,
        __INLINED__: entries,
        __USES_STORE__: usesStore,
        __IS_SIGNED__: isSigned,
        __SOURCE_ORIGIN__: sourceOrigin,
        __WORDS__: settings.words?.list ?? '',
        __IS_DIT__: settings.words?.dialect === 'dit',
        __IS_SHOPIFY__: settings.words?.dialect === 'shopify',
        __THUMBOR__: settings.thumbor !== null,
        __THUMBOR_ONLY__: settings.thumbor?.isOnly ?? false,
        __SIH__: settings.sih !== null,
        __SIH_AUTO_WEBP__: settings.sih?.autoWebp ?? false,
        __SIH_FIRST__: settings.sih?.isFirst ?? false,
        __SIH_JSON__: settings.sih?.readsJson ?? false,
        __SIH_THUMBOR__: settings.sih?.readsThumbor ?? false,
        __SIH_REWRITES__: settings.sih?.rewrites ?? false,
        __SIH_SIGNED__: settings.sih?.isSigned ?? false,
    };
    const bundled = buildSync({
        stdin: { contents: "export { viewerRequest } from './viewer-request.js';", resolveDir: join(HERE, 'src') },
        bundle: true,
        write: false,
        charset: 'utf8',
        legalComments: 'none',
        define: Object.fromEntries(Object.entries(defined).map(([name, value]) => [name, JSON.stringify(value)])),
        minifySyntax: true,
        mangleProps: new RegExp(`^(${Object.keys(SHORT_NAMES).join('|')})$`),
        mangleCache: SHORT_NAMES,
        format: 'esm',
        ...LANGUAGE,
    });
    // once more, as one file: neighbouring declarations become one
    const { code } = transformSync(bundled.outputFiles[0].text, { minify: true, charset: 'utf8', format: 'esm', ...LANGUAGE });
    const imports = [usesStore || sourceOrigin !== null ? "import cf from 'cloudfront';" : '', isSigned ? "import crypto from 'crypto';" : ''];
    return asHandler(code.trim(), imports.join(''));
}

/** CloudFront calls a function named `handler` and knows no exports. */
function asHandler(body, imports) {
    const [exported, name] = /export\{([\w$]+) as viewerRequest\};$/.exec(body) ?? [];
    const declaration = `async function ${name}(`;
    if (name === undefined || body.split(declaration).length !== 2) throw new Error('the bundle is not one function and its export');
    return `${imports}${body.slice(0, -exported.length).replace(declaration, 'async function handler(')}\n`;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const usual = join(HERE, '../deckle.json');
    const path = process.argv[2] ?? usual;
    const out = process.argv[3] ?? join(HERE, 'dist/viewer-request.js');
    const storePath = join(dirname(out), 'key-value-store.json');
    try {
        const { text, config } = readConfiguration(path);
        const { source, store, usesStore } = withLines(text, () => buildAll(config));
        mkdirSync(dirname(out), { recursive: true });
        writeFileSync(out, source);
        rmSync(storePath, { force: true });
        if (store) writeFileSync(storePath, `${JSON.stringify(store, null, 2)}\n`);
        console.log(`viewer-request.js: ${Buffer.byteLength(source)} of ${MAX_BYTES} bytes`);
        if (!usesStore) console.log('presets, styles and keys: in the function');
        else console.log(`presets, styles and keys: in its KeyValueStore${store ? `, to import from ${storePath}` : ''}`);
    } catch (error) {
        console.error(error.message);
        process.exitCode = 1;
    }
}
