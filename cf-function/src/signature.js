// Signed requests: HMAC-SHA256 over the path and query as sent (docs/url.md, section 7).
/* global crypto */

import { lookUp } from './store.js';

/** Whether a request is signed, and still valid. */
export async function isSigned(path, query) {
    var pairs = [];
    Object.keys(query)
        .sort()
        .forEach((name) => {
            var entry = query[name];
            if (name && name !== 'sig') {
                (entry.multiValue || [entry]).forEach((one) => pairs.push(name + '=' + one.value));
            }
        });
    var message = path + '?' + pairs.join('&');
    var kid = only(query.kid);
    var expires = only(query.exp);
    var sent = only(query.sig);
    if (!sent || !kid || /[^!-~]/.test(message) || /[^\d]|.{13}/.test(expires)) {
        return false;
    }
    var secret = await lookUp('key', kid);
    if (!secret || Buffer.from(secret).length < 16) {
        return false;
    }
    var expected = crypto.createHmac('sha256', secret).update(message).digest('base64url');
    // every character is compared, however early they differ
    var difference = expected.length ^ sent.length;
    for (var i = 0; i < expected.length; i++) {
        difference |= expected.charCodeAt(i) ^ sent.charCodeAt(i);
    }
    return difference === 0 && (expires === '' || expires > Date.now() / 1000);
}

/** The value of a parameter that stands once at most, else of none. A repeated one is no time and no signature. */
const only = (entry) => (!entry ? '' : entry.multiValue ? '\n' : entry.value);
