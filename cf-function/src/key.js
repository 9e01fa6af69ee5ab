// Source keys: never anything a path could climb out of, and spelled in one way.

import { bytes } from './text.js';

/** Whether a store could have an object of this name: no control character, no `\`, no empty or dot segment, 1,024 bytes. */
export const isKey = (key) => !/[\x00-\x1f\x7f\\]|(^|\/)\.?\.?(\/|$)/.test(key) && bytes(key) < 1025;

/** The one spelling of a decoded key in a path; S3 reads a bare + as a space. */
export const encodeKey = (key) => encodeURI(key).replace(/[?#+]/g, encodeURIComponent);

/** The lower-cased extension of a decoded key; empty when there is none. */
export const extension = (key) => {
    // keys have no newline, so the end is the end
    var match = /\.([^.\/]*)$/.exec(key);
    return match ? match[1].toLowerCase() : '';
};
