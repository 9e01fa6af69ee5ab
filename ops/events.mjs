// Which originals changed, from what AWS and Cloudflare tell of it.

/**
 * @typedef {{bucket: string, key: string}} Change
 *
 * Of the bodies of a queue's messages: an event of EventBridge, a notification of S3, or one of R2.
 * @param {object} body
 * @returns {Change[]} none of a test message, or of something else
 */
export function changesOf(body) {
  // EventBridge: the key as it is
  if (body?.source === 'aws.s3') return change(body.detail?.bucket?.name, body.detail?.object?.key);
  // R2: the key as it is
  if (body?.object?.key !== undefined) return change(body.bucket, body.object.key);
  // S3's own notifications spell a key as a form does
  return (body?.Records ?? []).flatMap(({ s3 }) => change(s3?.bucket?.name, decoded(s3?.object?.key)));
}

function change(bucket, key) {
  return typeof bucket === 'string' && typeof key === 'string' && key !== '' ? [{ bucket, key }] : [];
}

function decoded(key) {
  try {
    return decodeURIComponent(key?.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
