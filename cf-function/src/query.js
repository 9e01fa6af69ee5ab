// The query: names to full names, the strongest text of each, `edits` taken apart. A layer is an object of texts by full name.

import { ROWS } from './data.js';
import { members } from './edits.js';
import { badParameter } from './refusal.js';

/** The query and its `edits`, the query's own winning. */
export const readQuery = (query) => {
    var layer = gather((name) => last(query[name]), 1);
    if (layer.edits !== undefined) {
        var inner = members(layer.edits);
        if (!inner) {
            throw badParameter('edits', layer.edits, 'base64 of a JSON object of edits');
        }
        layer.edits = undefined;
        fill(
            layer,
            gather((name) => inner[name]),
        );
    }
    var left = 1024;
    Object.keys(layer).forEach((name) => {
        left -= Buffer.from(layer[name] || '').length;
        if (left < 0) {
            throw badParameter(name, layer[name], '1024 bytes at most in all values together');
        }
    });
    return layer;
};

/** The query that a preset or a style stands for. */
export const readText = (text) => {
    var query = {};
    text.split('&').forEach((pair) => {
        var at = (pair + '=').indexOf('=');
        query[pair.slice(0, at)] = { value: pair.slice(at + 1) };
    });
    return readQuery(query);
};

/** Takes from `weaker` what is not given in `layer`. */
export const fill = (layer, weaker) => {
    Object.keys(weaker).forEach((name) => {
        if (layer[name] === undefined) {
            layer[name] = weaker[name];
        }
    });
};

/** Of each row the strongest name that has a text; an empty one counts for flags only. */
const gather = (get, isEncoded) => {
    var layer = {};
    ROWS.forEach((row) => {
        var texts = row.kind === 'o' ? [] : row.names.map(get);
        var text = texts.find((one) => one || (one === '' && row.kind === 'f'));
        if (text !== undefined) {
            try {
                layer[row.names[0]] = isEncoded ? decodeURIComponent(text) : text;
            } catch (error) {
                throw badParameter(row.names[0], text, 'percent-encoded UTF-8');
            }
        }
    });
    return layer;
};

/** The last value of a name, as the event spells repeated names. */
const last = (entry) => {
    var all = entry && entry.multiValue;
    return entry && (all && all.length ? all[all.length - 1] : entry).value;
};
