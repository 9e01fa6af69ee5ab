// Source keys: decoded once, and never anything a path could climb out of.

import { badKey } from './refusal.js';

/** A key's decoded form; undefined when its escapes are malformed or not UTF-8. */
export const decodeKey = (key) => {
    try {
        return decodeURIComponent(key);
    } catch (error) {
        return undefined;
    }
};

/** Throws what is wrong with a decoded key; `prefixBytes` is what the stored name has before it. */
export const checkKey = (key, prefixBytes) => {
    if (key === undefined) {
        throw badKey('not percent-encoded UTF-8');
    }
    if (/[\x00-\x1f\x7f\\]/.test(key)) {
        throw badKey('holding a control character or a backslash');
    }
    if (key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
        throw badKey('holding an empty, . or .. segment');
    }
    if (prefixBytes + Buffer.from(key).length > 1024) {
        throw badKey('longer than 1024 bytes');
    }
};

/** The lower-cased extension of a decoded key; empty when there is none. */
export const extension = (key) => {
    var name = key.slice(key.lastIndexOf('/') + 1);
    var dot = name.lastIndexOf('.');
    return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
};
