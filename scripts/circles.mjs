// Finds circles of imports between the modules of each Rust crate, and fails if there is one.
//
//     node scripts/circles.mjs [CRATE_FOLDER...]      every crate of the workspace by default
//
// Modules that share a parent are compared: A points to B if anything inside A names anything inside B. A parent that calls its
// children, and children that use what their parent's own file defines, are no circle. Tests are not looked at.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Circles that are still there, by crate, to become empty: a smaller one inside such a set is accepted too, a larger one is not. */
const KNOWN = {
  // resvg's renderer, whose files stay as they are there
  svg: [['draw::clip', 'draw::filter', 'draw::image', 'draw::mask', 'draw::path', 'draw::render']],
};

/**
 * @param {string} folder of the crate
 * @returns {string[][]} for each circle the modules in it, sorted, as paths below the crate's root
 */
export function circles(folder) {
  const modules = readModules(join(folder, 'src'));
  const edges = new Map();
  for (const { path, text } of modules.values()) {
    for (const target of references(path, text, modules)) addEdge(edges, path, target);
  }
  return [...edges].flatMap(([parent, graph]) =>
    connected(graph).map((names) => names.map((name) => (parent ? `${parent}::${name}` : name)).sort()),
  );
}

/** Every module that is a file, by its path: `a::b`, and the empty text for the root. */
function readModules(source) {
  const modules = new Map();
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const parts = relative(source, file).split(sep);
    if (!entry.isFile() || !file.endsWith('.rs') || parts[0] === 'bin') continue;
    parts.push(basename(parts.pop(), '.rs'));
    if (['mod', 'lib', 'main'].includes(parts.at(-1))) parts.pop();
    const path = parts.join('::');
    modules.set(path, { path, text: code(readFileSync(file, 'utf8')) });
  }
  return modules;
}

/** The text without comments, strings and what is compiled for tests only. */
function code(text) {
  const bare = text
    .replace(/\/\/.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/b?"(?:[^"\\]|\\[\s\S])*"/g, '""');
  return bare.replace(/#\[cfg\(test\)\]\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+\w+\s*\{[\s\S]*$/m, '');
}

/** Paths of modules that a module names. */
function references(from, text, modules) {
  const found = new Set();
  for (const match of text.matchAll(/(?<![\w:$])(crate|super|self)::/g)) {
    for (const path of tree(text.slice(match.index))) {
      const target = resolve(absolute(from, path), modules);
      if (target !== undefined && target !== from) found.add(target);
    }
  }
  return found;
}

/** The paths that start a text, with braces multiplied out. */
function tree(text) {
  const name = /^\s*(\w+|\*)\s*(::\s*)?/.exec(text);
  if (!name) return [];
  if (!name[2]) return [[name[1]]];
  const rest = text.slice(name[0].length);
  const tails = rest.startsWith('{') ? group(rest).flatMap(tree) : tree(rest);
  return tails.length ? tails.map((tail) => [name[1], ...tail]) : [[name[1]]];
}

/** What commas separate inside the braces that a text starts with. */
function group(text) {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '}' && --depth === 0) break;
    if (character === ',' && depth === 1) parts.push('');
    else if (depth > 0) parts[parts.length - 1] += character;
    if (character === '{') depth += 1;
  }
  return parts;
}

function absolute(from, [first, ...rest]) {
  let base = from === '' ? [] : from.split('::');
  if (first === 'crate') base = [];
  if (first === 'super') base = base.slice(0, -1);
  while (rest[0] === 'super') {
    base = base.slice(0, -1);
    rest = rest.slice(1);
  }
  return [...base, ...rest.filter((name) => name !== 'self')];
}

/** The module in which a path ends, through re-exports. */
function resolve(path, modules, depth = 0) {
  let length = path.length;
  while (length > 0 && !modules.has(path.slice(0, length).join('::'))) length -= 1;
  const place = path.slice(0, length).join('::');
  const name = path[length];
  if (name === undefined || depth > 8) return place;
  const exported = exports(modules.get(place)?.text ?? '').get(name);
  return exported ? resolve(absolute(place, exported), modules, depth + 1) : place;
}

const exportsOf = new Map();

/** Names that a module's text re-exports, and from where. */
function exports(text) {
  if (!exportsOf.has(text)) {
    const names = new Map();
    for (const match of text.matchAll(/pub(?:\([^)]*\))?\s+use\s+/g)) {
      const statement = text.slice(match.index + match[0].length).split(';')[0];
      for (const path of tree(statement)) {
        names.set(path.at(-1), ['crate', 'super', 'self'].includes(path[0]) ? path : ['self', ...path]);
      }
    }
    exportsOf.set(text, names);
  }
  return exportsOf.get(text);
}

/** Notes an edge between the two modules below the deepest parent that both paths share. */
function addEdge(edges, from, to) {
  const [a, b] = [from, to].map((path) => (path === '' ? [] : path.split('::')));
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared += 1;
  // one is inside the other
  if (shared === a.length || shared === b.length) return;
  const parent = a.slice(0, shared).join('::');
  const graph = edges.get(parent) ?? new Map();
  edges.set(parent, graph);
  graph.set(a[shared], (graph.get(a[shared]) ?? new Set()).add(b[shared]));
}

/** Strongly connected sets of two and more. */
function connected(graph) {
  const reach = (start) => {
    const seen = new Set();
    const open = [start];
    while (open.length) {
      for (const next of graph.get(open.pop()) ?? []) {
        if (!seen.has(next)) {
          seen.add(next);
          open.push(next);
        }
      }
    }
    return seen;
  };
  const reached = new Map([...graph.keys()].map((name) => [name, reach(name)]));
  const sets = new Map();
  for (const [name, others] of reached) {
    if (!others.has(name)) continue;
    const set = [...others].filter((other) => reached.get(other)?.has(name)).sort();
    if (set.length > 1) sets.set(set.join(), set);
  }
  return [...sets.values()];
}

/** Folders of the workspace's crates, as Cargo.toml lists them. */
function members() {
  const list = /members = \[([^\]]*)\]/.exec(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8'));
  return [...list[1].matchAll(/"([^"]+)"/g)].map((match) => match[1]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let failed = false;
  for (const crate of process.argv.length > 2 ? process.argv.slice(2) : members()) {
    const known = KNOWN[crate] ?? [];
    const found = circles(join(ROOT, crate));
    const within = (circle, set) => circle.every((name) => set.includes(name));
    for (const circle of found.filter((circle) => !known.some((set) => within(circle, set)))) {
      console.error(`${crate}: a circle of imports: ${circle.join(' ↔ ')}`);
      failed = true;
    }
    for (const set of known.filter((set) => !found.some((circle) => within(circle, set)))) {
      console.error(`note: ${crate} has no circle in ${set.join(', ')} any more: take it off the list in scripts/circles.mjs`);
    }
  }
  if (failed) process.exitCode = 1;
}
