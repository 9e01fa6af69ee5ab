// A request to its canonical path: names and aliases to full names, the last of repeats, the table's order. docs/url.md.
/* global __AUTO_FORMATS__, __FORMAT__, __ONLY_PRESETS__, __SAVES_DATA__ */

import { isNegotiable, namedFormat, negotiate } from './accept.js';
import { BARE_WORDS } from './data.js';
import { encodeKey, extension, isBadKey } from './key.js';
import { prefix, readTokens, split } from './path.js';
import { fill, readQuery } from './query.js';
import { refuseKey, refuseParameter } from './refusal.js';
import { resolveSize } from './size.js';
import { lookUp } from './store.js';
import { bytes, decode, keys, texts, word } from './text.js';

/** The canonical path, and whether it names a source object as it stands. */
export async function canonicalise(path, query, headers) {
    var decoded = decode(path);
    // the canonical path of anything is shorter than 4,096 bytes
    if (!decoded || bytes(decoded) > 4096) {
        refuseKey();
    }
    var parts = split(decoded);
    var key = parts ? parts.key : decoded.slice(1);
    if (key && isBadKey(key)) {
        refuseKey();
    }
    var layer = parts ? readTokens(parts.layer) : readQuery(query);
    if (!parts) {
        if (!key && keys(layer).length) {
            refuseKey();
        }
        if (__ONLY_PRESETS__ && key) {
            var other = keys(layer).find((name) => layer[name] && !/^(dimensions|device-type)$/.test(name));
            (layer.dimensions && !other) || refuseParameter(other || 'dimensions');
        }
        var asked = layer.width;
        await expand(layer, 'dimensions', 'preset:');
        await expand(layer, 'style', 'style:');
        var isAsked = __SAVES_DATA__ && Object.values(layer).join('');
        var suffix = extension(key);
        var isImage = key && isNegotiable(suffix);
        resolveSize(layer, isImage && headers, asked);
        layer.format = layer.format || (__FORMAT__ && isImage && __FORMAT__ !== namedFormat(suffix) && __FORMAT__);
        if (layer.format === 'auto') {
            layer.format = isImage && negotiate(texts(headers.accept).join(','), __AUTO_FORMATS__, suffix);
        }
        // what asks for no quality of its own, or for `auto`, has a lower one for those who want fewer bytes
        if (/^\s*on\s*$/i.test(texts(headers['save-data'])[0]) && (layer.quality === 'auto' || (isAsked && isImage && !layer.quality))) {
            layer.quality = 'medium';
        }
    }
    var before = prefix(layer);
    if (__ONLY_PRESETS__ && key && !before) {
        refuseParameter('dimensions');
    }
    var isHidden = !before && split('/' + key);
    return { path: '/' + (isHidden ? 'default/default/' : before) + encodeKey(key), isSource: !before && !isHidden };
}

/** Fills in what a name stands for: that of a preset, or a style's that is not built in. */
async function expand(layer, parameter, kind) {
    var name = layer[parameter];
    if (name && !(parameter === 'style' && word(BARE_WORDS, name))) {
        var found = await lookUp(kind + name);
        layer[parameter] = '';
        fill(layer, found || refuseParameter(parameter));
    }
}
