// Writes the README's table of edits from core/edits.json; with --check only says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const { rows } = JSON.parse(readFileSync(new URL('core/edits.json', root), 'utf8'));

const code = (text) => `\`${text}\``;

function value(row) {
  const words = row.words?.map(([word]) => (word === row.default ? `**${word}**` : word)).join(', ');
  switch (row.kind) {
    case 'word':
      return row.name === 'format' ? `${words}, auto` : words;
    case 'position':
      return `${words}, or x,y from 0 to 1`;
    case 'integer':
      return `${row.min}–${row.max}`;
    case 'quality':
      return `${row.min}–${row.max}, auto, ${row.words.map(([word]) => word).join(', ')}`;
    case 'decimal':
      return `${row.min / 10000}–${row.max / 10000}`;
    case 'numbers':
      return numbers(row);
    case 'colours':
      return Array(row.count).fill('colour').join(',');
    case 'flag':
      return 'present, or true/false';
    case 'colour':
      return 'hex digits or a name';
    case 'rectangle':
      return 'x,y,width,height';
    case 'angle':
      return '-360–360';
    case 'trim':
      return '0–255[,colour][,line]';
    case 'radius':
      return `0–${row.max}, a fraction or max`;
    case 'ratio':
      return 'as 16x9 or 1.91:1';
    case 'sides':
      return `1, 2 or 4 of 0–${row.max}`;
    case 'lettering':
      return `text,item,…;text,…, up to ${row.most}`;
    case 'overlays':
      return `key,item,…;key,…, up to ${row.most}`;
    case 'name':
      return 'a name';
    default:
      return 'base64 JSON';
  }
}

function numbers({ counts, bounds }) {
  const ranges = bounds.map(([min, max]) => `${min / 10000} to ${max / 10000}`).join(', then ');
  return counts.join() === '1' ? ranges : `${counts.join(', ')} numbers, ${ranges}`;
}

const lines = rows.map(
  (row) => `| ${code(row.name)} | ${row.aliases.map(code).join(' ')} | ${value(row)} | ${row.doc} |`,
);
const path = new URL('README.md', root);
const readme = readFileSync(path, 'utf8');
const parts = readme.split(/(\| --- \| --- \| --- \| --- \|\n)(?:\| `[\s\S]*?)?(?=\n?\nIn this order)/);
if (parts.length !== 3) throw new Error('README.md has no table of edits before "In this order"');
const made = `${parts[0]}${parts[1]}${lines.join('\n')}\n${parts[2].replace(/^\n+/, '\n')}`;
if (process.argv.includes('--check')) {
  if (made !== readme) {
    console.error('README.md: the table of edits is out of date: run `make generate`');
    process.exit(1);
  }
} else {
  writeFileSync(path, made);
}
