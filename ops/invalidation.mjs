// What CloudFront is told to forget.

import { CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';

import { pathOf } from './index.mjs';

/** With more paths than this, everything is forgotten: a path is billed beyond the first 1,000 of a month, and 3,000 may be in progress. */
export const MAX_PATHS = 300;

/**
 * The paths of images and of the sources that they were made of, as the cache knows them: after the function has written them.
 * @param {string[]} images   keys of derived objects
 * @param {string[]} sources  keys
 * @returns {string[]}
 */
export function pathsOf(images, sources) {
  const paths = [...new Set([...sources, ...images].map(pathOf))];
  // a star at the end stands for everything that begins so
  const spelled = paths.map((path) => path.replaceAll('*', '%2A'));
  return spelled.length > MAX_PATHS ? ['/*'] : spelled;
}

/**
 * @param {import('@aws-sdk/client-cloudfront').CloudFrontClient} client
 * @param {string} distribution  its id
 * @param {string[]} paths
 * @param {string} reference     told twice, the second is the first
 */
export async function invalidate(client, distribution, paths, reference) {
  if (paths.length === 0) return;
  const InvalidationBatch = { CallerReference: reference, Paths: { Quantity: paths.length, Items: paths } };
  await client.send(new CreateInvalidationCommand({ DistributionId: distribution, InvalidationBatch }));
}
