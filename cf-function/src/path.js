// The canonical path: split and spelled. A layer is an object of texts by full name.

import { BARE_WORDS, ROWS } from './data.js';
import { badParameter } from './refusal.js';
import { base64url, normalise, token, whole } from './value.js';

/** The parts of a decoded path that has the canonical form; undefined for any other path, a source key as a whole. */
export const split = (path) => {
    var match = /^\/(default|(?=[1-9])(?:([1-9]\d*)h)?(?:([1-9]\d*)w)?)\/([^\/]+)\/([\s\S]+)/.exec(path);
    if (!match) {
        return undefined;
    }
    var texts = { width: match[3], height: match[2] };
    // repeated tokens cost one look-up each, and an unknown one ends it
    var known = (match[4] === 'default' ? [] : match[4].split('~')).every((text) => {
        var row = ROWS.find((entry) => isToken(entry, text));
        if (row) {
            texts[row.names[0]] = row.kind === 'b' ? text : text.slice(row.names[0].length);
        }
        return row;
    });
    return known ? { texts: texts, key: match[5] } : undefined;
};

const isToken = (row, text) => {
    var name = row.names[0];
    if (row.kind === 'b') {
        return BARE_WORDS.includes(text);
    }
    return row.kind !== 'q' && row.kind !== 'e' && text.startsWith(name) && (text === name ? row.kind === 'f' : '-_'.includes(text[name.length]));
};

/** What the tokens of a canonical path say. */
export const readTokens = (texts) => {
    ROWS.forEach((row) => {
        var name = row.names[0];
        var text = texts[name];
        if (text === undefined || row.kind === 'b' || row.kind === 'q') {
            return;
        }
        if (row.kind === 'o') {
            if (!whole(/^.[\w.-]*/, text)) {
                throw badParameter(name, text, 'operations');
            }
            return;
        }
        var value = text.slice(1);
        texts[name] = text[0] === '_' ? decode(value) : value;
        if (texts[name] === undefined) {
            throw badParameter(name, text, 'base64url of text');
        }
    });
    return texts;
};

/** Undefined where it is not the base64url that this text would have. */
const decode = (code) => {
    if (code && !whole(/^[\w-]+/, code)) {
        return undefined;
    }
    var text = Buffer.from(code, 'base64url').toString();
    return base64url(text) === code ? text : undefined;
};

/** `{dims}/{options}/`, or nothing for no edits. */
export const prefix = (layer) => {
    var dims = (layer.height ? layer.height + 'h' : '') + (layer.width ? layer.width + 'w' : '');
    var options = ROWS.map((row) => {
        var name = row.names[0];
        var text = layer[name];
        return text === undefined || row.kind === 'q' || row.kind === 'e' ? '' : token(row, normalise(row, text));
    });
    options = options.filter((text) => text).join('~');
    return dims || options ? (dims || 'default') + '/' + (options || 'default') + '/' : '';
};
