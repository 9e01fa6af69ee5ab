// docs/configuration.md's tables, from docs/deckle.schema.json. `--check` fails where they are out of date.

import { readFileSync, writeFileSync } from 'node:fs';

import { SCHEMA } from './configuration.mjs';

const FILE = new URL('../docs/configuration.md', import.meta.url);
const [BEGIN, END] = ['<!-- made from deckle.schema.json by `make generate` -->', '<!-- end -->'];
const SECTIONS = { limits: 'Limits', cacheControl: 'CacheControl', sih: 'SihSource', thumbor: 'ThumborMembers', cloudfront: 'CloudFront', aws: 'Aws', worker: 'Worker' };

const text = (words = '') => words.replaceAll('\n', ' ').replaceAll('|', '\\|');

/** What a value may be, in a few words. */
function values(schema) {
  const one = schema.$ref ? SCHEMA.$defs[schema.$ref.replace('#/$defs/', '')] : schema;
  const kinds = one.anyOf ?? one.oneOf;
  if (one.enum) return one.enum.filter((word) => word !== null).map((word) => `\`${word}\``).join(', ');
  if ('const' in one) return `\`${one.const}\``;
  if (kinds) return [...new Set(kinds.filter(({ type }) => type !== 'null').map(values))].join(' or ');
  const range = one.minimum !== undefined && one.maximum !== undefined ? `${one.minimum} to ${one.maximum}` : '';
  const type = [one.type].flat().find((name) => name !== 'null');
  if (type === 'array') return one.items?.enum || one.items?.minimum ? `list of ${values(one.items)}` : 'list';
  return { integer: range || 'number', object: 'object', string: 'text', boolean: 'true, false' }[type] ?? 'anything';
}

function table(members) {
  const rows = Object.entries(members).filter(([name]) => name !== '$schema').map(([name, schema]) => {
    const usual = schema.default === undefined || schema.default === false ? '' : ` Default: \`${schema.default}\`.`;
    return `| \`${name}\` | ${values(schema)} | ${text(schema.description)}${usual} |`;
  });
  return ['| member | value | |', '| --- | --- | --- |', ...rows].join('\n');
}

const made = [table(SCHEMA.properties), ...Object.entries(SECTIONS).map(([name, kind]) => `### \`${name}\`\n${table(SCHEMA.$defs[kind].properties)}`)].join('\n\n');
const before = readFileSync(FILE, 'utf8');
const [head, rest] = before.split(BEGIN);
const after = `${head}${BEGIN}\n${made}\n${END}${rest.split(END)[1]}`;
if (process.argv.includes('--check')) {
  if (before !== after) {
    console.error('docs/configuration.md is out of date: run `make generate`');
    process.exitCode = 1;
  }
} else {
  writeFileSync(FILE, after);
}
