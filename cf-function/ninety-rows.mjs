// The table as it may look with 90 edits, for the test of the function's size: rows like those that other services have.

/** Names (the full one first) of a kind each. */
const MORE = {
    integer: [
        'page', 'pages', 'frame', 'frames', 'loop', 'delay', 'speed', 'fps', 'colours colors', 'dither', 'bit-depth', 'compression', 'density dpi', 'tile-size', 'equalise', 'noise',
        'border-width', 'shadow-blur', 'feather',
    ],
    decimal: ['exposure expo', 'vibrance vib', 'highlight high', 'shadow shad', 'vignette', 'temperature temp', 'clarity', 'grain', 'dehaze', 'fade', 'min-score', 'hdr-gain', 'black-point', 'white-point', 'skew', 'shrink'],
    colour: ['monochrome mono', 'border', 'shadow-colour', 'key-colour', 'matte'],
    flag: ['animated', 'poster', 'reverse', 'interlace', 'palette', 'hdr', 'keep-profile', 'near-lossless', 'red-eye', 'outline-only'],
    word: ['kernel', 'colour-space', 'tone-map', 'predictor', 'disposal', 'blend'],
    text: ['mask', 'frame-at', 'chapters', 'curve', 'levels', 'select', 'caption', 'profile'],
};

/** @param {object[]} rows of core/edits.json */
export function ninetyRows(rows) {
    const made = Object.entries(MORE).flatMap(([kind, list]) =>
        list.map((text) => {
            const [name, ...aliases] = text.split(' ');
            return { name, aliases, kind, place: 'option', default: kind === 'flag' ? '0' : null, places: 2, words: [], expected: '' };
        }),
    );
    // edits that have been added since make room
    const names = new Set(rows.flatMap((row) => [row.name, ...row.aliases]));
    const others = made.filter((row) => ![row.name, ...row.aliases].some((name) => names.has(name)));
    return [...rows, ...others.slice(0, Math.max(0, 90 - rows.length))];
}
