// Lambda@Edge on one machine: instances of the function in threads of their own, each of which has one event at a time. While one
// makes an image, this thread goes on to answer from the cache.

import { Worker } from 'node:worker_threads';

const THREAD = new URL('./lambda-thread.mjs', import.meta.url);
const MISSING = new Set(['403', '404']);

/** Nobody waits for the event any more; it was not begun. */
export class NobodyWaits extends Error {}

export class LambdaThreads {
  /** For events that the function hands back as they came: the service starts as many instances as there are events. */
  #quick;
  #slow;

  /**
   * @param {object} data  for `lambda-thread.mjs`: `{file, photos, derived}`
   * @param {{instances?: number}} [options]  how many images are made at once
   */
  constructor(data, { instances = 1 } = {}) {
    this.#quick = new Lane(data, 1);
    this.#slow = new Lane(data, instances);
  }

  /**
   * The function's answer to an event of the trigger origin-response.
   * @param {object} event
   * @param {{signal?: AbortSignal}} [options]  aborted when nobody waits for the answer
   */
  run(event, { signal } = {}) {
    const isMiss = MISSING.has(event.Records[0].cf.response.status);
    return (isMiss ? this.#slow : this.#quick).run(event, signal);
  }

  async close() {
    await Promise.all([this.#quick.close(), this.#slow.close()]);
  }
}

/** Some threads, and events in the order they came. */
class Lane {
  #waiting = [];
  #idle;
  #threads;

  constructor(data, count) {
    this.#threads = Array.from({ length: count }, () => new Worker(THREAD, { workerData: data }));
    this.#idle = [...this.#threads];
  }

  run(event, signal) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, signal, resolve, reject });
      this.#next();
    });
  }

  #next() {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const { event, signal, resolve, reject } = this.#waiting.shift();
      if (signal?.aborted) {
        reject(new NobodyWaits('every viewer left'));
        continue;
      }
      const thread = this.#idle.pop();
      const done = (settle, value) => {
        thread.removeAllListeners('message').removeAllListeners('error');
        this.#idle.push(thread);
        settle(value);
        this.#next();
      };
      thread.once('message', ({ response, error }) => (error ? done(reject, new Error(error)) : done(resolve, response)));
      thread.once('error', (error) => done(reject, error));
      thread.postMessage(event);
    }
  }

  async close() {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}
