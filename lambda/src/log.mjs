// One line of JSON for each thing worth knowing, so that logs can be searched by member; and metrics as CloudWatch reads them from
// such lines ("embedded metric format"), which needs no right and no request.

/** The namespace of the metrics. */
export const NAMESPACE = 'Deckle';

/** What is counted, and its unit. */
const UNITS = { made: 'Count', failed: 'Count', unreadable: 'Count', milliseconds: 'Milliseconds', sourceBytes: 'Bytes', resultBytes: 'Bytes' };

/**
 * @param {string} event  in snake case
 * @param {object} [facts]
 */
export function logError(event, facts = {}) {
  console.error(JSON.stringify({ level: 'error', event, ...plain(facts) }));
}

/**
 * @param {string} event  in snake case
 * @param {object} [facts]
 */
export function logEvent(event, facts = {}) {
  console.log(JSON.stringify({ level: 'info', event, ...plain(facts) }));
}

/**
 * Metrics of one event. A member of `facts` that has a unit becomes one; the others are there to be read.
 * @param {string} event
 * @param {string} stack  by which metrics of several deployments are told apart
 * @param {object} facts
 */
export function logMetrics(event, stack, facts) {
  const metrics = Object.keys(facts).filter((name) => UNITS[name] && facts[name] !== undefined);
  const directive = { Namespace: NAMESPACE, Dimensions: [['Stack']], Metrics: metrics.map((name) => ({ Name: name, Unit: UNITS[name] })) };
  console.log(JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] }, level: 'info', event, Stack: stack, ...plain(facts) }));
}

/** An error as its name and message, a fault of ours with its stack: JSON shows nothing of an error. */
function plain(facts) {
  const described = ({ name, message, code, stack, cause }) => ({ name, message, code, cause: cause && String(cause), stack: /^Stale|^(Type|Range|Reference|Runtime)Error/.test(name) ? stack : undefined });
  const shown = (value) => (value instanceof Error ? described(value) : value);
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, shown(value)]));
}
