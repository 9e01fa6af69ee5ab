// The parameter table as the function needs it: names, how values are normalised, and defaults of core/edits.json.

/** Kinds of value that are numbers or made of them; the digit is how many decimal places count. */
const NUMERIC = {
    integer: () => '0',
    quality: () => '0',
    decimal: (row) => String(row.places),
    rectangle: () => 'x0',
    sides: () => 'x0',
    ratio: () => 'x4',
    position: () => 'x4',
    colour: () => 'c',
    flag: () => 'f',
};

/** Rows that only the query itself can hold, not `edits` inside it. */
export const OUTER = ['edits', 'dimensions', 'device-type'];

/** The table as one text, see src/data.js; one row takes about 13 bytes. */
export function packedTable(rows) {
    const packed = rows.map((row) => {
        const isFlag = row.kind === 'flag';
        if (isFlag && row.default !== '0') throw new Error(`core/edits.json: ${row.name} is not off by default`);
        const standard = row.place === 'option' && !isFlag ? (row.default ?? '') : '';
        const names = [row.name, ...row.aliases];
        for (const text of [...names, standard]) {
            if (!/^[A-Za-z0-9.-]*$/.test(text)) throw new Error(`core/edits.json: ${row.name} holds a separator`);
        }
        return `${names.join(' ')}:${kind(row)}:${standard}`.replace(/:+$/, '');
    });
    return [...packed, 'ops:o'].join(',');
}

function kind(row) {
    if (row.place === 'bare') return 'b';
    if (row.place !== 'option') return OUTER.includes(row.name) ? 'z' : 'y';
    return NUMERIC[row.kind]?.(row) ?? '';
}

/** Words of a row with their aliases, as `word alias,word alias`. */
export function groups(words) {
    return words.map(([word, aliases]) => [word, ...aliases].join(' ')).join(',');
}

/** The row of a full name. */
export function rowOf(rows, name) {
    return rows.find((row) => row.name === name);
}
