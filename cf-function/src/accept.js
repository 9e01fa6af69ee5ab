// `format=auto`: the best of what the viewer accepts and we can make.
/* global __FORMATS__ */

import { word } from './value.js';

const FIXED = 'svg svgz ico pdf mp4 webm mov json txt xml html css js woff woff2'.split(' ');

/** Whether a format may be chosen for a key of this extension at all. */
export const isNegotiable = (extension) => !FIXED.includes(extension);

/** The format of a source by its extension; undefined when that says nothing. */
export const namedFormat = (extension) => word(__FORMATS__, extension);

/** Picks among `formats` and the source's own; undefined keeps the source's. */
export const negotiate = (accept, formats, extension) => {
    var ranges = accept.slice(0, 512).split(',').slice(0, 20).map(range);
    var q = (name) => {
        var found = ranges.find((entry) => entry.name === name);
        return found && found.q;
    };
    var first = (names) => names.map(q).find((value) => value !== undefined) || 0;

    var source = namedFormat(extension);
    var sourceQ = first([source ? 'image/' + source : '', 'image/*', '*/*'].slice(source ? 0 : 1));
    var best;
    var bestQ = 0;
    formats.forEach((format) => {
        var formatQ = first(['image/' + format]);
        if (formatQ > bestQ) {
            best = format;
            bestQ = formatQ;
        }
    });
    return best !== source && bestQ >= sourceQ ? best : undefined;
};

const range = (text) => {
    var parts = text.split(';').map((part) => part.trim().toLowerCase());
    var q = parts.slice(1).find((part) => part.startsWith('q='));
    return { name: parts[0], q: q ? thousandths(q.slice(2)) : 1000 };
};

/** q in thousandths, 0 when malformed. */
const thousandths = (text) => (text.length < 6 && /^(0(\.\d*)?|1(\.0*)?)(?![\s\S])/.test(text) ? Math.round(+text * 1000) : 0);
