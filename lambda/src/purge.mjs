// An original was replaced or deleted: what was made of it is deleted from the derived bucket and forgotten by CloudFront. Fed by a
// queue of S3's events.

import { createHash } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';

import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { S3Client } from '@aws-sdk/client-s3';

import { changesOf } from '../../ops/events.mjs';
import { FOLDER } from '../../ops/index.mjs';
import { invalidate, pathsOf } from '../../ops/invalidation.mjs';
import { AGAIN_SECONDS, purgeSources } from '../../ops/purge.mjs';
import { s3DerivedStore } from '../../ops/s3.mjs';
import { CONFIG_VARIABLE, readConfigFile, resolveConfig } from './config.mjs';
import { logError, logEvent } from './log.mjs';

/** The environment variable with the distribution's id; without one nothing is invalidated. */
export const DISTRIBUTION_VARIABLE = 'DISTRIBUTION';

/**
 * A handler for a queue's messages. It takes a minute: an image of the old original may be on its way while its like are deleted.
 * @param {object} host
 * @param {import('./config.mjs').Config} host.config
 * @param {string} [host.distribution]
 * @param {import('../../ops/purge.mjs').DerivedStore} host.store
 * @param {import('@aws-sdk/client-cloudfront').CloudFrontClient} [host.cloudFront]
 * @param {number} [host.againSeconds]
 * @returns {(event: {Records: {messageId: string, body: string}[]}) => Promise<{batchItemFailures: {itemIdentifier: string}[]}>}
 */
export function purgeHandler({ config, distribution, store, cloudFront, againSeconds = AGAIN_SECONDS }) {
  const pass = async (sources, name) => {
    const images = await purgeSources(store, sources);
    // what has no image now may have one in the cache all the same
    if (distribution && (name === 'first' || images.length > 0)) {
      const paths = pathsOf(images, sources);
      const reference = createHash('sha256').update(`${name} ${Date.now()} ${paths.join(' ')}`).digest('hex').slice(0, 32);
      await invalidate(cloudFront, distribution, paths, reference);
    }
    return images.length;
  };
  return async ({ Records }) => {
    const bad = [];
    const sources = new Set();
    for (const { messageId, body } of Records) {
      try {
        for (const change of changesOf(JSON.parse(body))) {
          const key = sourceKey(config.aws, change);
          if (key !== undefined) sources.add(key);
        }
      } catch (error) {
        logError('purge', { messageId, error });
        bad.push({ itemIdentifier: messageId });
      }
    }
    if (sources.size > 0) {
      const first = await pass([...sources], 'first');
      await after(againSeconds * 1000);
      const second = await pass([...sources], 'second');
      logEvent('purged', { sources: sources.size, images: first + second });
    }
    return { batchItemFailures: bad };
  };
}

/** The key by which requests name a source; undefined for what is no source. */
function sourceKey({ source, buckets }, { bucket, key }) {
  const { prefix } = bucket === source.bucket ? source : (buckets[bucket] ?? { prefix: '' });
  if (!key.startsWith(prefix)) return undefined;
  const name = key.slice(prefix.length);
  return name === '' || name.startsWith(FOLDER) ? undefined : name;
}

let made;

/** The one of the package. */
export const handler = (event) => {
  if (!made) {
    const config = resolveConfig(readConfigFile(), process.env[CONFIG_VARIABLE]);
    const { derived } = config.aws;
    made = purgeHandler({
      config,
      distribution: process.env[DISTRIBUTION_VARIABLE] || undefined,
      store: s3DerivedStore(new S3Client({ region: derived.region }), derived),
      // a service without regions, whose address is in one
      cloudFront: new CloudFrontClient({ region: 'us-east-1' }),
    });
  }
  return made(event);
};
