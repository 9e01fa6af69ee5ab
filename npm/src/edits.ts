// Made by build.mjs from core/edits.json.

/** What can be asked of an image: the parameters of a URL. */
export interface Edits {
  /** Width of the box, in pixels before dpr. An integer from 1 to 8192. */
  width?: number | string | undefined;
  /** Height of the box, in pixels before dpr. An integer from 1 to 8192. */
  height?: number | string | undefined;
  /** Width to height of the box: completes a missing side; without either, cover crops and contain pads to it. Width to height such as 16x9, 16:9 or 1.91x1, each from 0.01 to 10000. */
  ar?: number | string | readonly (number | string)[] | undefined;
  /** Device pixel ratio: multiplies width and height. A number from 0.1 to 8 with at most 2 decimal places. */
  dpr?: number | string | undefined;
  /** A named preset of the configuration. A name in the configuration. */
  dimensions?: string | undefined;
  /** Caps the width at the configuration's figure for this kind of device. One of mobile, tablet, desktop. */
  'device-type'?: 'mobile' | 'tablet' | 'desktop' | (string & {}) | undefined;
  /** Caps the width at the configuration's figure for this kind of device. One of mobile, tablet, desktop. */
  deviceType?: 'mobile' | 'tablet' | 'desktop' | (string & {}) | undefined;
  /** The same options as one base64 or base64url JSON object. Base64 of a JSON object of edits. */
  edits?: string | undefined;
  /** Cut off edges of one colour, at most so far from the top left pixel's or the given one; line: without smoothing. A tolerance from 0 to 255, with a colour and the word line if wanted, such as 10,ffffff,line. */
  trim?: number | string | readonly (number | string)[] | undefined;
  /** Region of the upright source (once trimmed) to use: x,y,width,height in its pixels, or as fractions of it. X,y,width,height: integers up to 65535, or fractions from 0 to 1 such as 0.25 or 25%. */
  crop?: number | string | readonly (number | string)[] | undefined;
  /** How the image meets the box when both sides are given. One of inside, cover, contain, fill, outside. */
  fit?: 'inside' | 'cover' | 'contain' | 'fill' | 'outside' | (string & {}) | undefined;
  /** Use a part of the image so many times smaller, around position. A number from 1 to 100 with at most 2 decimal places. */
  zoom?: number | string | undefined;
  /** What a cover crop or a zoom keeps, or where contain puts the image: a place, a focal point, or what draws the eye (attention) or tells most (entropy). X,y from 0 to 1, or one of centre, top, top-right, right, bottom-right, bottom, bottom-left, left, top-left, attention, entropy. */
  position?: number | string | readonly (number | string)[] | undefined;
  /** Allow an output larger than the source. True or false. */
  enlarge?: boolean | 0 | 1 | string | undefined;
  /** How samples are mixed in resizing: as they are encoded, or linear, as the light they stand for, by 16 bits. One of gamma, linear. */
  light?: 'gamma' | 'linear' | (string & {}) | undefined;
  /** Degrees clockwise, after EXIF orientation. What a turned image leaves free has the background. Degrees from -360 to 360 with at most 2 decimal places. */
  rotate?: number | string | undefined;
  /** Mirror top to bottom. True or false. */
  flip?: boolean | 0 | 1 | string | undefined;
  /** Mirror left to right. True or false. */
  flop?: boolean | 0 | 1 | string | undefined;
  /** Lightness stretched from black to white. True or false. */
  normalise?: boolean | 0 | 1 | string | undefined;
  /** Local contrast in a window of width,height output pixels; a third number is how much it may grow (3), 0 for as much as it can. 2 or 3 numbers from 1 to 1000, then from 1 to 1000, then from 0 to 100, without decimals. */
  clahe?: number | string | readonly (number | string)[] | undefined;
  /** Mid-tones: above 1 brighter, below 1 darker. A number from 0.1 to 10 with at most 2 decimal places. */
  gamma?: number | string | undefined;
  /** Lightness as it is seen, multiplied. A number from 0 to 10 with at most 2 decimal places. */
  brightness?: number | string | undefined;
  /** Colourfulness, multiplied; 0 is grey. A number from 0 to 10 with at most 2 decimal places. */
  saturation?: number | string | undefined;
  /** Hues turned, in degrees. An integer from 0 to 359. */
  hue?: number | string | undefined;
  /** Added to lightness as it is seen, black being 0 and white 100. A number from -100 to 100, with at most 1 decimal places. */
  lightness?: number | string | readonly (number | string)[] | undefined;
  /** The distance from mid-grey, multiplied. A number from 0 to 10 with at most 2 decimal places. */
  contrast?: number | string | undefined;
  /** Samples, 0 to 255, multiplied and moved: a, or a,b, or three a and three b for red, green and blue. 1, 2 or 6 numbers from -1000 to 1000, with at most 4 decimal places. */
  linear?: number | string | readonly (number | string)[] | undefined;
  /** Colours recombined by a matrix of 3 × 3 numbers, by rows, or 4 × 4 with alpha. 9 or 16 numbers from -100 to 100, with at most 4 decimal places. */
  recomb?: number | string | readonly (number | string)[] | undefined;
  /** A built-in look, or a named style of the configuration. One of bw, sepia, negative, or a style of the configuration. */
  style?: 'bw' | 'sepia' | 'negative' | (string & {}) | undefined;
  /** Black and white in the hue of this colour. 3, 4, 6 or 8 hex digits, or a colour name. */
  tint?: string | undefined;
  /** Two colours, dark,light: what black and white become. 2 colours, each hex digits or a name, joined by a comma. */
  duotone?: string | undefined;
  /** Black below this level, white from it on. An integer from 1 to 255. */
  threshold?: number | string | undefined;
  /** Removes specks: the median of a square of so many pixels around each. An integer from 2 to 100. */
  median?: number | string | undefined;
  /** Gaussian blur, by its sigma in output pixels. A number from 0.3 to 1000 with at most 2 decimal places. */
  blur?: number | string | undefined;
  /** Squares of one colour, so many output pixels wide. An integer from 2 to 1000. */
  pixelate?: number | string | undefined;
  /** A mask of 3 × 3, 5 × 5 or 7 × 7 numbers, by rows, divided by their sum. 9, 25 or 49 numbers from -1000 to 1000, with at most 2 decimal places. */
  convolve?: number | string | readonly (number | string)[] | undefined;
  /** Sharpen lightness: the sigma of the blur that is compared with, in output pixels, and how much of small and of large differences is added (1 and 2). 1, 2 or 3 numbers from 0.3 to 10, then from 0 to 100, with at most 2 decimal places. */
  sharpen?: number | string | readonly (number | string)[] | undefined;
  /** White becomes transparent. True or false. */
  unflatten?: boolean | 0 | 1 | string | undefined;
  /** Alpha, multiplied; what has none gains it. A number from 0 to 1 with at most 2 decimal places. */
  opacity?: number | string | undefined;
  /** Whether alpha is kept, or dropped so that what lies under it shows. One of keep, remove. */
  alpha?: 'keep' | 'remove' | (string & {}) | undefined;
  /** Colour of padding and under transparency. 3, 4, 6 or 8 hex digits, or a colour name. */
  background?: string | undefined;
  /** Round the corners, in pixels or as a fraction of each side; max makes an ellipse. Outside is the background. An integer up to 8192, a fraction of each side such as 0.25 or 25%, or max. */
  radius?: number | string | readonly (number | string)[] | undefined;
  /** Pixels of background around the result, beyond the box: all sides, or top,right,bottom,left. 1, 2 or 4 integers up to 8192: all sides; top and bottom, left and right; or top, right, bottom, left. */
  pad?: number | string | readonly (number | string)[] | undefined;
  /** Other images of the same store, laid on the result: a key, then as wanted a position or left: and top:, width:, height:, opacity:, a blend mode, tile. Up to 8 images joined by ; each a key, then, joined by commas, a position or left: and top: in pixels or %, width: and height: in pixels or %, opacity: from 0 to 1, tile, over, multiply, screen, overlay, darken, lighten, add, dest-in, dest-out. */
  overlay?: string | undefined;
  /** Text on the result: what is written, then as wanted size:, colour:, a position or left: and top:, width: to wrap at, opacity:, outline:, outline-colour:. Up to 4 texts joined by ; each of up to 500 characters, then, joined by commas, size: from 4 to 1000 or in %, colour:, a position or left: and top: in pixels or %, width: in pixels or %, opacity: from 0 to 1, outline: to 16, outline-colour:. */
  text?: string | undefined;
  /** Output format, or auto to choose by the Accept header (query only); or something about the image: json, thumbhash, blurhash, avgcolor. One of jpeg, png, webp, gif, avif, json, thumbhash, blurhash, avgcolor, auto. */
  format?: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'json' | 'thumbhash' | 'blurhash' | 'avgcolor' | (string & {}) | undefined;
  /** Quality of lossy formats: a number, which looks alike in all of them, or what the file is to look like, for which the picture is looked at; auto is high, or medium with Save-Data. A number below 100 gives a PNG at most 256 colours, dithered: from 75 on as many, fewer below. An integer from 1 to 100, or one of low, medium, high, best. */
  quality?: number | 'low' | 'medium' | 'high' | 'best' | 'auto' | (string & {}) | undefined;
  /** What numbers of quality mean: the same to the eye in every format, as on JPEG's scale; or each format's own scale, as with sharp. One of visual, native. */
  scale?: 'visual' | 'native' | (string & {}) | undefined;
  /** WebP without loss. True or false. */
  lossless?: boolean | 0 | 1 | string | undefined;
  /** How hard lossy encoders try: WebP's method, at most 2 beyond 5 MP; AVIF's speed; JPEG from 5 on quantises for the fewest bytes. An integer from 0 to 6. */
  effort?: number | string | undefined;
  /** Progressive JPEG. True or false. */
  progressive?: boolean | 0 | 1 | string | undefined;
  /** Size of a JPEG's or an AVIF's colours: 420 is half as wide and high, 444 keeps red text and fine lines. One of 420, 444. */
  chroma?: '420' | '444' | (string & {}) | undefined;
  /** Lower the quality of a JPEG, WebP or AVIF until the file has no more bytes, in six encodings at most; a 422 where none has. An integer from 1 to 999999999. */
  'max-bytes'?: number | string | undefined;
  /** Lower the quality of a JPEG, WebP or AVIF until the file has no more bytes, in six encodings at most; a 422 where none has. An integer from 1 to 999999999. */
  maxBytes?: number | string | undefined;
  /** Whether an animation stays one where the output can be: GIF and WebP. Else its first frame is used. One of true, false. */
  animated?: 'true' | 'false' | boolean | (string & {}) | undefined;
  /** The one frame of an animation to use, counted from 1. An integer from 1 to 9999. */
  frame?: number | string | undefined;
  /** What to keep of EXIF: nothing, copyright and artist, or all of it, GPS included; a thumbnail never. One of strip, copyright, all. */
  metadata?: 'strip' | 'copyright' | 'all' | (string & {}) | undefined;
  /** Colours of a JPEG, PNG or WebP: sRGB; Display P3 where the source has more than sRGB; or the source's own, by its profile. One of srgb, p3, keep. */
  icc?: 'srgb' | 'p3' | 'keep' | (string & {}) | undefined;
  /** The gain map of an Ultra HDR JPEG: cropped and resized with it, or left out. One of keep, strip. */
  hdr?: 'keep' | 'strip' | (string & {}) | undefined;
}
