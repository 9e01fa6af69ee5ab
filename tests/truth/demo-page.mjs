// Every control of the demo page of AWS's Serverless Image Handler, as the request that its script makes of it, and what sharp makes of that.

const BLACK = { r: 0, g: 0, b: 0, alpha: 1 };
const FILL = { r: 64, g: 160, b: 224, alpha: 1 };

/** Controls by name. The page sends a size only with a mode, and lets *Flatten* override *Background Color*. */
export const CONTROLS = {
  'no control': {},
  ...Object.fromEntries(['cover', 'contain', 'fill', 'inside', 'outside'].map((fit) => [`width, height and mode ${fit}`, { resize: { width: 120, height: 90, fit } }])),
  'width alone': { resize: { width: 120, fit: 'inside' } },
  'height alone': { resize: { height: 90, fit: 'inside' } },
  'fill colour': { resize: { width: 120, height: 120, fit: 'contain', background: FILL } },
  'background colour': { flatten: { background: { r: 200, g: 30, b: 90, alpha: null } } },
  grayscale: { grayscale: true },
  flip: { flip: true },
  flop: { flop: true },
  negative: { negate: true },
  flatten: { flatten: true },
  normalize: { normalise: true },
  'RGB tint': { tint: { r: 255, g: 0, b: 255 } },
  'smart cropping': { smartCrop: true },
  'smart cropping with index and padding': { smartCrop: { faceIndex: 0, padding: 20 } },
  'all that can be together': {
    resize: { width: 120, height: 90, fit: 'contain', background: BLACK }, flatten: true, grayscale: true, flip: true, flop: true, negate: true, normalise: true, tint: { r: 255, g: 0, b: 255 },
  },
};

/**
 * What sharp makes of them, as a PNG; without a detector smart cropping shows the whole picture.
 * @param {import('sharp').Sharp} image
 */
export function bySharp(image, edits) {
  for (const [name, value] of Object.entries(edits)) {
    if (name === 'smartCrop') continue;
    if (name === 'flatten' && value !== true) image.flatten({ background: { ...value.background, alpha: 1 } });
    // the handler's alpha is inverted, too, and has none here
    else if (name === 'negate') image.negate({ alpha: false });
    else image[name](name === 'resize' ? { ...value, fastShrinkOnLoad: false } : value);
  }
  return image.png().toBuffer();
}
