// Deletes what was made of originals that were replaced or deleted, as a queue of R2's event notifications tells of them.
import { changesOf } from '../../ops/events.mjs';
import { FOLDER } from '../../ops/index.mjs';
import { AGAIN_SECONDS, purgeSources } from '../../ops/purge.mjs';

/** The derived store in R2, as a purge needs it. */
export const r2DerivedStore = (bucket) => ({
  async *list(folder) {
    let cursor;
    do {
      const page = await bucket.list({ prefix: folder, delimiter: '/', cursor });
      yield* page.objects;
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor);
  },
  read: async (key) => (await bucket.get(key))?.text(),
  delete: (keys) => bucket.delete(keys),
});

/**
 * Each message is done twice, the second time a minute later: an image of the old original may be on its way during the first.
 * @param {{messages: readonly {body: unknown, attempts: number, ack: () => void, retry: (how?: {delaySeconds: number}) => void}[]}} batch
 * @param {{DERIVED?: object}} env
 */
export async function purgeChanged(batch, env) {
  for (const message of batch.messages) {
    const sources = changesOf(message.body).map(({ key }) => key).filter((key) => !key.startsWith(FOLDER));
    if (!env.DERIVED || sources.length === 0) {
      message.ack();
      continue;
    }
    try {
      const images = await purgeSources(r2DerivedStore(env.DERIVED), sources);
      console.log(JSON.stringify({ level: 'info', event: 'purged', sources, images: images.length }));
      if (message.attempts > 1) message.ack();
      else message.retry({ delaySeconds: AGAIN_SECONDS });
    } catch (error) {
      console.error(JSON.stringify({ level: 'error', event: 'purge', sources, error: String(error) }));
      message.retry({ delaySeconds: AGAIN_SECONDS });
    }
  }
}
