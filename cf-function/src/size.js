// width and height: the one part of the path that is computed, by dpr and by the device's cap.
/* global __MAX_SIDE__, __MIN_DPR__, __MAX_DPR__, __DEVICES__, __DEVICE_HEADERS__, __CAPS__, __INSIDE__, __BREAKPOINTS__, __CLIENT_HINTS__ */

import { refuseParameter } from './refusal.js';
import { texts, whole, word } from './text.js';

/** Makes width and height of the layer what the canonical path says. `headers` are those of a request for an image; `asked`: the width is the request's own. */
export const resolveSize = (layer, headers, asked) => {
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
    if (__BREAKPOINTS__ && asked) {
        narrow(layer, next(layer.width));
    }
    var given = layer['device-type'];
    // of a tablet CloudFront says that it is mobile, too
    var isViewer = (kind) => texts(headers['cloudfront-is-' + kind + '-viewer'])[0] === 'true';
    var device = given ? word(__DEVICES__, given) || refuseParameter('device-type') : __DEVICE_HEADERS__ && headers && ['tablet', 'mobile', 'desktop'].find(isViewer);
    var width = (__CLIENT_HINTS__ && !given && headers && hinted(headers)) || __CAPS__[device];
    if (layer.width > width) {
        narrow(layer, width);
    } else if (width && !layer.width && (!layer.height || !layer.fit || word(__INSIDE__, layer.fit))) {
        layer.width = width;
    }
};

/** A box with another width, of the same shape. */
const narrow = (layer, width) => {
    if (layer.height && width !== layer.width) {
        layer.height = Math.min(Math.floor((layer.height * width * 2 + layer.width) / (2 * layer.width)) || 1, __MAX_SIDE__);
    }
    layer.width = width;
};

/** The next breakpoint, or the largest. */
const next = (width) => __BREAKPOINTS__.find((one) => one >= width) || __BREAKPOINTS__[__BREAKPOINTS__.length - 1];

/** What the browser's client hints cap the width at: how wide it shows the image, or its whole window. */
const hinted = (headers) => {
    var hint = (name) => {
        var text = texts(headers['sec-ch-' + name])[0] || '';
        return whole(/^\d{1,9}(\.\d{1,4})?/, text) ? +text : 0;
    };
    var width = Math.round(hint('width') || hint('viewport-width') * (hint('dpr') || 1));
    return width && next(width);
};
