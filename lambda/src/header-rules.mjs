// Which headers an edge function may touch, and what a header may hold.
// Source: CloudFront Developer Guide, "Restrictions on edge functions".

/** Headers that an origin-response function must hand back exactly as they came. */
export const READ_ONLY = Object.freeze(['transfer-encoding', 'via']);

const DISALLOWED = new Set([
  'connection', 'expect', 'keep-alive', 'trailer', 'upgrade',
  'x-amzn-auth', 'x-amzn-errortype', 'x-amzn-fle-profile', 'x-amzn-lambda-integration-tag', 'x-amzn-requestid',
  'x-cache', 'x-forwarded-proto', 'x-real-ip',
]);
const DISALLOWED_PREFIXES = ['proxy-', 'x-accel-', 'x-amz-cf-', 'x-amzn-cf-', 'x-amzn-header-', 'x-edge-'];

/**
 * Whether CloudFront refuses the whole response when a function adds this header.
 * @param {string} name in lower case
 */
export function isDisallowed(name) {
  return DISALLOWED.has(name) || DISALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** @param {string} name */
export function isHeaderName(name) {
  return /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}

/**
 * Whether a value is safe on every hop: printable ASCII, no line breaks.
 * @param {string} value
 */
export function isHeaderValue(value) {
  return /^[\t\x20-\x7e]*$/.test(value);
}
