// Thumbor's own URLs pass as they are: the core reads them, and checks what is signed.
/* global __THUMBOR_ONLY__ */

import { refuseParameter } from './refusal.js';

/** The path to ask the origin for where it has a prefix of Thumbor's. */
export const thumborPath = (path) => {
    if (/^\/(unsafe|[\w-]{27}(=|%3d))\//i.test(path)) {
        return { path: path };
    }
    if (__THUMBOR_ONLY__) {
        refuseParameter('path');
    }
};
