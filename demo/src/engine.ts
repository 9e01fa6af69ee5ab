// The page's side of the workers: calls that are answered, in order.
import wasmUrl from '../../wasm/pkg/deckle_wasm_bg.wasm?url';
import type { Calls, Reply } from './engine-types.ts';

/** Compiled once, off the page's thread, and shared by all workers. */
let compiled: Promise<WebAssembly.Module> | undefined;
const compile = () => (compiled ??= WebAssembly.compileStreaming(fetch(wasmUrl)));

export class Engine {
  #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #next = 0;
  #worker?: Worker;
  #started?: Promise<void>;

  /** The worker is started by the first call. */
  constructor(readonly config: Promise<string>) {}

  #start(): Promise<void> {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      const caller = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.error) caller?.reject(Object.assign(new Error(data.error.message), { code: data.error.code }));
      else caller?.resolve(data.value as never);
    });
    this.#worker.addEventListener('error', (event) => this.#fail(event.message || 'the worker stopped'));
    return Promise.all([compile(), this.config]).then(([module, text]) => this.#post('start', [module, text]));
  }

  async call<K extends keyof Calls>(call: K, ...args: Parameters<Calls[K]>): Promise<Awaited<ReturnType<Calls[K]>>> {
    await (this.#started ??= this.#start());
    return this.#post(call, args);
  }

  /** Calls that are under way are rejected. */
  close(): void {
    this.#worker?.terminate();
    this.#fail('stopped');
  }

  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  #post<K extends keyof Calls>(call: K, args: Parameters<Calls[K]>): Promise<Awaited<ReturnType<Calls[K]>>> {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      this.#worker?.postMessage({ id, call, args });
    });
  }

  #fail(message: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(message));
    this.#waiting.clear();
  }
}
