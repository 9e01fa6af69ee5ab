// One instance of the origin-response function, over two folders; see lambda-threads.mjs.

import { parentPort, workerData } from 'node:worker_threads';
import { originResponse } from '../lambda/src/origin-response.mjs';
import { FolderBucket, folderStore } from './bucket-folder.mjs';

const { file, photos, derived } = workerData;
const buckets = { source: new FolderBucket(photos, { typed: true }), derived: new FolderBucket(derived) };
const handler = originResponse({ file, makeStore: () => folderStore(buckets) });

parentPort.on('message', async (event) => {
  try {
    parentPort.postMessage({ response: await handler(event) });
  } catch (error) {
    parentPort.postMessage({ error: String(error?.stack ?? error) });
  }
});
