// The program behind `make serve`: both edges on this machine, over one folder of photos.
//
//     node local/serve.mjs [--photos DIR] [--derived DIR] [--r2 DIR] [--host HOST] [--port 8788] [--worker-port 8787]

import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildAll } from '../cf-function/build.mjs';
import { FolderBucket } from './bucket-folder.mjs';
import { CloudFront } from './cloudfront.mjs';
import { LambdaThreads } from './lambda-threads.mjs';
import { assetsFolder, isDemoBuilt, pages, TRIAL } from './pages.mjs';
import { responseHeadersPolicy } from './response-headers.mjs';
import { s3Face } from './s3-face.mjs';
import { viewerRequestFunction } from './viewer-request.mjs';
import { isStale, isWorkerBuilt, startWorker } from './worker.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const WASM = join(PROJECT, 'wasm/pkg/deckle_wasm_bg.wasm');
const TRY = '/01.jpg?height=400&width=200&style=bw';

/** An error that the user can correct: its message is shown without a stack. */
class Unusable extends Error {}

async function main() {
  const options = readOptions();
  const isFolder = (await stat(options.photos).catch(() => undefined))?.isDirectory();
  if (!isFolder) throw new Unusable(`${options.photos} is not a folder; say where the photos are with --photos`);
  if (!existsSync(WASM)) throw new Unusable('wasm/pkg is not there; run `make wasm` first');
  await ensureFree(options.port, options.host);
  if (isWorkerBuilt()) await ensureFree(options.workerPort, options.host);

  const config = await readConfig();
  const running = [];
  const stop = async (code) => {
    await Promise.allSettled(running.map((server) => server.close()));
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop(0));

  try {
    const cloudFront = await startCloudFront(options, config);
    running.push(cloudFront);
    if (isWorkerBuilt()) {
      const { host, workerPort: port, photos, r2: persist } = options;
      const about = { config, photos: new FolderBucket(photos), edge: 'Cloudflare Worker' };
      const assets = isDemoBuilt() ? await assetsFolder(join(options.r2, '../pages'), about) : undefined;
      running.push(await startWorker({ port, host, photos, persist, config, assets }));
    }
  } catch (error) {
    console.error(error);
    await stop(1);
  }
  announce(options);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      photos: { type: 'string', default: join(PROJECT, 'fixtures') },
      derived: { type: 'string', default: join(PROJECT, '.deckle/derived') },
      r2: { type: 'string', default: join(PROJECT, '.deckle/r2') },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8788' },
      'worker-port': { type: 'string', default: '8787' },
    },
  });
  return { ...values, port: portNumber(values.port), workerPort: portNumber(values['worker-port']) };
}

function portNumber(text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Unusable(`${text} is not a port`);
  return port;
}

async function readConfig() {
  const file = join(PROJECT, 'deckle.json');
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : TRIAL;
}

/** Miniflare reports a taken port late and at length. */
function ensureFree(port, host) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      reject(new Unusable(error.code === 'EADDRINUSE' ? `port ${port} is in use; choose another` : `port ${port}: ${error.message}`));
    });
    probe.listen(port, host, () => probe.close(resolve));
  });
}

async function startCloudFront(options, config) {
  const buckets = { source: new FolderBucket(options.photos, { typed: true }), derived: new FolderBucket(options.derived) };
  await forgetStale(buckets);
  const region = 'us-east-1';
  const origin = (name) => ({
    fetch: s3Face((key) => buckets[name].get(key)),
    domainName: `deckle-${name}.s3.${region}.amazonaws.com`,
    region,
  });
  const aws = {
    ...config.aws,
    source: { bucket: 'deckle-source', region },
    derived: { bucket: 'deckle-derived', region },
    originals: true,
  };
  const cloudfront = { sourceOriginId: 'source', ...config.cloudfront };
  const lambda = new LambdaThreads({ file: { ...config, aws }, photos: options.photos, derived: options.derived });
  // presets and styles that do not fit into the function are in its store
  const { source, store } = buildAll({ ...config, cloudfront });
  const kvs = Object.fromEntries((store?.data ?? []).map(({ key, value }) => [key, value]));
  const cloudFront = new CloudFront({
    viewerRequest: viewerRequestFunction(source, { kvs }),
    originResponse: (event, { signal }) => lambda.run(event, { signal }),
    responseHeaders: responseHeadersPolicy(config),
    origins: { derived: origin('derived'), [cloudfront.sourceOriginId]: origin('source') },
    defaultOrigin: 'derived',
    pages: isDemoBuilt() ? pages({ config, photos: buckets.source, made: buckets.derived }) : undefined,
    onVisit: ({ method, url, status, xCache, originStatus, milliseconds }) => {
      const from = originStatus ? `, S3 ${originStatus}` : '';
      console.log(`${method} ${url} ${status} ${xCache.split(' ')[0]}${from} ${milliseconds.toFixed(0)} ms`);
    },
  });
  await cloudFront.listen(options.port, options.host);
  return { close: () => Promise.all([cloudFront.close(), lambda.close()]) };
}

/** Removes derived images whose source has changed since the last run. */
async function forgetStale({ source, derived }) {
  for (const key of await derived.list()) {
    const sourceKey = key.split('/').slice(2).join('/');
    const [made, from] = await Promise.all([derived.head(key), source.head(sourceKey)]);
    if (isStale(key, made?.metadata['source-etag'], new Map([[sourceKey, from?.etag]]))) await derived.delete(key);
  }
}

function announce({ host, port, workerPort, photos }) {
  console.log(`\nready: ${photos}\n`);
  if (isDemoBuilt()) console.log(`    http://${host}:${port}/      the page where you see it (also on the Worker's port)`);
  console.log(`    curl 'http://${host}:${port}${TRY}'      (CloudFront's order of events)`);
  if (isWorkerBuilt()) console.log(`    curl 'http://${host}:${workerPort}${TRY}'      (Cloudflare Worker in workerd)`);
  else console.log('    the Worker is not built; run `make worker` for it');
  console.log('\nCtrl-C stops both.');
}

main().catch((error) => {
  console.error(error instanceof Unusable ? `serve: ${error.message}` : error);
  process.exit(1);
});
