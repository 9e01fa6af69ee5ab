// The query: names to full names, the strongest text of each, `edits` taken apart. A layer is an object of texts by full name.

import { ROWS } from './data.js';
import { parseEdits, spell } from './edits.js';
import { refuseParameter } from './refusal.js';
import { bytes, decode, keys, texts, whole } from './text.js';

/** The query and its `edits`, the query's own winning. */
export const readQuery = (query) => {
    var layer = gather((name) => texts(query[name]).pop(), decode, ['o']);
    if (layer.edits) {
        var members = parseEdits(layer.edits) || refuseParameter('edits');
        layer.edits = '';
        fill(layer, gather((name) => spell(members[name]), (text) => text, ['o', 'z']));
    }
    return bytes(Object.values(layer).join('')) > 1024 ? refuseParameter('query') : layer;
};

/** Takes from `weaker` what is not given in `layer`. */
export const fill = (layer, weaker) => {
    keys(weaker).forEach((name) => {
        layer[name] = layer[name] || weaker[name];
    });
};

/** Of each row, but those of some kinds, the strongest name that has a text; an empty one counts for flags only. No side has 0 pixels and no style is the default one: they are not given. */
const gather = (get, read, without) => {
    var layer = {};
    ROWS.forEach((row) => {
        if (!without.includes(row.kind)) {
            var name = row.names[0];
            var text = row.names.map(get).find((one) => one || (one === '' && row.kind === 'f'));
            // null and undefined are not given
            if (text != null) {
                text = read(text || '1') || refuseParameter(name);
                if (!whole(/^(width|height)0|styledefault/, name + text)) {
                    layer[name] = text;
                }
            }
        }
    });
    return layer;
};
