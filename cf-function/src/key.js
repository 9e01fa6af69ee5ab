// Source keys: never anything a path could climb out of, and spelled in one way.

import { badKey } from './refusal.js';

/** A path's decoded form. */
export const decodePath = (path) => {
    var decoded;
    try {
        decoded = decodeURIComponent(path);
    } catch (error) {
        throw badKey('not percent-encoded UTF-8');
    }
    // the canonical path of anything is shorter
    if (Buffer.from(decoded).length > 4096) {
        throw badKey('longer than 1024 bytes');
    }
    return decoded;
};

/** Throws what is wrong with a decoded key. */
export const checkKey = (key) => {
    if (/[\x00-\x1f\x7f\\]/.test(key)) {
        throw badKey('holding a control character or a backslash');
    }
    if (key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
        throw badKey('holding an empty, . or .. segment');
    }
    if (Buffer.from(key).length > 1024) {
        throw badKey('longer than 1024 bytes');
    }
};

/** The one spelling of a decoded key in a path; S3 reads a bare + as a space. */
export const encodeKey = (key) => encodeURI(key).replace(/[?#+]/g, encodeURIComponent);

/** The lower-cased extension of a decoded key; empty when there is none. */
export const extension = (key) => {
    var name = key.slice(key.lastIndexOf('/') + 1);
    var dot = name.lastIndexOf('.');
    return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
};
