// width and height: the one part of the path that is computed, by dpr and by the device's cap.
/* global __MAX_SIDE__, __MIN_DPR__, __MAX_DPR__, __DEVICES__, __CAPS__, __INSIDE__ */

import { refuseParameter } from './refusal.js';
import { texts, whole, word } from './text.js';

/** Makes width and height of the layer what the canonical path says. `headers` are looked at for an image only. */
export const resolveSize = (layer, headers) => {
    var dpr = layer.dpr ? whole(/^\d{1,9}(\.\d\d?)?/, layer.dpr) && Math.round(layer.dpr * 100) : 100;
    // written so that null is refused
    (dpr >= __MIN_DPR__ && dpr <= __MAX_DPR__) || refuseParameter('dpr');
    ['width', 'height'].forEach((name) => {
        if (layer[name]) {
            var side = whole(/^\d{1,9}/, layer[name]) ? +layer[name] : 0;
            // half up, in integers
            var product = Math.floor((side * dpr + 50) / 100) || 1;
            layer[name] = side && Math.max(side, product) <= __MAX_SIDE__ ? product : refuseParameter(name);
        }
    });
    var given = layer['device-type'];
    // of a tablet CloudFront says that it is mobile, too
    var isViewer = (kind) => texts(headers['cloudfront-is-' + kind + '-viewer'])[0] === 'true';
    var device = given ? word(__DEVICES__, given) || refuseParameter('device-type') : headers && ['tablet', 'mobile', 'desktop'].find(isViewer);
    var width = __CAPS__[device];
    if (layer.width > width) {
        if (layer.height) {
            layer.height = Math.floor((layer.height * width * 2 + layer.width) / (2 * layer.width)) || 1;
        }
        layer.width = width;
    } else if (width && !layer.width && (!layer.height || !layer.fit || word(__INSIDE__, layer.fit))) {
        layer.width = width;
    }
};
