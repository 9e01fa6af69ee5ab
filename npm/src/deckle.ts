import type { Deckle as Handle } from './wasm/deckle_wasm.js';
import { answerOf, type Answer, type Asked, type Host, type Loaded } from './exchange.js';
import { DeckleError } from './error.js';
import { inside } from './instance.js';
import { query, type Edits } from './url.js';

export type { Host, Loaded };

/** A transformed image. */
export interface Image {
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
  width: number;
  height: number;
}

/** What the header of an image tells; sizes are upright. */
export interface Description {
  format: string;
  contentType: string;
  width: number;
  height: number;
  alpha: boolean;
  frames: number;
  progressive: boolean;
}

export interface TransformOptions {
  /** The `Accept` of who asked, for `format: 'auto'`. */
  accept?: string | undefined;
}

export type Bytes = Uint8Array | ArrayBuffer;

const view = (bytes: Bytes) => (bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));

/**
 * An image, edited: `transform(bytes, { width: 400, style: 'bw' })`.
 *
 * @param edits as an object, or as the query of a URL: `width=400&style=bw`
 * @throws {DeckleError} with a `code`, for a mistake in edits and for what is no image
 */
export function transform(bytes: Bytes, edits: Edits | string = {}, options: TransformOptions = {}): Promise<Image> {
  return new Deckle().transform(bytes, edits, options);
}

/** What the header of an image tells. Nothing is decoded. */
export function describe(bytes: Bytes): Promise<Description> {
  return inside((wasm) => JSON.parse(wasm.describe(view(bytes))) as Description);
}

/** Deckle with a configuration: presets, styles, limits, and all else that `deckle.json` has. */
export class Deckle {
  readonly #config: string;
  #handle: Handle | undefined;
  #generation = -1;

  /** @param config the content of `deckle.json`, as an object or as text. It is checked when it is first used. */
  constructor(config: object | string = {}) {
    this.#config = typeof config === 'string' ? config : JSON.stringify(config);
  }

  /** An image, edited; presets and styles are the configuration's. See the function of the same name. */
  async transform(bytes: Bytes, edits: Edits | string = {}, { accept }: TransformOptions = {}): Promise<Image> {
    const source = { bytes: view(bytes) };
    // an edge passes on what is no image; here that is a mistake
    await describe(source.bytes);
    const headers = accept === undefined ? {} : { accept };
    const asked = { method: 'GET', path: '/image', query: typeof edits === 'string' ? edits : query(edits), headers };
    const answer = await this.#answer(asked, { source: () => source });
    const body = answer.body ?? new Uint8Array();
    if (answer.status !== 200) throw refusal(answer.status, body);
    const contentType = answer.headers.find(([name]) => name === 'content-type')?.[1] ?? '';
    // a report is text, and has no size
    const size = contentType.startsWith('image/') ? await describe(body) : { width: 0, height: 0, contentType };
    return { bytes: body, contentType: contentType || size.contentType, width: size.width, height: size.height };
  }

  /** Answers a request as the edges do. `host` says where originals are, and where derived images are kept, if anywhere. */
  async fetch(request: Request, host: Host): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const asked = { method: request.method, path: pathname, query: search.slice(1), headers: Object.fromEntries(request.headers) };
    const { status, headers, body } = await this.#answer(asked, host);
    return new Response(body ?? null, { status, headers });
  }

  #answer(asked: Asked, host: Host): Promise<Answer> {
    return answerOf(asked, host, (run) => inside((wasm, generation) => {
      if (this.#handle === undefined || this.#generation !== generation) {
        this.#handle = new wasm.Deckle(this.#config);
        this.#generation = generation;
      }
      return run(this.#handle);
    }));
  }
}

function refusal(status: number, body: Uint8Array): DeckleError {
  try {
    const { code, message } = JSON.parse(new TextDecoder().decode(body)) as { code: string; message: string };
    return new DeckleError(code, message, status);
  } catch {
    return new DeckleError('unknown', `the answer is ${status}`, status);
  }
}
