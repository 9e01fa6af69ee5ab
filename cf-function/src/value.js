// Kinds of value: text to canonical text, or undefined when it is not of the kind or out of range.

/** A match from the start that reaches the end; `$` would let a final newline pass in some engines. */
const whole = (pattern, text) => {
    var match = pattern.exec(text);
    return match && match[0].length === text.length ? match : null;
};

const integer = (text, min, max) => {
    var n = whole(/^\d{1,9}/, text) ? +text : -1;
    return n >= min && n <= max ? '' + n : undefined;
};

/** `min` and `max` in ten-thousandths. */
const decimal = (text, min, max, places) => {
    var match = whole(/^\d{1,9}(\.\d{1,4})?/, text);
    if (!match || (match[1] || '').length > places + 1) {
        return undefined;
    }
    var n = Math.round(+text * 10000);
    return n >= min && n <= max ? '' + n / 10000 : undefined;
};

/** Items joined by `,` or by `x`, each through `read`, joined by `x`. */
const list = (text, count, read) => {
    var items = text.length > 64 ? [] : text.split(text.includes(',') ? ',' : 'x').map(read);
    return items.length === count && !items.includes(undefined) ? items.join('x') : undefined;
};

/** The first word of the group that holds the text, groups spelled `word alias,word alias`. */
export const word = (words, text) => {
    var groups = words.split(',').map((group) => group.split(' '));
    var group = groups.find((spellings) => spellings.includes(text));
    return group && group[0];
};

const colour = (names, text) => {
    var match = whole(/^#?([0-9a-f]{3,8})/, (word(names, text) || text).toLowerCase());
    var hex = match ? match[1] : '';
    if (hex.length < 5) {
        hex = hex.replace(/./g, '$&$&');
    }
    if (hex.length === 8 && hex.endsWith('ff')) {
        hex = hex.slice(0, 6);
    }
    return hex.length === 6 || hex.length === 8 ? hex : undefined;
};

/** Canonical text of a row's value; a flag is '1' or '0'. */
export const parse = (row, text) => {
    switch (row.kind) {
        case 'integer':
            return integer(text, row.min, row.max);
        case 'decimal':
            return decimal(text, row.min, row.max, row.places);
        case 'flag':
            return word('1  true yes on,0 false no off', text);
        case 'word':
            return word(row.words, text);
        case 'colour':
            return colour(row.words, text);
        case 'rectangle':
            return list(text, 4, (item, i) => integer(item, i > 1 ? 1 : 0, row.max));
        case 'position':
            return word(row.words, text) || list(text, 2, (item) => decimal(item, 0, 10000, 4));
    }
    return undefined;
};
