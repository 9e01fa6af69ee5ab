// The derived store in S3, or in R2 by its S3 API, as a purge needs it.

import { DeleteObjectsCommand, GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';

/**
 * @param {import('@aws-sdk/client-s3').S3Client} s3
 * @param {{bucket: string, prefix: string}} place  the prefix empty, or ending in `/`
 * @returns {import('./purge.mjs').DerivedStore}
 */
export function s3DerivedStore(s3, { bucket, prefix }) {
  return {
    async *list(folder) {
      const input = { Bucket: bucket, Prefix: prefix + folder, Delimiter: '/' };
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, input)) {
        for (const { Key, LastModified } of Contents) yield { key: Key.slice(prefix.length), uploaded: LastModified };
      }
    },
    async read(key) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + key }));
        return await Body.transformToString();
      } catch (error) {
        // deleted since it was listed
        if (error.$metadata?.httpStatusCode === 404) return undefined;
        throw error;
      }
    },
    async delete(keys) {
      const Objects = keys.map((key) => ({ Key: prefix + key }));
      const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
      if (Errors.length > 0) throw new Error(`${Errors.length} of ${keys.length} objects were not deleted: ${Errors[0].Key}: ${Errors[0].Code}`);
    },
  };
}
