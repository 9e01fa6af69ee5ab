// The viewer-request function: query to canonical path, before the cache sees the request.
/* global cf, __SOURCE_ORIGIN__, __IS_SIGNED__ */

import { canonicalise } from './canonicalise.js';
import { UNSIGNED } from './refusal.js';
import { isSigned } from './signature.js';

/** Longest path and query CloudFront takes; more is not from it. */
const MAX_CHARS = 8192;

/**
 * Answers the request with the canonical path and no query, or a 400 for what cannot be understood. Whatever else happens, the
 * request passes as it came; where requests have to be signed, it is refused.
 */
export async function viewerRequest(event) {
    var request = event && event.request;
    try {
        var uri = request.uri;
        if ((request.method !== 'GET' && request.method !== 'HEAD') || uri[0] !== '/' || uri.length > MAX_CHARS) {
            return __IS_SIGNED__ && request.method !== 'OPTIONS' ? respond(UNSIGNED) : request;
        }
        var query = request.querystring || {};
        if (__IS_SIGNED__) {
            var good = await isSigned(uri, query);
            if (!good) {
                return respond(UNSIGNED);
            }
        }
        var found = await canonicalise(uri, query, request.headers || {});
        if (__SOURCE_ORIGIN__ && found.isSource) {
            cf.selectRequestOriginById(__SOURCE_ORIGIN__);
        }
        request.uri = found.path;
        request.querystring = {};
    } catch (refusal) {
        if (refusal.status === 400) {
            return respond(refusal);
        }
        if (__IS_SIGNED__) {
            return respond(UNSIGNED);
        }
    }
    return request;
}

const respond = (refusal) => ({
    statusCode: refusal.status,
    statusDescription: refusal.status === 400 ? 'Bad Request' : 'Forbidden',
    headers: {
        'content-type': { value: 'application/json' },
        'cache-control': { value: refusal.status === 400 ? 'public, max-age=60' : 'no-store' },
        'x-content-type-options': { value: 'nosniff' },
    },
    body: { encoding: 'text', data: JSON.stringify(refusal) },
});
