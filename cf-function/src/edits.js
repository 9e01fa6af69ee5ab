// `edits=`: base64 or base64url of a JSON object of parameters.
//
// Read by a tokeniser and a state machine of our own: the runtime's JSON.parse takes numbers such as 01, refuses nesting
// beyond 31 and shows neither repeated names nor numbers that overflow.

import { ROWS } from './data.js';

/** Rows that only the query itself can hold. */
export const isOuter = (row) => ['edits', 'dimensions', 'device-type'].includes(row.names[0]);

const KNOWN = [];
ROWS.forEach((row) => isOuter(row) || row.names.forEach((name) => KNOWN.push(name)));

/** Members by known name as parameter texts; undefined when the text is not what it should be. */
export const members = (text) => {
    var json = text.length > 2048 ? undefined : decode(text);
    return json === undefined ? undefined : read(json);
};

const decode = (text) => {
    var match = /^([\w+\/-]*)={0,2}/.exec(text);
    if (match[0].length < text.length || match[1].length % 4 === 1) {
        return undefined;
    }
    var bytes = Buffer.from(match[1].replace(/-/g, '+').replace(/_/g, '/'), 'base64');
    var json = bytes.toString();
    // bytes that are not UTF-8 come back changed
    if (!Buffer.from(json).equals(bytes)) {
        return undefined;
    }
    return json.length === bytes.length ? json : ascii(bytes);
};

/**
 * The text with a delete for every character outside ASCII: no name and no value has any, an error shows neither, and njs 0.7.9
 * loses its way when it looks for all matches in such text.
 */
const ascii = (bytes) => {
    var text = '';
    for (var i = 0; i < bytes.length; i++) {
        if (bytes[i] < 128) {
            text += String.fromCharCode(bytes[i]);
        } else if (bytes[i] > 191) {
            text += '\x7f';
        }
    }
    return text;
};

/** A string without surrogate escapes, a number, a literal, space; else one character, of which the grammar takes only its marks. */
const TOKENS =
    /"([^"\\\x00-\x1f]|\\(["\\\/bfnrt]|u(?![dD][89a-fA-F])[\da-fA-F]{4}))*"|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null|[ \t\n\r]+|[\s\S]/g;

// Types of token beside the marks {}[]:, — digits, because a number's token is never taken for its first character.
const STRING = '1';
const KEY = '2';
const NUMBER = '3';
const LITERAL = '4';
const VALUE = STRING + NUMBER + LITERAL + '{[';

/** Members of the outermost object; nested ones are only checked. A value that no parameter can be is false. */
const read = (json) => {
    var tokens = json.match(TOKENS) || [];
    var found = {};
    var open = [];
    var allowed = '{';
    var name;
    var items;
    for (var i = 0; i < tokens.length; i++) {
        var token = tokens[i];
        if (' \t\n\r'.includes(token[0])) {
            continue;
        }
        var type = typeOf(token, allowed);
        if (!allowed.includes(type)) {
            return undefined;
        }
        if (type === ',') {
            allowed = open[open.length - 1] === '{' ? KEY : VALUE;
        } else if (type === ':') {
            allowed = VALUE;
        } else if (type === KEY) {
            allowed = ':';
            if (open.length === 1) {
                name = JSON.parse(token);
            }
        } else if (type === '{' || type === '[') {
            items = open.length === 1 && [];
            open.push(type);
            allowed = type === '{' ? KEY + '}' : VALUE + ']';
        } else {
            if (type === '}' || type === ']') {
                open.pop();
            }
            if (open.length === 1 && KNOWN.includes(name)) {
                found[name] = type === ']' ? items && items.join('x') : type === '}' ? false : spell(type, token);
            } else if (open.length === 2 && items) {
                items = type === NUMBER && (items.push(spell(type, token)), items);
            }
            allowed = open.length ? (open[open.length - 1] === '{' ? ',}' : ',]') : '';
        }
    }
    return allowed === '' && !KNOWN.some((known) => found[known] === false) ? found : undefined;
};

const typeOf = (token, allowed) => {
    if (token.length > 1 && token[0] === '"') {
        return allowed.includes(KEY) ? KEY : STRING;
    }
    if (/\d/.test(token)) {
        // longer ones are rounded differently from engine to engine
        return token.length < 16 && isFinite(token) ? NUMBER : '!';
    }
    return token.length > 1 ? LITERAL : token;
};

/** A scalar as a parameter's text: null is not given, a number that needs many digits is nothing any edit accepts. */
const spell = (type, token) => {
    if (type === STRING) {
        return JSON.parse(token);
    }
    if (type === NUMBER) {
        var text = '' + +token;
        return /^-?\d{1,9}(\.\d{1,4})?$/.test(text) ? text : 'number';
    }
    return token === 'null' ? undefined : token === 'true' ? '1' : '0';
};
