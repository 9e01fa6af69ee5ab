// The parameter table as the function needs it: core/edits.json without its documentation, and short, because the
// function has 10,240 bytes for everything.

/**
 * Rows in canonical order: `names` (the full name, then aliases), `kind`, its limits, `words` as `value alias,value`,
 * `place` (left out: an option of the canonical path), `standard` (the default value), `expected` with `*` for the words.
 *
 * @param {{rows: object[]}} exported core/edits.json
 */
export function minimalTable(exported) {
    return exported.rows.map((row) => {
        const out = { names: [row.name, ...row.aliases], kind: row.kind };
        for (const limit of ['min', 'max', 'places']) {
            if (row[limit] !== undefined) out[limit] = row[limit];
        }
        if (row.words) out.words = spell(row.words.map(([word, aliases]) => [word, ...aliases]));
        if (row.kind === 'colour') out.words = spell(row.names.map(([name, digits]) => [digits, name]));
        if (row.place !== 'option') out.place = row.place;
        if (row.default !== null) out.standard = row.default;
        const list = (row.words ?? []).map(([word]) => word).join(', ');
        out.expected = list ? row.expected.replace(list, '*') : row.expected;
        return out;
    });
}

/** Words of a row: its own and its aliases' groups. */
export function groups(row) {
    return row.words.split(',').map((group) => group.split(' '));
}

function spell(words) {
    if (words.flat().some((word) => !/^[A-Za-z0-9-]+$/.test(word))) throw new Error('core/edits.json: a word holds a separator');
    return words.map((group) => group.join(' ')).join(',');
}
