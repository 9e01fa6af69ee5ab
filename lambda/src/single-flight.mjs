// One transformation for all who ask an instance for the same at the same time.

/**
 * @typedef {import('./exchange.mjs').Answer} Answer
 */

/** Headers that make an answer depend on who asks. */
const CONDITIONS = ['if-none-match', 'if-modified-since', 'range'];

/** A put that has not ended by then will not be waited for by others. */
const STORING_MS = 15_000;

/** @type {WeakMap<object, Map<string, Promise<Answer>>>} by instance */
const flightsOf = new WeakMap();

/**
 * @param {{wasm: object, config: import('./config.mjs').Config}} host
 * @param {{method: string, path: string, query: string, headers: Record<string, string>}} head
 * @param {() => Promise<Answer>} run
 * @returns {Promise<Answer>} the answer of the request that asked first, unless it is a body that can be read but once
 */
export async function singleFlight({ wasm, config }, head, run) {
  if (CONDITIONS.some((name) => head.headers[name] !== undefined)) return run();
  const key = flightName(config, head);
  if (!flightsOf.has(wasm)) flightsOf.set(wasm, new Map());
  const flights = flightsOf.get(wasm);
  const flying = flights.get(key);
  if (flying) {
    const answer = await flying;
    return answer.loaded ? run() : { ...answer };
  }
  const flight = run();
  flights.set(key, flight);
  const land = () => {
    if (flights.get(key) === flight) flights.delete(key);
  };
  try {
    const answer = await flight;
    if (!answer.store) land();
    else storedOnce(answer, land);
    return answer;
  } catch (error) {
    land();
    throw error;
  }
}

/** What two requests have to have in common for one answer. */
export function flightName(config, { method, path, query }) {
  return JSON.stringify([method, path, query, config]);
}

/** Stores once for all, and keeps the answer for those who come while it is being stored. */
function storedOnce(answer, land) {
  const timer = setTimeout(land, STORING_MS);
  timer.unref?.();
  const { store } = answer;
  let stored;
  answer.store = () => {
    stored ??= store().finally(() => {
      clearTimeout(timer);
      land();
    });
    return stored;
  };
}
