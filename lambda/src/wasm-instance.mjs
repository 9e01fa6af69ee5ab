// A WebAssembly instance, and when it is replaced: after a trap, because its state is unknown, and
// when it is idle with more memory than it should keep, because linear memory never shrinks.

/** The instance was replaced while an exchange was under way; the exchange can be begun again. */
export class StaleExchange extends Error {}

/** The wasm trapped; the instance has been replaced. */
export class Trapped extends Error {}

/**
 * @typedef {object} Glue what the generated JavaScript exports; see wasm/README.md
 */

export class WasmInstance {
  #glue;
  #deckles = new Map();
  #generation = 0;
  #live = 0;

  /** @param {Glue} module the generated JavaScript, already initialised */
  constructor(module) {
    this.#glue = module;
  }

  /** How often the instance has been replaced. */
  get generation() {
    return this.#generation;
  }

  /** Linear memory, in bytes. */
  memoryBytes() {
    return this.#glue.memoryBytes();
  }

  /**
   * @param {string} config  JSON of the configuration
   * @param {object} head    method, path, query and headers
   * @param {'viewer' | 'derived-miss'} start
   * @throws {Error} with `.code` when the configuration is bad
   */
  begin(config, head, start) {
    const deckle = this.#deckle(config);
    const exchange = this.#guard(() => deckle.begin(json(head), start, performance.now()));
    this.#live += 1;
    return new GuardedExchange(exchange, this.#generation, this.#guard.bind(this), () => {
      this.#live -= 1;
    });
  }

  /** Canonical path of a request, as `{"path","stored"}` or `{"error"}`. */
  canonical(path, query, settings = '{}') {
    return JSON.parse(this.#guard(() => this.#glue.canonical(path, query, undefined, undefined, settings)));
  }

  /** Makes a new instance. Exchanges of the old one can no longer be used. */
  reset() {
    this.#generation += 1;
    this.#deckles.clear();
    this.#glue.__wbg_reset_state();
  }

  /**
   * Replaces an idle instance that has grown past `maxBytes`.
   * @param {number} maxBytes
   */
  trim(maxBytes) {
    if (this.#live === 0 && this.memoryBytes() > maxBytes) this.reset();
  }

  #deckle(config) {
    let deckle = this.#deckles.get(config);
    if (!deckle) {
      deckle = this.#guard(() => new this.#glue.Deckle(config));
      this.#deckles.set(config, deckle);
    }
    return deckle;
  }

  /** No call throws for bad input. An error with a code is a fault in this host; any other means that the instance is lost. */
  #guard(call, generation = this.#generation) {
    if (generation !== this.#generation) throw new StaleExchange('the wasm instance was replaced');
    try {
      return call();
    } catch (error) {
      if (error?.code) throw error;
      this.reset();
      throw new Trapped('the wasm trapped', { cause: error });
    }
  }
}

/** An exchange that notices when its instance is gone. Same methods as the wasm's; `step` answers an object. */
class GuardedExchange {
  #exchange;
  #generation;
  #guard;
  #released;

  constructor(exchange, generation, guard, released) {
    this.#exchange = exchange;
    this.#generation = generation;
    this.#guard = guard;
    this.#released = released;
  }

  #call(name, ...args) {
    return this.#guard(() => this.#exchange[name](...args), this.#generation);
  }

  step() { return JSON.parse(this.#call('step')); }
  found(object) { this.#call('found', json(object)); }
  missing() { this.#call('missing', performance.now()); }
  failed(reason) { this.#call('failed', reason, performance.now()); }
  body(bytes) { this.#call('body', bytes, () => performance.now()); }
  detected(seen) { this.#call('detected', json(seen), () => performance.now()); }
  listed(names) { this.#call('listed', json(names), performance.now()); }
  take() { return this.#call('take'); }
  cachePath() { return this.#call('cachePath'); }

  /** Frees the exchange, if its instance is still there. */
  free() {
    this.#released();
    try {
      this.#call('free');
    } catch (error) {
      if (!(error instanceof StaleExchange || error instanceof Trapped)) throw error;
    }
  }
}

/** JSON that any reader takes: half a surrogate pair, which JavaScript's text may hold, is replaced. */
function json(value) {
  return JSON.stringify(value, (_, member) => (typeof member === 'string' ? member.toWellFormed() : member));
}
