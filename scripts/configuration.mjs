// deckle.json for whatever is built of it: read, checked against docs/deckle.schema.json, and mistakes named by their line.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const SCHEMA = JSON.parse(readFileSync(fileURLToPath(new URL('../docs/deckle.schema.json', import.meta.url)), 'utf8'));

/**
 * @param {string} path  of a file that may be missing
 * @returns {{text: string, config: object}}
 * @throws {Error} `deckle.json:12: presets.card: …`
 */
export function readConfiguration(path) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '{}\n';
  return { text, config: checked(text) };
}

/** The content of a text, checked. */
export function checked(text) {
  let config;
  try {
    config = JSON.parse(text);
  } catch (error) {
    throw new Error(`deckle.json:${lineOfSyntaxError(text, error.message)}: ${error.message}`);
  }
  const wrong = mistake(SCHEMA, config);
  if (wrong) throw new Error(`deckle.json:${lineOf(text, wrong.at)}: ${wrong.at.join('.') || 'the whole'}: ${wrong.message}`);
  return config;
}

/** Runs what throws `deckle.json: presets.card: …`, and adds the line. */
export function withLines(text, work) {
  try {
    return work();
  } catch (error) {
    const [, at, rest] = /^deckle\.json: ([\w$.-]+)(.*)$/s.exec(error.message) ?? [];
    if (at === undefined) throw error;
    throw new Error(`deckle.json:${lineOf(text, at.split('.'))}: ${at}${rest}`, { cause: error });
  }
}

/**
 * The first thing in a value that a schema does not allow.
 * @param {object} schema  with the words that ours uses
 * @returns {{at: string[], message: string} | undefined}
 */
export function mistake(schema, value, at = [], root = schema) {
  const wrong = (message, where = at) => ({ at: where, message });
  if (schema.$ref) {
    const found = mistake(root.$defs[schema.$ref.replace('#/$defs/', '')], value, at, root);
    if (found) return found;
  }
  const kinds = schema.anyOf ?? schema.oneOf;
  if (kinds) {
    const mistakes = kinds.map((kind) => mistake(kind, value, at, root));
    // the most telling is the one that lies deepest
    if (!mistakes.includes(undefined)) return mistakes.sort((a, b) => b.at.length - a.at.length)[0];
  }
  if ('const' in schema && value !== schema.const) return wrong(`is ${JSON.stringify(value)}; expected ${JSON.stringify(schema.const)}`);
  if (schema.enum && !schema.enum.includes(value)) return wrong(`is ${JSON.stringify(value)}; expected one of ${schema.enum.filter((word) => word !== null).join(', ')}`);
  const types = schema.type && [schema.type].flat();
  if (types && !types.includes(typeOf(value)) && !(types.includes('number') && typeOf(value) === 'integer')) {
    return wrong(`is ${shown(value)}; expected ${types.filter((type) => type !== 'null').join(' or ')}`);
  }
  if (typeof value === 'number' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity))) {
    return wrong(`is ${value}; expected ${schema.minimum ?? 'any'} to ${schema.maximum ?? 'any'}`);
  }
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern).test(value)) return wrong(`is ${JSON.stringify(value)}; expected ${schema.pattern}`);
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Infinity)) return wrong(`has ${value.length} items; expected ${schema.minItems ?? 0} to ${schema.maxItems ?? 'any'}`);
    if (schema.items) return first(value, (item, index) => mistake(schema.items, item, [...at, String(index)], root));
  } else if (typeOf(value) === 'object') {
    return first(schema.required ?? [], (name) => (name in value ? undefined : wrong(`needs ${name}`))) ?? first(Object.entries(value), ([name, member]) => ofMember(schema, name, member, [...at, name], root));
  }
  return undefined;
}

function ofMember(schema, name, value, at, root) {
  const { propertyNames: names, additionalProperties: others = true } = schema;
  if (names && mistake(names, name, at, root)) return { at, message: `is not a name that can stand here; expected ${names.pattern ?? names.enum.join(', ')}` };
  const known = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties[name] : others;
  if (known === false) return { at, message: `is not known; expected one of ${Object.keys(schema.properties).join(', ')}` };
  return known === true ? undefined : mistake(known, value, at, root);
}

function first(list, look) {
  for (const [index, item] of list.entries()) {
    const found = look(item, index);
    if (found) return found;
  }
  return undefined;
}

function typeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const shown = (value) => (['array', 'object'].includes(typeOf(value)) ? `an ${typeOf(value)}` : JSON.stringify(value));

/**
 * The line of a member, counted from 1; that of the nearest one around it where there is none.
 * @param {string} text  valid JSON
 * @param {string[]} path  names, and indices of arrays
 */
export function lineOf(text, path) {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)];
  let at = 0;
  let next = 0;
  for (const wanted of path) {
    const isArray = tokens[next]?.[0] === '[';
    let index = 0;
    let found;
    for (next += 1; next < tokens.length && !'}]'.includes(tokens[next][0]); ) {
      if (tokens[next][0] === ',') {
        index += 1;
        next += 1;
        continue;
      }
      const name = isArray ? String(index) : JSON.parse(tokens[next][0]);
      if (name === wanted) {
        found = tokens[next].index;
        if (!isArray) next += 2;
        break;
      }
      if (!isArray) next += 2;
      next = behind(tokens, next);
    }
    if (found === undefined) break;
    at = found;
    if (!'{['.includes(tokens[next]?.[0])) break;
  }
  return text.slice(0, at).split('\n').length;
}

/** The token behind a value. */
function behind(tokens, start) {
  let depth = 0;
  let at = start;
  do {
    if ('{['.includes(tokens[at][0])) depth += 1;
    else if ('}]'.includes(tokens[at][0])) depth -= 1;
    at += 1;
  } while (depth > 0 && at < tokens.length);
  return at;
}

function lineOfSyntaxError(text, message) {
  const position = /position (\d+)/.exec(message)?.[1];
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length;
}
