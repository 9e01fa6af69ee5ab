// What the build inlines: the parameter table (core/edits.json) and the checked configuration (deckle.json).
/* global __TABLE__, __BARE__, __SETTINGS__ */

/**
 * Rows in canonical order: `names` (the full name, then aliases), `standard` (the default value) and `kind`, which says how a
 * value is normalised: a digit for a number of so many decimal places, `x` and a digit for a list of such numbers, `c` for hex
 * digits of a colour, `f` for a flag, `b` for a bare word, nothing for any other text. `q` and `e` stand in queries only, `e` not
 * inside `edits`; `o` stands in paths only.
 */
export const ROWS = __TABLE__.split(',').map((text) => {
    var fields = text.split(':');
    return { names: fields[0].split(' '), kind: fields[1] || '', standard: fields[2] };
});

/** Words that are a whole token of the canonical path, and what they are values of. */
export const BARE_WORDS = __BARE__.split(' ');

/** format, autoFormats, devices (width caps), deviceHeaders. */
export const SETTINGS = __SETTINGS__;
