// `deckle/url`: what writes URLs and HTML, without the wasm.

export { DeckleError } from './error.js';
export { img, picture, srcset, WIDTHS, type ImgOptions, type PictureOptions } from './html.js';
export { sign, signer, type SignOptions } from './sign.js';
export { query, url, type Edits, type UrlOptions } from './url.js';
