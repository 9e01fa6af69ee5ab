// Values: text to normalised text, and to a token of the canonical path. Whether a value is good is for the origin to say.

import { BARE_WORDS, isQueryOnly } from './data.js';
import { buffer, whole, word } from './text.js';

/** A number without needless zeros; undefined for other text and for more decimal places than the row has. */
const number = (text, places) => {
    var match = whole(/^\d{1,9}(\.\d{1,4})?/, text);
    return match && (match[1] || '').length <= +places + 1 ? '' + +text : undefined;
};

/** The value in fewer spellings; never a good value made of a bad one, nor another value. */
const normalise = (kind, text) => {
    if (kind === 'f') {
        return word('1 true yes on,0 false no off', text) || text;
    }
    if (kind === 'c') {
        return whole(/^#?[\da-f]{3,8}/i, text) ? text.replace('#', '').toLowerCase() : text;
    }
    if (kind > 'x') {
        var items = text.split(text.includes(',') ? ',' : 'x').map((item) => number(item, kind[1]));
        return items.includes(undefined) ? text : items.join('x');
    }
    return (kind && number(text, kind)) || text;
};

export const base64url = (text) => buffer(text).toString('base64url');

/** The token of a value; empty for none and for the default one. */
export const token = (row, text) => {
    var name = row.names[0];
    if (!text || isQueryOnly(row)) {
        return '';
    }
    if (row.kind === 'b') {
        return word(BARE_WORDS, text);
    }
    var value = normalise(row.kind, text);
    if (value === row.standard) {
        return '';
    }
    if (row.kind === 'f' && value === '1') {
        return name;
    }
    return name + (whole(/^[\w.-]+/, value) ? '-' + value : '_' + base64url(value));
};
