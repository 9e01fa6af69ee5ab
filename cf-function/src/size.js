// width and height: the one part of the path that is computed, by dpr and by the device's cap.
/* global __MAX_SIDE__, __MIN_DPR__, __MAX_DPR__, __DEVICES__, __INSIDE__ */

import { SETTINGS } from './data.js';
import { badParameter } from './refusal.js';
import { whole, word } from './value.js';

/** Makes width and height of the layer what the canonical path says. `headers` are looked at for an image only. */
export const resolveSize = (layer, headers) => {
    var dpr = layer.dpr === undefined ? 100 : whole(/^\d{1,9}(\.\d\d?)?/, layer.dpr) ? Math.round(layer.dpr * 100) : 0;
    if (dpr < __MIN_DPR__ || dpr > __MAX_DPR__) {
        throw badParameter('dpr', layer.dpr, 'a number from ' + __MIN_DPR__ / 100 + ' to ' + __MAX_DPR__ / 100);
    }
    ['width', 'height'].forEach((name) => {
        var text = layer[name];
        if (text === undefined) {
            return;
        }
        var side = whole(/^\d{1,9}/, text) ? +text : 0;
        // half up, in integers
        var product = Math.max(1, Math.floor((side * dpr + 50) / 100));
        if (side < 1 || side > __MAX_SIDE__ || product > __MAX_SIDE__) {
            throw badParameter(name, product > __MAX_SIDE__ ? '' + product : text, 'an integer from 1 to ' + __MAX_SIDE__);
        }
        layer[name] = product;
    });
    var kind = layer['device-type'];
    if (kind !== undefined && !word(__DEVICES__, kind)) {
        throw badParameter('device-type', kind, 'a kind of device');
    }
    cap(layer, SETTINGS.devices[kind === undefined ? headers && device(headers) : word(__DEVICES__, kind)]);
};

const device = (headers) =>
    ['mobile', 'tablet', 'desktop'].find((kind) => {
        var header = headers['cloudfront-is-' + kind + '-viewer'];
        return header && header.value === 'true';
    });

/** Caps the width by the device's figure, if it has one. */
const cap = (layer, width) => {
    if (!width) {
        return;
    }
    if (layer.width > width) {
        if (layer.height) {
            layer.height = Math.max(1, Math.floor((layer.height * width * 2 + layer.width) / (2 * layer.width)));
        }
        layer.width = width;
    } else if (!layer.width && (!layer.height || layer.fit === undefined || word(__INSIDE__, layer.fit))) {
        layer.width = width;
    }
};
