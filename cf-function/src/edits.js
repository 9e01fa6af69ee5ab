// `edits=`: base64 or base64url of a JSON object of parameters.

import { refuseParameter } from './refusal.js';
import { buffer, whole } from './text.js';

/** An object: JSON's strings without halves of surrogate pairs, its numbers (njs takes 01, 1. and .5 too), and anything else. */
const STRICT = /^\s*{([^"\d.-]|"([^"\\]|\\(?!ud[89a-f])[\s\S])*"|-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?(?![\d.e]))*/i;

/** The object; undefined when the text is not what it should be. */
export const parseEdits = (text) => {
    var isBase64 = text.length < 2049 && whole(/^([\w+\/-]{4})*([\w+\/-]{2,3})?={0,2}/, text);
    var bytes = buffer(text.replace(/\+/g, '-').replace(/\//g, '_'), 'base64url');
    var json = bytes.toString();
    try {
        // bytes that are not UTF-8 come back changed
        return isBase64 && buffer(json).equals(bytes) && whole(STRICT, json) && JSON.parse(json);
    } catch (error) {
        // it is no JSON
    }
};

/** A member's value as a parameter's text; nothing for null, as for a member that is not there. */
export const spell = (value) => {
    if (value === undefined || value === null || typeof value === 'string') {
        return value;
    }
    if (Array.isArray(value)) {
        return value.map(number).join('x');
    }
    return value === true ? '1' : value === false ? '0' : number(value);
};

/** A number's text. One that needs many digits is nothing any edit accepts. */
const number = (value) => {
    if (typeof value !== 'number') {
        refuseParameter('edits');
    }
    return whole(/^-?\d{1,9}(\.\d{1,4})?/, '' + value) ? '' + value : 'number';
};
