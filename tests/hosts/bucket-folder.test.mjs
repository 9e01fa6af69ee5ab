// A folder as a bucket.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { FolderBucket } from '../../local/bucket-folder.mjs';

let folder;
let bucket;
const SAID = { contentType: 'image/png', cacheControl: 'max-age=5', metadata: { 'source-etag': '"a"' } };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deckle-folder-'));
  bucket = new FolderBucket(join(folder, 'bucket'));
});
after(() => rm(folder, { recursive: true }));

describe('a folder as a bucket', () => {
  it('gives back what was put, and what was said of it', async () => {
    assert.deepEqual(await bucket.put('a/é +.png', Buffer.from('hello'), SAID), { etag: '"5d41402abc4b2a76b9719d911017c592"' });
    const { object, read } = await bucket.get('a/é +.png');
    const { lastModified, ...rest } = object;
    assert.deepEqual(rest, { ...SAID, size: 5, etag: '"5d41402abc4b2a76b9719d911017c592"' });
    assert.ok(Date.parse(lastModified));
    assert.equal(String(await read(100)), 'hello');
    assert.equal(String(await (await bucket.get('a/é +.png')).read(2)), 'he');
  });

  it('takes streams', async () => {
    await bucket.put('stream', Readable.from([Buffer.from('a'), Buffer.from('b')]));
    assert.equal(String(await (await bucket.get('stream')).read(9)), 'ab');
  });

  it('takes a file that was laid into it for an object', async () => {
    await writeFile(join(folder, 'bucket', 'plain.jpg'), 'jpeg');
    assert.equal((await bucket.head('plain.jpg')).contentType, undefined);
  });

  it('forgets what was said when the file was replaced from outside', async () => {
    await bucket.put('b', Buffer.from('one'), SAID);
    await writeFile(join(folder, 'bucket', 'b'), 'other content');
    assert.equal((await bucket.head('b')).contentType, undefined);
  });

  it('lists objects and nothing of its own', async () => {
    assert.deepEqual(await bucket.list(), ['a/é +.png', 'b', 'plain.jpg', 'stream']);
    assert.deepEqual(await new FolderBucket(`${relative('.', folder)}/./bucket/`).list(), await bucket.list());
    assert.deepEqual(await new FolderBucket(join(folder, 'none')).list(), []);
  });

  for (const key of ['', '/', 'a//b', '../x', 'a/../../x', './b', 'a', '.b.deckle.json', 'nul\0', `${'n'.repeat(300)}`]) {
    it(`has nothing under ${JSON.stringify(key.slice(0, 20))}`, async () => assert.equal(await bucket.get(key), 'missing'));
  }

  it('refuses a key that leads out, or that a folder has', async (t) => {
    t.mock.method(console, 'error', () => {});
    assert.equal(await bucket.put('../x', Buffer.from('a')), undefined);
    assert.equal(await bucket.put('a', Buffer.from('a')), undefined);
    assert.deepEqual(await readdir(folder), ['bucket']);
  });

  it('shows whole objects only, while they are replaced', async () => {
    const contents = ['a', 'b'].map((letter) => Buffer.alloc(200_000, letter));
    await bucket.put('busy', contents[0]);
    const writes = Array.from({ length: 20 }, (_, index) => bucket.put('busy', contents[index % 2]));
    const reads = Array.from({ length: 20 }, async () => (await bucket.get('busy')).read(1e6));
    for (const bytes of await Promise.all(reads)) assert.ok(contents.some((whole) => whole.equals(bytes)));
    await Promise.all(writes);
    assert.ok((await readdir(join(folder, 'bucket'))).every((name) => !name.endsWith('.tmp')));
  });

  it('answers a put that cannot be, and leaves nothing of it', async (t) => {
    t.mock.method(console, 'error', () => {});
    assert.equal(await bucket.put('b/below-a-file.jpg', Buffer.from('a')), undefined);
    const full = new Readable({ read() { this.destroy(new Error('ENOSPC')); } });
    assert.equal(await bucket.put('full/disk.jpg', full), undefined);
    assert.deepEqual(await readdir(join(folder, 'bucket', 'full')), []);
  });

  it('gives head and body of one object, though another takes its name meanwhile', async () => {
    await bucket.put('changing', Buffer.from('first'), SAID);
    const { object, read } = await bucket.get('changing');
    await bucket.put('changing', Buffer.from('second one'), SAID);
    assert.deepEqual([object.size, String(await read(100))], [5, 'first']);
  });

  it('deletes an object with what was said of it', async () => {
    await bucket.delete('b');
    assert.deepEqual((await readdir(join(folder, 'bucket'))).filter((name) => /^\.?b(\.|$)/.test(name)), []);
  });
});
