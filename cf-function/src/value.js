// Values: text to normalised text, and to a token of the canonical path. Whether a value is good is for the origin to say.

/** A match from the start that reaches the end; `$` would let a final newline pass in some engines. */
export const whole = (pattern, text) => {
    var match = pattern.exec(text);
    return match && match[0].length === text.length ? match : null;
};

/** A number without needless zeros; undefined for other text and for more decimal places than the row has. */
const number = (text, places) => {
    var match = whole(/^\d{1,9}(\.\d{1,4})?/, text);
    return match && (match[1] || '').length <= +places + 1 ? '' + +text : undefined;
};

/** The first word of the group that holds the text, groups spelled `word alias,word alias`. */
export const word = (words, text) => {
    var groups = words.split(',').map((group) => group.split(' '));
    var group = groups.find((spellings) => spellings.includes(text));
    return group && group[0];
};

/** The value in fewer spellings; never a good value made of a bad one, nor another value. */
export const normalise = (row, text) => {
    var kind = row.kind;
    if (kind === 'f') {
        return word('1  true yes on,0 false no off', text) || text;
    }
    if (kind === 'c') {
        var digits = whole(/^#?([\da-f]{3,8})/i, text);
        return digits ? digits[1].toLowerCase() : text;
    }
    if (kind[0] === 'x') {
        var items = text.split(text.includes(',') ? ',' : 'x').map((item) => number(item, kind[1]));
        return items.includes(undefined) ? text : items.join('x');
    }
    return (/\d/.test(kind) && number(text, kind)) || text;
};

export const base64url = (text) => Buffer.from(text).toString('base64url');

/** The token of a normalised value; empty for the default one. */
export const token = (row, value) => {
    var name = row.names[0];
    if (value === undefined || value === row.standard) {
        return '';
    }
    if (row.kind === 'f' && value === '1') {
        return name;
    }
    if (row.kind === 'b') {
        return value;
    }
    if (row.kind === 'o') {
        return name + value;
    }
    return name + (whole(/^[\w.-]+/, value) ? '-' + value : '_' + base64url(value));
};
