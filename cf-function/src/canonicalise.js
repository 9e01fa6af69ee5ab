// A request to its canonical path: names and aliases to full names, the last of repeats, the table's order. docs/url.md.

import { isNegotiable, namedFormat, negotiate } from './accept.js';
import { BARE_WORDS, SETTINGS } from './data.js';
import { checkKey, decodePath, encodeKey, extension } from './key.js';
import { prefix, readTokens, split } from './path.js';
import { fill, readQuery, readText } from './query.js';
import { badKey, badParameter } from './refusal.js';
import { resolveSize } from './size.js';
import { lookUp } from './store.js';

/** The canonical path, and whether it names a source object as it stands. */
export async function canonicalise(path, query, headers) {
    var decoded = decodePath(path);
    var parts = split(decoded);
    var key = parts ? parts.key : decoded.slice(1);
    if (key) {
        checkKey(key);
    }
    var layer;
    if (parts) {
        layer = readTokens(parts.texts);
    } else {
        layer = readQuery(query);
        if (!key && Object.keys(layer).length) {
            throw badKey('holding an empty, . or .. segment');
        }
        await expand(layer);
        var suffix = extension(key);
        var isImage = key && isNegotiable(suffix);
        resolveSize(layer, SETTINGS.deviceHeaders && isImage ? headers : undefined);
        layer.format = chooseFormat(layer.format, headers, isImage, suffix);
    }
    var before = prefix(layer);
    var isHidden = !before && split('/' + key);
    return { path: '/' + (isHidden ? 'default/default/' : before) + encodeKey(key), isSource: !before && !isHidden };
}

/** Fills in the preset and the configured style. */
async function expand(layer) {
    var preset = layer.dimensions;
    if (preset !== undefined) {
        var text = await lookUp('preset', preset);
        if (text === undefined) {
            throw badParameter('dimensions', preset, 'a name in the configuration');
        }
        fill(layer, readText(text));
    }
    var style = layer.style;
    if (style !== undefined && !BARE_WORDS.includes(style)) {
        var styled = await lookUp('style', style);
        if (styled === undefined) {
            throw badParameter('style', style, 'a style');
        }
        layer.style = undefined;
        fill(layer, readText(styled));
    }
}

const chooseFormat = (given, headers, isImage, suffix) => {
    var format = given;
    if (format === undefined && isImage && SETTINGS.format !== namedFormat(suffix)) {
        format = SETTINGS.format;
    }
    if (format !== 'auto') {
        return format;
    }
    return isImage ? negotiate(accept(headers), SETTINGS.autoFormats, suffix) : undefined;
};

/** The Accept header, sent once or several times. */
const accept = (headers) => {
    var header = headers.accept || { value: '' };
    return (header.multiValue || [header]).map((entry) => entry.value).join(',');
};
