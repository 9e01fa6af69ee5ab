// The canonical path: split, read and spelled. A layer is an object of texts by full name.

import { BARE_WORDS, ROWS, isQueryOnly } from './data.js';
import { refuseParameter } from './refusal.js';
import { buffer, word } from './text.js';
import { base64url, token } from './value.js';

const DEFAULT = 'default';

/**
 * The key of a decoded path that has the canonical form, and a layer of what is behind the names of its tokens; nothing for any
 * other path, a source key as a whole.
 */
export const split = (path) => {
    var match = /^\/(default|(?=[1-9])(?:([1-9]\d*)h)?(?:([1-9]\d*)w)?)\/([^\/]+)\/([\s\S]+)/.exec(path);
    if (!match) {
        return undefined;
    }
    var layer = { height: match[2], width: match[3] };
    // repeated tokens cost one look-up each, and an unknown one ends it
    var isKnown = match[4].split('~').every((text) => {
        var row = ROWS.find((entry) => isToken(entry, text));
        if (row) {
            layer[row.names[0]] = row.kind === 'b' ? '-' + text : text.slice(row.names[0].length) || '-';
        }
        return row;
    });
    return (isKnown || match[4] === DEFAULT) && { layer: layer, key: match[5] };
};

const isToken = (row, text) => {
    var name = row.names[0];
    if (row.kind === 'b') {
        return word(BARE_WORDS, text);
    }
    return !isQueryOnly(row) && text.startsWith(name) && (text === name ? row.kind === 'f' : '-_'.includes(text[name.length]));
};

/** Makes of the texts behind the names of tokens the values that they spell. */
export const readTokens = (layer) => {
    ROWS.forEach((row) => {
        var name = row.names[0];
        var text = layer[name];
        if (text && !isQueryOnly(row)) {
            var value = text.slice(1);
            value = (value && text[0] === '_' ? decode(value) : value) || (row.kind === 'f' && !value && '1');
            layer[name] = value || refuseParameter(name);
        }
    });
    return layer;
};

/** False where it is not the base64url that this text would have. */
const decode = (code) => {
    var text = buffer(code, 'base64url').toString();
    return base64url(text) === code && text;
};

/** `{dims}/{options}/`, or nothing for no edits. */
export const prefix = (layer) => {
    var dims = (layer.height ? layer.height + 'h' : '') + (layer.width ? layer.width + 'w' : '');
    var options = ROWS.map((row) => token(row, layer[row.names[0]]));
    options = options.filter((text) => text).join('~');
    return dims || options ? (dims || DEFAULT) + '/' + (options || DEFAULT) + '/' : '';
};
