// The viewer-request function: query to canonical path, before the cache sees the request.
/* global cf, __SOURCE_ORIGIN__, __IS_SIGNED__, __SIH__, __THUMBOR__, __WORDS__ */

import { canonicalise } from './canonicalise.js';
import { split } from './path.js';
import { UNSIGNED } from './refusal.js';
import { checkSignature } from './signature.js';
import { sihPath } from './sih.js';
import { decode } from './text.js';
import { thumborPath } from './thumbor.js';
import { wordsPath } from './words.js';

/**
 * Answers the request with the canonical path and no query, or a 400 for what cannot be understood. Whatever else happens, the
 * request passes as it came; where requests have to be signed, it is refused.
 */
export async function viewerRequest(event) {
    try {
        var request = event.request;
        var uri = request.uri;
        if (!/^(GET|HEAD)$/.test(request.method)) {
            return __IS_SIGNED__ && request.method !== 'OPTIONS' ? respond(UNSIGNED) : request;
        }
        var query = request.querystring;
        if (__IS_SIGNED__) {
            await checkSignature(uri, query);
        }
        // the path of a dialect that others have, and only where it says nothing in ours
        var isOurs = (__SIH__ || __WORDS__) && split(decode(uri) || '');
        var found =
            (__THUMBOR__ && thumborPath(uri)) ||
            (__WORDS__ && !isOurs && wordsPath(uri, query)) ||
            (__SIH__ && sihPath(uri, query, request.headers, isOurs)) ||
            (await canonicalise(uri, query, request.headers));
        if (__SOURCE_ORIGIN__ && found.isSource) {
            cf.selectRequestOriginById(__SOURCE_ORIGIN__);
        }
        request.uri = found.path;
        request.querystring = {};
    } catch (error) {
        var refusal = __IS_SIGNED__ && !error.status ? UNSIGNED : error;
        if (refusal.status) {
            return respond(refusal);
        }
    }
    return request;
}

const respond = (body) => ({
    statusCode: body.status,
    headers: {
        'content-type': { value: 'application/json' },
        'cache-control': { value: 'max-age=60' },
        'x-content-type-options': { value: 'nosniff' },
    },
    body: { encoding: 'text', data: JSON.stringify(body) },
});
