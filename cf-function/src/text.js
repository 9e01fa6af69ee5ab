// What is done to text everywhere.

/** A match from the start that reaches the end; `$` would let a final newline pass in some engines. */
export const whole = (pattern, text) => {
    var match = pattern.exec(text);
    return match && match[0].length === text.length ? match : null;
};

/** Percent-decoded; undefined where an escape is malformed or not UTF-8. */
export const decode = (text) => {
    try {
        return decodeURIComponent(text);
    } catch (error) {
        // it is malformed
    }
};

/** Short names for what the sources use often; a minifier leaves properties alone. */
export const buffer = Buffer.from;
export const keys = Object.keys;

export const bytes = (text) => buffer(text).length;

/** All values of a parameter or a header, in their order. */
export const texts = (entry) => (entry ? (entry.multiValue || [entry]).map((one) => one.value) : []);

/** The first word of the group that holds the text, groups spelled `word alias,word alias`. */
export const word = (words, text) => {
    var group = words.split(',').find((spellings) => spellings.split(' ').includes(text));
    return group && group.split(' ')[0];
};
