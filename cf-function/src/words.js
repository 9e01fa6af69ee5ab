// Requests with words of another dialect pass: the path as it is, with the words in front of it, so that the cache tells them apart.
/* global __IS_DIT__, __IS_SHOPIFY__, __WORDS__ */

import { buffer, decode, keys, texts, whole, word } from './text.js';
import { base64url } from './value.js';

/** The path to ask the origin for where the query has words, or the path says by itself what is asked. */
export const wordsPath = (path, query) => {
    var words = keys(query)
        // `resize[width]` and `resize.width` are of `resize`
        .filter((name) => word(__WORDS__, (decode(name) || '').split(/[.[]/)[0]))
        .map((name) => name + '=' + texts(query[name]).pop())
        .sort()
        .join('&');
    if (words || (__IS_DIT__ && isJson(path)) || (__IS_SHOPIFY__ && /._[^\/]+\.[^\/.]+$/.test(path))) {
        return { path: (words ? '/default/ops_' + base64url('?' + words) : '') + path };
    }
};

const isJson = (path) => {
    try {
        var text = buffer(path.slice(1), 'base64url').toString();
        return whole(/^\/[\w-]+={0,2}/, path) && /^\s*{/.test(text) && JSON.parse(text);
    } catch (error) {
        // it is a key
    }
};
