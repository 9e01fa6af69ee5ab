// Circles of imports are found, and only those.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { circles } from './circles.mjs';

async function circlesOf(files) {
  const folder = await mkdtemp(join(tmpdir(), 'deckle-circles-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, 'src', name)), { recursive: true });
      await writeFile(join(folder, 'src', name), text);
    }
    return circles(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('two modules that name each other are a circle, in use statements with braces as in paths', async () => {
  const files = {
    'lib.rs': 'mod a; mod b; mod c;',
    'a.rs': 'use crate::{b::{self, Thing}, c};',
    'b.rs': 'fn f() -> crate::a::Other { todo!() }',
    'c.rs': '',
  };
  assert.deepEqual(await circlesOf(files), [['a', 'b']]);
});

test('a circle goes through any number of modules, and is found inside folders', async () => {
  const files = {
    'lib.rs': 'mod deep;',
    'deep/mod.rs': 'mod a; mod b; mod c; mod d;',
    'deep/a.rs': 'use super::b::B;',
    'deep/b.rs': 'use super::c::C;',
    'deep/c.rs': 'use crate::deep::a::A;',
    'deep/d.rs': 'use super::a::A;',
  };
  assert.deepEqual(await circlesOf(files), [['deep::a', 'deep::b', 'deep::c']]);
});

test('folders that use parts of each other are a circle, even where the files are others', async () => {
  const files = {
    'lib.rs': 'mod a; mod b;',
    'a/mod.rs': 'mod one; mod two;',
    'a/one.rs': 'use crate::b::three::T;',
    'a/two.rs': '',
    'b/mod.rs': 'pub mod three; mod four;',
    'b/three.rs': '',
    'b/four.rs': 'use crate::a::two::T;',
  };
  assert.deepEqual(await circlesOf(files), [['a', 'b']]);
});

test('a name that a parent re-exports counts as its own module', async () => {
  const files = { 'lib.rs': 'mod a; mod b; pub use a::Thing; pub use b::{Other};', 'a.rs': 'use crate::Other;', 'b.rs': 'use crate::Thing;' };
  assert.deepEqual(await circlesOf(files), [['a', 'b']]);
});

test('parent and child, comments, strings and tests are no circle', async () => {
  const files = {
    'lib.rs': 'mod a; mod b; mod c; pub struct Shared; fn f() { a::f() }',
    'a.rs': 'use crate::Shared; use crate::b::B;',
    'b.rs': '// use crate::a::A;\n/* crate::a */ const TEXT: &str = "crate::a::A";',
    'c.rs': 'use crate::a::A;\n#[cfg(test)]\nmod tests { use super::*; use crate::a::A; }',
  };
  assert.deepEqual(await circlesOf(files), []);
});
