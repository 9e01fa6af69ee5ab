// deckle.json at a build: mistakes by their line, and the schema that is published.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { checked, lineOf, mistake, SCHEMA, withLines } from './configuration.mjs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('a configuration', () => {
  for (const [what, text, message] of [
    ['a member that is not known', '{\n  "presetz": {}\n}', /^deckle\.json:2: presetz: is not known; expected one of \$schema, autoFormats/],
    ['a member of a section', '{\n  "aws": {\n    "source": { "bucket": "a",\n "regoin": "b" } } }', /^deckle\.json:4: aws\.source\.regoin: is not known|^deckle\.json:3: aws\.source: needs region/],
    ['a type', '{\n\n  "effort": "high" }', /^deckle\.json:3: effort: is "high"; expected integer/],
    ['a number', '{ "devices": {\n "mobile": 0 } }', /^deckle\.json:2: devices\.mobile: is 0; expected 1 to 8192/],
    ['a word', '{ "autoFormats": ["webp",\n "bmp"] }', /^deckle\.json:2: autoFormats\.1: is "bmp"; expected one of jpeg, png, webp, gif/],
    ['a name', '{ "presets": {\n\n "a b": "width=5" } }', /^deckle\.json:3: presets\.a b: is not a name that can stand here/],
    ['syntax', '{\n  "quality": 80,\n}', /^deckle\.json:3: /],
    ['what is no object', '[]', /^deckle\.json:1: the whole: is an array; expected object/],
  ]) {
    it(`is refused, with the line: ${what}`, () => assert.throws(() => checked(text), { message }));
  }

  it('is taken as the documents have it', () => {
    const examples = [...read('README.md').matchAll(/```json\n(\{[\s\S]*?\n\})\n```/g), ...read('docs/configuration.md').matchAll(/```json\n(\{[\s\S]*?\n\})\n```/g)].map((found) => found[1]);
    assert.ok(examples.length >= 2);
    for (const example of examples) checked(example);
  });

  it('has lines put to what a build finds', () => {
    const fail = () => { throw new Error('deckle.json: presets.b: x is not an edit that can stand here'); };
    assert.throws(() => withLines('{ "presets": { "a": "",\n\n "b": "x" } }', fail), { message: 'deckle.json:3: presets.b: x is not an edit that can stand here' });
    assert.throws(() => withLines('{}', () => { throw new Error('other'); }), { message: 'other' });
  });
});

describe('a line', () => {
  const text = '{\n"a": {"b": [1,\n{"b": 2, "c": "}"}], "c": null},\n"b": {\n"c": true, "d,}": [[],\n{}]}, "e": 1}';
  for (const [path, line] of [['a', 2], ['a.b', 2], ['a.b.1', 3], ['a.b.1.c', 3], ['a.c', 3], ['b', 4], ['b.c', 5], ['b.d,}', 5], ['b.d,}.1', 6], ['e', 6], ['b.x', 4], ['x', 1]]) {
    it(`of ${path} is ${line}`, () => assert.equal(lineOf(text, path.split('.')), line));
  }
});

describe('the schema', () => {
  it('uses no words that the check does not know', () => {
    const known = ['$defs', '$ref', '$schema', 'additionalProperties', 'anyOf', 'const', 'default', 'description', 'enum', 'items', 'maxItems', 'maximum', 'minItems', 'minimum', 'oneOf', 'pattern', 'properties', 'propertyNames', 'required', 'title', 'type'];
    const named = new Set(['properties', '$defs']);
    const look = (schema) => {
      for (const [word, value] of Object.entries(schema)) {
        assert.ok(known.includes(word), word);
        if (named.has(word)) Object.values(value).forEach(look);
        else if (['items', 'additionalProperties', 'propertyNames'].includes(word) && typeof value === 'object') look(value);
        else if (['anyOf', 'oneOf'].includes(word)) value.forEach(look);
      }
    };
    look(SCHEMA);
  });

  it('has every member of Lambda’s configuration', () => {
    const defaults = /const DEFAULTS = Object\.freeze\(\{([\s\S]*?)\}\)/.exec(read('lambda/src/config.mjs'))[1];
    const names = [...defaults.matchAll(/^ {2}(\w+):/gm)].map((found) => found[1]);
    assert.ok(names.length >= 7);
    for (const name of [...names, 'source', 'derived', 'buckets', 'origins', 'stack', 'detectorRegion']) assert.ok(SCHEMA.$defs.Aws.properties[name], name);
  });

  it('finds what JSON Schema would', () => {
    const schema = { oneOf: [{ type: 'string' }, { type: 'object', properties: { a: { type: 'integer', minimum: 1 } }, required: ['a'], additionalProperties: false }] };
    assert.equal(mistake(schema, 'x'), undefined);
    assert.equal(mistake(schema, { a: 1 }), undefined);
    assert.deepEqual(mistake(schema, { a: 0 }).at, ['a']);
    assert.ok(mistake(schema, {}));
    assert.ok(mistake(schema, 1));
  });
});
