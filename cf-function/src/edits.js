// `edits=`: base64 or base64url of a JSON object of parameters.

import { ROWS } from './data.js';

/** Members by known name as parameter texts; undefined when the text is not what it should be. */
export const members = (text) => {
    var found = {};
    var json = text.length > 2048 ? undefined : decode(text);
    var isGood =
        json &&
        !isDeep(json, 0) &&
        ROWS.every((row) =>
            row.names.every((name) => {
                var value = 'eo'.includes(row.kind || '-') || !Object.keys(json).includes(name) ? null : json[name];
                found[name] = value === null ? undefined : spell(value);
                return value === null || found[name] !== undefined;
            }),
        );
    return isGood ? found : undefined;
};

const decode = (text) => {
    var match = /^([\w+\/-]*)={0,2}/.exec(text);
    if (match[0].length < text.length || match[1].length % 4 === 1) {
        return undefined;
    }
    var bytes = Buffer.from(match[1].replace(/-/g, '+').replace(/_/g, '/'), 'base64');
    var json = bytes.toString();
    // bytes that are not UTF-8 come back changed; halves of surrogate pairs are refused; njs takes 01, 1. and .5 for numbers
    if (!Buffer.from(json).equals(bytes) || /(^|[^\\])(\\\\)*\\ud[89a-f]/i.test(json) || !isStrict(json)) {
        return undefined;
    }
    try {
        var value = JSON.parse(json);
        return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
    } catch (error) {
        return undefined;
    }
};

/** Whether all numbers outside strings are JSON's. */
const isStrict = (json) => /^([^"\d.-]|"([^"\\]|\\[\s\S])*"|-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?(?![\d.e]))*$/i.test(json);

/** The runtime's JSON.parse takes 31 levels; another one's may take more. */
const isDeep = (value, depth) => depth > 31 || (Object(value) === value && Object.keys(value).some((key) => isDeep(value[key], depth + 1)));

/** A member's value as a parameter's text; undefined for what no parameter can be. */
const spell = (value) => {
    if (typeof value === 'string') {
        return value;
    }
    if (typeof value === 'number') {
        // a number that needs many digits is nothing any edit accepts
        return /^-?\d{1,9}(\.\d{1,4})?$/.test(value) ? '' + value : 'number';
    }
    if (Array.isArray(value)) {
        return value.every((item) => typeof item === 'number') ? value.map(spell).join('x') : undefined;
    }
    return value === true ? '1' : value === false ? '0' : undefined;
};
