// A real S3 server for tests: s3s-fs over a temporary folder.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

export const SOURCE = 'deckle-source';
export const DERIVED = 'deckle-derived';
export const REGION = 'us-east-1';

const PROGRAM = 's3s-fs';
const INSTALL = 'cargo install s3s-fs --version 0.14.1 --features binary --locked';

/** @returns {string} the program, from DECKLE_S3_SERVER or PATH */
function findProgram() {
  const stated = process.env.DECKLE_S3_SERVER;
  const places = stated ? [stated] : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, PROGRAM));
  const found = places.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error(`these tests need a real S3 server: ${INSTALL}\n(or name the program in DECKLE_S3_SERVER)`);
  return found;
}

export async function startS3() {
  const program = findProgram();
  const folder = await mkdtemp(join(tmpdir(), 'deckle-s3-'));
  for (const bucket of [SOURCE, DERIVED]) await mkdir(join(folder, bucket));
  const credentials = { accessKeyId: randomBytes(8).toString('hex'), secretAccessKey: randomBytes(16).toString('hex') };
  const port = await freePort();
  const child = spawn(
    program,
    ['--host', '127.0.0.1', '--port', String(port), '--access-key', credentials.accessKeyId, '--secret-key', credentials.secretAccessKey, folder],
    { stdio: 'ignore', env: { ...process.env, RUST_LOG: 'off' } },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({ endpoint, region: REGION, forcePathStyle: true, credentials });
  await untilReady(endpoint, child);
  return {
    endpoint,
    credentials,
    client,
    put: (bucket, key, body, more = {}) => client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...more })),
    /** @returns the object with its bytes, or undefined */
    async get(bucket, key) {
      try {
        const output = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return { ...output, bytes: Buffer.from(await output.Body.transformToByteArray()) };
      } catch (error) {
        if (error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async list(bucket) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.map(({ Key }) => Key).sort();
    },
    async stop() {
      client.destroy();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null) {
        child.kill();
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @returns {Promise<number>} a port that was free a moment ago */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilReady(endpoint, child) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${PROGRAM} ended with ${child.exitCode}`);
    const isUp = await fetch(endpoint).then(() => true, () => false);
    if (isUp) return;
    await sleep(50);
  }
  throw new Error(`${PROGRAM} did not start`);
}
