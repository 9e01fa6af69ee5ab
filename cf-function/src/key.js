// Source keys: never anything a path could climb out of, and spelled in one way.

import { bytes } from './text.js';

/** Whether no object can have this name: a control character, `\`, an empty or dot segment, the folder of the index, more than 1,024 bytes. */
export const isBadKey = (key) => /[\x00-\x1f\x7f\\]|(^|\/)\.?\.?(\/|$)|^_i\//.test(key) || bytes(key) > 1024;

/** The one spelling of a decoded key in a path; S3 reads a bare + as a space. */
export const encodeKey = (key) => encodeURI(key).replace(/[?#+]/g, encodeURIComponent);

/** The lower-cased extension of a decoded key; empty when there is none. */
export const extension = (key) => {
    // keys have no newline, so the end is the end
    var match = /\.([^.\/]*)$/.exec(key);
    return match ? match[1].toLowerCase() : '';
};
