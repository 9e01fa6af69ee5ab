// The canonical path: split, checked, spelled.

import { ROWS } from './data.js';
import { badParameter } from './refusal.js';
import { parse } from './value.js';

/** The parts of a path that has the canonical form, texts by full name; undefined for any other path, a source key as a whole. */
export const split = (path) => {
    var match = /^\/(default|(?=[1-9])(?:([1-9]\d*)h)?(?:([1-9]\d*)w)?)\/([^\/]+)\/([\s\S]+)/.exec(path);
    if (!match) {
        return undefined;
    }
    var texts = { width: match[3], height: match[2] };
    var tokens = match[4] === 'default' ? [] : match[4].split('~');
    // repeated tokens cost one look-up each, and an unknown one ends it
    var known = tokens.every((token) => {
        var dash = token.indexOf('-');
        var name = token.slice(0, Math.max(dash, 0));
        var row = ROWS.find((entry) => {
            var full = entry.names[0];
            return entry.place === 'bare' ? parse(entry, token) : full === name || (full === token && entry.kind === 'flag');
        });
        if (!row || (row.place && row.place !== 'bare')) {
            return false;
        }
        texts[row.names[0]] = row.place ? token : dash < 0 ? '' : token.slice(dash + 1);
        return true;
    });
    return known ? { texts: texts, rest: match[5] } : undefined;
};

/** The texts of a canonical path as a layer. */
export const readTexts = (texts) => {
    var layer = {};
    ROWS.forEach((row) => {
        var name = row.names[0];
        var text = texts[name];
        if (text !== undefined) {
            layer[name] = parse(row, text);
            if (layer[name] === undefined) {
                throw badParameter(row, text);
            }
        }
    });
    return layer;
};

/** `{dims}/{options}/`, or nothing for no edits. */
export const prefix = (layer) => {
    var dims = (layer.height ? layer.height + 'h' : '') + (layer.width ? layer.width + 'w' : '');
    var tokens = [];
    ROWS.forEach((row) => {
        var name = row.names[0];
        var value = layer[name];
        if (value !== undefined && value !== row.standard) {
            if (row.place === 'bare') {
                tokens.push(value);
            } else if (!row.place) {
                tokens.push(row.kind === 'flag' ? name : name + '-' + value);
            }
        }
    });
    var options = tokens.join('~');
    return dims || options ? (dims || 'default') + '/' + (options || 'default') + '/' : '';
};
