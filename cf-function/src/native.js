// The native dialect (docs/url.md): a query, or a path that is canonical already, to the canonical path.

import { isNegotiable, namedFormat, negotiate } from './accept.js';
import { prefix, readTexts, split } from './canonical.js';
import { ROWS, SETTINGS } from './data.js';
import { checkKey, decodeKey, extension } from './key.js';
import { expand, readQuery } from './layer.js';
import { expected, invalid } from './refusal.js';

/** The canonical path, and whether it names a source object as it stands. */
export const canonicalise = (path, query, headers) => {
    var parts = split(path);
    var key = parts ? parts.rest : path.slice(1);
    var decoded = decodeKey(key);
    var layer = parts ? readTexts(parts.texts) : edits(query, headers, key, decoded);
    var before = prefix(layer);
    if (key || before) {
        checkKey(decoded, before.length);
    }
    // S3 reads a bare + in a path as a space
    // split and join: njs 0.7.9 loses its way when it replaces all matches in text that is not ASCII
    key = key.split('+').join('%2B');
    if (parts && !before && split('/' + key)) {
        // an original whose own name has the canonical form says so, or it would be read as edits
        return { path: '/default/default/' + key, isSource: false };
    }
    return { path: '/' + before + key, isSource: !before };
};

const edits = (query, headers, key, decoded) => {
    var layer = expand(readQuery(query));
    multiply(layer);
    var suffix = extension(decoded || '');
    var byHeaders = SETTINGS.deviceHeaders && key && isNegotiable(suffix);
    cap(layer, SETTINGS.devices[layer['device-type'] || (byHeaders && device(headers))]);
    chooseFormat(layer, headers, key, suffix);
    return layer;
};

/** Multiplies dpr into width and height, half up in integers. */
const multiply = (layer) => {
    if (layer.dpr === undefined) {
        return;
    }
    var hundredths = Math.round(layer.dpr * 100);
    ROWS.slice(0, 2).forEach((row) => {
        var name = row.names[0];
        if (layer[name] !== undefined) {
            var product = Math.max(1, Math.floor((layer[name] * hundredths + 50) / 100));
            if (product > row.max) {
                throw invalid(name, name + ' times dpr is ' + product + '; ' + expected(row));
            }
            layer[name] = product;
        }
    });
};

const device = (headers) =>
    ['mobile', 'tablet', 'desktop'].find((kind) => {
        var header = headers['cloudfront-is-' + kind + '-viewer'];
        return header && header.value === 'true';
    });

/** Caps the width by the device's figure, if it has one. */
const cap = (layer, width) => {
    if (!width) {
        return;
    }
    if (layer.width > width) {
        if (layer.height) {
            layer.height = Math.max(1, Math.floor((layer.height * width * 2 + +layer.width) / (2 * layer.width)));
        }
        layer.width = width;
    } else if (!layer.width && (!layer.height || (layer.fit || 'inside') === 'inside')) {
        layer.width = width;
    }
};

const chooseFormat = (layer, headers, key, extension) => {
    if (!layer.format && key) {
        layer.format = SETTINGS.format === namedFormat(extension) ? undefined : SETTINGS.format;
        if (!isNegotiable(extension)) {
            layer.format = undefined;
        }
    }
    if (layer.format === 'auto') {
        layer.format = isNegotiable(extension) ? negotiate(accept(headers), SETTINGS.autoFormats, extension) : undefined;
    }
};

/** The Accept header, sent once or several times. */
const accept = (headers) => {
    var header = headers.accept || { value: '' };
    return (header.multiValue || [header]).map((entry) => entry.value).join(',');
};
