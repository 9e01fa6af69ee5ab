// A response headers policy: what CloudFront adds to every answer and takes from it, wherever the answer comes from.
// Source: CloudFront Developer Guide, "Add or remove HTTP headers in CloudFront responses with a policy".

/**
 * @typedef {{set: {name: string, value: string, override: boolean}[], remove: string[]}} ResponseHeadersPolicy
 *   `override`: also in place of the origin's own
 */

/** S3's own headers, and what is stored with a derived object. */
const OF_THE_STORE = ['server', 'x-amz-request-id', 'x-amz-id-2', 'x-amz-meta-source-etag', 'x-amz-meta-made-by'];

/**
 * The policy that a distribution needs. S3 can keep neither CORS nor security headers with an object, and a second answer has to
 * have the headers of the first.
 * @param {{cors?: string | false | null}} [config]  the content of `deckle.json`
 * @returns {ResponseHeadersPolicy}
 */
export function responseHeadersPolicy({ cors = '*' } = {}) {
  const add = (name, value, override) => ({ name, value, override });
  return {
    set: [
      ...(cors ? [add('access-control-allow-origin', cors, true), add('timing-allow-origin', cors, true)] : []),
      add('x-content-type-options', 'nosniff', true),
      // harmless with an image, and an original may be a page
      add('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox", false),
      // the function chose the format by this header before the cache was asked, so only browsers have to know
      add('vary', 'accept', false),
    ],
    remove: OF_THE_STORE,
  };
}

/**
 * @param {[string, string][]} headers
 * @param {ResponseHeadersPolicy} policy
 * @returns {[string, string][]}
 */
export function applyPolicy(headers, { set, remove }) {
  const isThere = (name) => headers.some((header) => header[0] === name);
  const added = set.filter(({ name, override }) => override || !isThere(name));
  const gone = new Set([...remove, ...added.map(({ name }) => name)]);
  return [...headers.filter(([name]) => !gone.has(name)), ...added.map(({ name, value }) => [name, value])];
}
