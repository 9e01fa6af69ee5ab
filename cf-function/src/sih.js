// Requests of AWS's dialect pass: the path as it is, with what the query says in front of it, so that the cache tells them apart.
/* global __SIH_AUTO_WEBP__, __SIH_FIRST__, __SIH_JSON__, __SIH_REWRITES__, __SIH_SIGNED__, __SIH_THUMBOR__ */

import { buffer, decode, keys, texts, whole } from './text.js';

/** The words of its query, sorted, as `name=value`; the last of a repeated one counts. */
export const sihQuery = (query) =>
    keys(query)
        .filter((name) => whole(/^(signature|expires|format|fit|width|height|rotate|fl[io]p|grayscale)/, name))
        .map((name) => name + '=' + texts(query[name]).pop())
        .sort()
        .join('&');

export const acceptsWebp = (headers) => texts(headers.accept).join().includes('image/webp');

/** The path to ask the origin for where the request is of that dialect. `isOurs`: the path is canonical, and says everything. */
export const sihPath = (path, query, headers, isOurs) => {
    var words = sihQuery(query);
    var webp = __SIH_AUTO_WEBP__ && acceptsWebp(headers);
    // base64 of an object begins with what it makes of `{"`, or of `{` and white space, and has room for a key
    var isMarked =
        __SIH_REWRITES__ ||
        (__SIH_THUMBOR__ && /fit-in|filters:|s3:|\dx\d/.test(path)) ||
        (__SIH_JSON__ && whole(/^\/e(w[k-r0-3]|y[A-DI-L])[\da-z+\/]{9,}={0,2}/i, decode(path) || '') && decode(path).length % 4 === 1);
    if (__SIH_SIGNED__ || (!isOurs && (isMarked || (__SIH_FIRST__ && (words || webp))))) {
        words = '?' + words + (webp ? '&webp' : '');
        return { path: (__SIH_SIGNED__ || words[1] ? '/default/ops_' + buffer(words).toString('base64url') : '') + path };
    }
};
