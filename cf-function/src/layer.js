// Values as given: by the query, by `edits` inside it, by a preset or a style. A layer is an object of canonical texts by full
// name; the name of a configured style or preset, and `auto`, stand as they are.

import { ROWS, SETTINGS } from './data.js';
import { members } from './edits.js';
import { badParameter } from './refusal.js';
import { parse } from './value.js';

const lookUp = (pairs, name) => {
    var pair = pairs.find((entry) => entry[0] === name);
    return pair && pair[1];
};

/** The query and its `edits`, each value checked, the query's own winning. The first bad value in the table's order is thrown. */
export const readQuery = (query) => {
    var row = ROWS.find((entry) => entry.names[0] === 'edits');
    var text = sent(row, query);
    var inner = text === undefined ? undefined : members(text);
    if (text !== undefined && !inner) {
        throw badParameter(row, text);
    }
    var layer = {};
    ROWS.forEach((entry) => {
        var own = check(entry, sent(entry, query));
        var theirs = inner && check(entry, pick(entry, (name) => inner[name]));
        layer[entry.names[0]] = own === undefined ? theirs : own;
    });
    return layer;
};

/** The layer with its preset and its named style filled in. */
export const expand = (layer) => {
    fill(layer, lookUp(SETTINGS.presets, layer.dimensions));
    var style = lookUp(SETTINGS.styles, layer.style);
    if (style) {
        layer.style = undefined;
        fill(layer, style);
    }
    return layer;
};

const fill = (layer, weaker) => {
    Object.keys(weaker || {}).forEach((name) => {
        if (layer[name] === undefined) {
            layer[name] = weaker[name];
        }
    });
};

/** The strongest of a row's names that is given; an empty value is, for flags only. */
const pick = (row, get) => {
    for (var i = 0; i < row.names.length; i++) {
        var text = get(row.names[i]);
        if (text !== undefined && (text !== '' || row.kind === 'flag')) {
            return text;
        }
    }
    return undefined;
};

/** A row's text in the query, decoded once. */
const sent = (row, query) => {
    var raw = pick(row, (name) => last(query[name]));
    try {
        return raw === undefined ? raw : decodeURIComponent(raw);
    } catch (error) {
        throw badParameter(row, raw);
    }
};

/** The last value of a name, as the event spells repeated names. */
const last = (entry) => {
    var all = entry && entry.multiValue;
    return entry && (all && all.length ? all[all.length - 1] : entry).value;
};

const check = (row, text) => {
    var name = row.names[0];
    if (
        text === undefined ||
        name === 'edits' ||
        (name === 'format' && text === 'auto') ||
        (name === 'style' && lookUp(SETTINGS.styles, text)) ||
        (name === 'dimensions' && lookUp(SETTINGS.presets, text))
    ) {
        return text;
    }
    var value = parse(row, text);
    if (value === undefined) {
        throw badParameter(row, text);
    }
    return value;
};
