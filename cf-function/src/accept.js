// `format=auto`: the best of what the viewer accepts and we can make.
/* global __FORMATS__ */

import { whole, word } from './text.js';

/** Whether a format may be chosen for a key of this extension at all. */
export const isNegotiable = (extension) => !whole(/^(svgz?|ico|pdf|mp4|webm|mov|json|txt|xml|html|css|js|woff2?)/, extension);

/** The format of a source by its extension; undefined when that says nothing. */
export const namedFormat = (extension) => word(__FORMATS__, extension);

/** Picks among `formats` and the source's own; false keeps the source's. */
export const negotiate = (accept, formats, extension) => {
    var qs = {};
    accept.slice(0, 512).split(',').slice(0, 20).forEach((range) => {
        var parts = range.split(';').map((part) => part.trim().toLowerCase());
        var q = parts.find((part, i) => i && part.startsWith('q='));
        // of repeated ranges the first counts
        if (!(parts[0] in qs)) {
            // in thousandths, 0 when malformed
            qs[parts[0]] = !q ? 1000 : whole(/^q=(0(\.\d{0,3})?|1(\.0{0,3})?)/, q) ? Math.round(q.slice(2) * 1000) : 0;
        }
    });
    var source = namedFormat(extension);
    var best;
    var bestQ = 0;
    formats.forEach((format) => {
        var q = qs['image/' + format];
        if (q > bestQ) {
            best = format;
            bestQ = q;
        }
    });
    var sourceQ = ['image/' + (source || '*'), 'image/*', '*/*'].map((range) => qs[range]).find((q) => q >= 0);
    return best !== source && bestQ >= (sourceQ || 0) && best;
};
