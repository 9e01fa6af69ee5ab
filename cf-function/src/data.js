// The parameter table that the build inlines, made from core/edits.json.
/* global __TABLE__, __BARE__ */

/**
 * Rows in canonical order: `names` (the full name, then aliases), `standard` (the default value) and `kind`, which says how a
 * value is normalised: a digit for a number of so many decimal places, `x` and a digit for a list of such numbers, `c` for hex
 * digits of a colour, `f` for a flag, `b` for a bare word, nothing for any other text. `y` and `z` stand in queries only, `z` not
 * inside `edits`; `o` stands in paths only.
 */
export const ROWS = __TABLE__.split(',').map((text) => {
    var fields = text.split(':');
    var kind = fields[1] || '';
    return { names: fields[0].split(' '), kind: kind, standard: kind === 'f' ? '0' : fields[2] };
});

export const isQueryOnly = (row) => row.kind >= 'y';

/** Words that are a whole token of the canonical path, with their aliases. */
export const BARE_WORDS = __BARE__;
