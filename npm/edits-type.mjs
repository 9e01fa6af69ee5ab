// The type of edits, from the edits table.

const NUMBERS = ['integer', 'decimal', 'angle', 'numbers', 'trim', 'sides', 'radius', 'rectangle', 'ratio', 'position'];

/** @param {object[]} rows of core/edits.json  @returns {string} `edits.ts` */
export function editsType(rows) {
  const members = rows.flatMap((row) => {
    const camel = row.name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
    const names = [...new Set([row.name, camel])].map((name) => (/^\w+$/.test(name) ? name : `'${name}'`));
    return names.map((name) => `  /** ${row.doc} ${sentence(row.expected)} */\n  ${name}?: ${type(row)} | undefined;`);
  });
  return `// Made by build.mjs from core/edits.json.\n\n/** What can be asked of an image: the parameters of a URL. */\nexport interface Edits {\n${members.join('\n')}\n}\n`;
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

function type({ kind, words }) {
  if (kind === 'flag') return 'boolean | 0 | 1 | string';
  if (kind === 'word') return [...words.map(([word]) => `'${word}'`), ...(words.some(([word]) => word === 'true') ? ['boolean'] : []), '(string & {})'].join(' | ');
  if (kind === 'quality') return ['number', ...words.map(([word]) => `'${word}'`), "'auto'", '(string & {})'].join(' | ');
  if (NUMBERS.includes(kind)) return ['integer', 'decimal', 'angle'].includes(kind) ? 'number | string' : 'number | string | readonly (number | string)[]';
  return 'string';
}
