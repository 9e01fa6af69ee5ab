// Refusals: what becomes a 400. Thrown as plain objects, so that they differ from exceptions of the engine.

/**
 * A known parameter with a bad value: 40 characters of it, each unusual one shown as `?`. Where the engine counts in UTF-16
 * units, the second half of a pair is left out.
 */
export const badParameter = (row, text) => {
    var shown = text
        .slice(0, 80)
        .replace(/[^A-Za-z0-9._~,#-]/g, (c) => (c.charCodeAt(0) >> 10 === 0x37 ? '' : '?'))
        .slice(0, 40);
    return invalid(row.names[0], row.names[0] + ' is ' + shown + '; ' + expected(row));
};

/** The end of the sentence, the words of the row in place of `*`. */
export const expected = (row) => {
    var words = (row.words || '').replace(/ [^,]*/g, '').replace(/,/g, ', ');
    return 'expected ' + row.expected.replace('*', words);
};

export const invalid = (name, message) => ({ status: 400, code: 'invalid_parameter', parameter: name, message: message });

export const badKey = (reason) => ({ status: 400, code: 'invalid_key', message: 'key is ' + reason });
