// The viewer-request function: query to canonical path, before the cache sees the request.
/* global cf, __SOURCE_ORIGIN__ */

import { canonicalise } from './native.js';

/** Longest path and query CloudFront takes; more is not from it. */
const MAX_CHARS = 8192;

/**
 * Answers the request with the canonical path and no query, a 400 for what cannot be understood, or, whatever else happens,
 * the request as it came.
 */
export const viewerRequest = (event) => {
    var request = event && event.request;
    try {
        var uri = request.uri;
        if ((request.method !== 'GET' && request.method !== 'HEAD') || uri[0] !== '/' || uri.length > MAX_CHARS) {
            return request;
        }
        var found = canonicalise(uri, request.querystring || {}, request.headers || {});
        if (__SOURCE_ORIGIN__ && found.isSource) {
            cf.selectRequestOriginById(__SOURCE_ORIGIN__);
        }
        request.uri = found.path;
        request.querystring = {};
    } catch (refusal) {
        if (refusal.status === 400) {
            return respond(refusal);
        }
    }
    return request;
};

const respond = (refusal) => ({
    statusCode: 400,
    statusDescription: 'Bad Request',
    headers: {
        'content-type': { value: 'application/json' },
        'cache-control': { value: 'public, max-age=60' },
        'x-content-type-options': { value: 'nosniff' },
    },
    body: { encoding: 'text', data: JSON.stringify(refusal) },
});
