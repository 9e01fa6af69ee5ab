// Signed requests: HMAC-SHA256 over the path and query as sent (docs/url.md, section 7).
/* global crypto */

import { UNSIGNED } from './refusal.js';
import { lookUp } from './store.js';
import { bytes, keys, texts } from './text.js';

/** Throws where a request is not signed, or no longer, or where there is no such key. */
export async function checkSignature(path, query) {
    var pairs = [];
    var names = keys(query).sort();
    names.forEach((name) => name && name !== 'sig' && texts(query[name]).forEach((value) => pairs.push(name + '=' + value)));
    var message = path + '?' + pairs.join('&');
    var expires = only(query.exp);
    var sent = only(query.sig);
    var secret = await lookUp('key:' + only(query.kid));
    var expected = crypto.createHmac('sha256', secret).update(message).digest('base64url');
    // every character is compared, however early they differ
    var difference = expected.length ^ sent.length;
    for (var i = 0; i < expected.length; i++) {
        difference |= expected.charCodeAt(i) ^ sent.charCodeAt(i);
    }
    if (difference || bytes(secret) < 16 || /[^!-~]/.test(message) || /\D|.{13}/.test(expires) || (expires && expires <= Date.now() / 1000)) {
        throw UNSIGNED;
    }
}

/** The value of a parameter that stands once at most; a repeated one is no time, no key and no signature. */
const only = (entry) => {
    var all = texts(entry);
    return all.length > 1 ? '-' : all[0] || '';
};
