// The table as it may look with 60 edits, for the test of the function's size: rows like those that other services have.

const MORE = [
    ['trim', ['t'], 'decimal'], ['page', [], 'integer'], ['frames', [], 'integer'], ['loop', [], 'integer'], ['delay', [], 'integer'],
    ['brightness', ['bri'], 'decimal'], ['contrast', ['con'], 'decimal'], ['saturation', ['sat'], 'decimal'], ['hue', [], 'integer'],
    ['lightness', [], 'decimal'], ['gamma', ['gam'], 'decimal'], ['exposure', ['expo'], 'decimal'], ['vibrance', ['vib'], 'decimal'],
    ['highlight', ['high'], 'decimal'], ['shadow', ['shad'], 'decimal'], ['tint', [], 'colour'], ['monochrome', ['mono'], 'colour'],
    ['duotone', [], 'text'], ['normalise', ['normalize'], 'flag'], ['equalise', [], 'flag'], ['threshold', [], 'integer'], ['blur', [], 'decimal'],
    ['median', [], 'integer'], ['pixelate', ['px'], 'integer'], ['noise', [], 'integer'], ['vignette', [], 'decimal'], ['round', ['radius'], 'text'],
    ['border', [], 'text'], ['padding', ['pad'], 'text'], ['overlay', ['mark'], 'text'], ['overlay-at', [], 'position'], ['overlay-size', [], 'decimal'],
    ['overlay-alpha', [], 'decimal'], ['text', ['txt'], 'text'], ['text-size', [], 'integer'], ['text-colour', [], 'colour'], ['max-bytes', [], 'integer'], ['chroma', [], 'word'],
];

/** @param {object[]} rows of core/edits.json */
export function sixtyRows(rows) {
    const made = MORE.map(([name, aliases, kind]) => ({ name, aliases, kind, place: 'option', default: kind === 'flag' ? '0' : null, places: 2, words: [], expected: '' }));
    // edits that have been added since make room
    const names = new Set(rows.flatMap((row) => [row.name, ...row.aliases]));
    const others = made.filter((row) => ![row.name, ...row.aliases].some((name) => names.has(name)));
    return [...rows, ...others.slice(0, Math.max(0, 60 - rows.length))];
}
