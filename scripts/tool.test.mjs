// scripts/tool takes a tool from the PATH, else a prebuilt one, else compiles it. Cargo and the tools are stubs here.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TOOL = fileURLToPath(new URL('tool', import.meta.url));

let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deckle-tool-'));
  await mkdir(join(folder, 'path'));
  await stub('cargo', `echo "$@" >> ${folder}/cargo.log`);
});
afterEach(() => rm(folder, { recursive: true }));

async function stub(name, script) {
  const file = join(folder, 'path', name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}
async function install(...flags) {
  const root = join(folder, 'tools/thing-1.2.3');
  const env = { PATH: `${join(folder, 'path')}:/usr/bin:/bin`, HOME: folder };
  const { stdout } = await run(TOOL, [root, 'thing', '1.2.3', 'thing thing-runner', ...flags], { env });
  return { root, stdout };
}
const cargo = () => readFile(join(folder, 'cargo.log'), 'utf8').catch(() => '');

test('a tool on the PATH in the wanted version is linked to', async () => {
  for (const name of ['thing', 'thing-runner']) await stub(name, `echo "${name} 1.2.3 (abc 2026-01-01)"`);
  const { root, stdout } = await install();
  assert.match(stdout, /the one on the PATH/);
  for (const name of ['thing', 'thing-runner']) assert.equal(await readlink(join(root, 'bin', name)), join(folder, 'path', name));
  assert.equal(await cargo(), '');
});

test('another version, or half of the programs, is compiled in the wanted one', async () => {
  await stub('thing', 'echo "thing 1.2.4"');
  const { root, stdout } = await install('--features', 'binary');
  assert.match(stdout, /compiling/);
  assert.equal(await cargo(), `install --quiet --locked --root ${root} thing --version 1.2.3 --features binary\n`);
  await stub('thing', 'echo "thing 1.2.3"');
  assert.match((await install()).stdout, /compiling/);
});

test('cargo-binstall is asked for a prebuilt one, and what it cannot give is compiled', async () => {
  await stub('cargo-binstall', '');
  await stub('cargo', `echo "$@" >> ${folder}/cargo.log; if [ "$1" = binstall ]; then exit 1; fi`);
  assert.match((await install()).stdout, /has no prebuilt one[^]*compiling/);
  const program = `${folder}/tools/thing-1.2.3/bin/thing`;
  await stub('cargo', `[ "$1" = binstall ] && { printf '#!/bin/sh\\necho thing 1.2.3\\n' > ${program}; chmod +x ${program}; }`);
  assert.match((await install()).stdout, /prebuilt, by cargo-binstall$/m);
});

test('a crate of ours is built from its folder', async () => {
  const { root } = await install('--path', 'tools');
  assert.equal(await cargo(), `install --quiet --locked --force --root ${root} --path tools\n`);
});
