// The parsers, each as a function from a table {settings, vectors} to its answers, in the vectors' order:
// {path, stored?, original?} or {error: {code, parameter?, message}}.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from '../../cf-function/build.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const KINDS = ['mobile', 'tablet', 'desktop'];

/** A query as CloudFront's event spells it: values as sent, `value` the first of several. */
export function querystring(query) {
    const out = Object.create(null);
    for (const pair of query.split('&')) {
        const at = pair.indexOf('=');
        const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
        if (name === '') continue;
        if (!out[name]) {
            out[name] = { value };
        } else {
            out[name].multiValue ??= [{ value: out[name].value }];
            out[name].multiValue.push({ value });
        }
    }
    return out;
}

/** A viewer-request event. */
export function event({ path, query = '', accept, device, width, savesData }) {
    const headers = { host: { value: 'd111111abcdef8.cloudfront.net' } };
    if (accept !== undefined && accept !== null) headers.accept = { value: accept };
    if (savesData) headers['save-data'] = { value: 'on' };
    if (device) {
        for (const kind of KINDS) headers[`cloudfront-is-${kind}-viewer`] = { value: String(kind === device) };
    }
    if (width) headers['sec-ch-width'] = { value: String(width) };
    return {
        version: '1.0',
        context: { eventType: 'viewer-request' },
        viewer: { ip: '198.51.100.1' },
        request: { method: 'GET', uri: path, querystring: querystring(query), headers, cookies: {} },
    };
}

/** What the function's return value says. */
export function outcome(returned) {
    if (returned.statusCode === undefined) {
        const rest = Object.keys(returned.querystring);
        return rest.length === 0 ? { path: returned.uri } : { unchanged: returned.uri };
    }
    const body = JSON.parse(returned.body.data);
    if (returned.statusCode !== 400 || body.status !== 400) return { unexpected: returned };
    delete body.status;
    return { error: body };
}

/** The built function in njs, every variant of the settings in one process. */
export function njs(table) {
    const names = ['', ...Object.keys(table.settings)];
    const variants = names.map((name, i) => `const h${i} = (function () {\n${build(table.settings[name] ?? {})}return handler; })();`);
    const batch = table.vectors.map((vector) => [names.indexOf(vector.settings ?? ''), event(vector)]);
    return inFolder((folder) => {
        writeFileSync(join(folder, 'batch.json'), JSON.stringify(batch));
        writeFileSync(
            join(folder, 'run.js'),
            `${variants.join('\n')}
            const handlers = [${names.map((_, i) => `h${i}`).join(', ')}];
            const fs = require('fs');
            const batch = JSON.parse(fs.readFileSync('${join(folder, 'batch.json')}', 'utf8'));
            async function run() {
                const out = [];
                for (var i = 0; i < batch.length; i++) {
                    const answer = await handlers[batch[i][0]](batch[i][1]);
                    out.push(answer);
                }
                fs.writeFileSync('${join(folder, 'out.json')}', JSON.stringify(out));
            }
            run();
            `,
        );
        execFileSync('njs', [join(folder, 'run.js')], { stdio: ['ignore', 'inherit', 'inherit'] });
        return JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')).map(outcome);
    });
}

/** The core, through its hidden test. */
export function rust(table) {
    return inFolder((folder) => {
        const batch = join(folder, 'batch.json');
        const out = join(folder, 'out.json');
        writeFileSync(batch, JSON.stringify(table));
        execFileSync('cargo', ['test', '--quiet', '--package', 'deckle', '--test', 'parity', 'answers_a_batch'], {
            cwd: ROOT,
            env: { ...process.env, DECKLE_PARITY_BATCH: batch, DECKLE_PARITY_OUT: out },
            stdio: ['ignore', 'ignore', 'inherit'],
        });
        return JSON.parse(readFileSync(out, 'utf8'));
    });
}

/** The core as the wasm exports it: `canonical(path, query, accept, device, settingsJson, savesData)` and `readCanonical(path)`, both to JSON. */
export function wasm({ canonical, readCanonical }) {
    return (table) =>
        table.vectors.map(({ path, query = '', accept, device, width, savesData, settings, isCanonical }) => {
            const json = JSON.stringify(table.settings[settings] ?? {});
            const text = isCanonical ? readCanonical(path) : canonical(path, query, accept ?? undefined, device ?? undefined, json, width ?? undefined, savesData);
            const answer = JSON.parse(text);
            if (answer.error?.parameter === null) delete answer.error.parameter;
            return answer;
        });
}

function inFolder(work) {
    const folder = mkdtempSync(join(tmpdir(), 'deckle-parity-'));
    try {
        return work(folder);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
