// What a page says of an image in several sizes.

import { pairs, parts } from './parts.js';
import { url, type Edits, type UrlOptions } from './url.js';

export interface ImgOptions extends UrlOptions {
  /** The widths to offer, in pixels. Default: 320, 480, 640, 960, 1280, 1920. */
  widths?: readonly number[] | undefined;
  /** How wide the image is shown. Default: `100vw`. */
  sizes?: string | undefined;
  /** What is asked for at every width; a width and height together are the shape, of which the height follows each width. */
  edits?: Edits | undefined;
  /** What the image shows, for those who do not see it. Default: nothing, as of decoration. */
  alt?: string | undefined;
  /** Other attributes; `true` is one without a value, `false` and undefined leave one out. */
  attributes?: Record<string, string | number | boolean | undefined> | undefined;
}

export interface PictureOptions extends ImgOptions {
  /** The formats to offer before the image's own, best first. Default: `["webp"]`. */
  formats?: readonly string[] | undefined;
}

export const WIDTHS: readonly number[] = [320, 480, 640, 960, 1280, 1920];

/** The value of a `srcset`: one URL for each width. */
export function srcset(src: string, { widths = WIDTHS, edits = {}, ...options }: ImgOptions = {}): string {
  return candidates(src, widths, edits, options).join(', ');
}

/** An `<img>` with `srcset` and `sizes`. Its `src` is the largest width that is at most 1,000 pixels. */
export function img(src: string, { widths = WIDTHS, sizes = '100vw', edits = {}, alt = '', attributes = {}, ...options }: ImgOptions = {}): string {
  const sorted = ascending(widths);
  const usual = sorted.filter((width) => width <= 1000).at(-1) ?? sorted[0];
  const one = url(src, usual === undefined ? edits : atWidth(edits, usual, asked(src)), options);
  const set = candidates(src, sorted, edits, options).join(', ');
  return `<img${written({ src: one, srcset: set, sizes, alt, loading: 'lazy', decoding: 'async', ...attributes })}>`;
}

/** A `<picture>`: a `<source>` for each format, and an `<img>` in the image's own. */
export function picture(src: string, { formats = ['webp'], ...options }: PictureOptions = {}): string {
  const { sizes = '100vw', edits = {} } = options;
  const sources = formats.map((format) => {
    const set = srcset(src, { ...options, edits: { ...edits, format } });
    return `  <source${written({ type: `image/${format === 'jpg' ? 'jpeg' : format}`, srcset: set, sizes })}>\n`;
  });
  return `<picture>\n${sources.join('')}  ${img(src, options)}\n</picture>`;
}

function candidates(src: string, widths: readonly number[], edits: Edits, options: UrlOptions): string[] {
  return ascending(widths).map((width) => `${url(src, atWidth(edits, width, asked(src)), options)} ${width}w`);
}

const ascending = (widths: readonly number[]) => [...new Set(widths)].sort((a, b) => a - b);

/** What the query of a `src` says of the shape. */
function asked(src: string): Edits {
  const given = Object.fromEntries(pairs(parts(src).query));
  return { width: given['width'] ?? given['w'], height: given['height'] ?? given['h'] };
}

/** The same picture at another width: its height follows. */
function atWidth(edits: Edits, width: number, given: Edits): Edits {
  const [oldWidth, oldHeight] = [Number(edits.width ?? given.width), Number(edits.height ?? given.height)];
  const height = oldWidth > 0 && oldHeight > 0 ? { height: Math.max(1, Math.round((oldHeight * width) / oldWidth)) } : {};
  // width and height first, the rest as it was
  const { width: _, height: other, ...rest } = edits;
  return { width, ...(other === undefined ? {} : { height: other }), ...height, ...rest };
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;' };

function written(attributes: NonNullable<ImgOptions['attributes']>): string {
  return Object.entries(attributes).map(([name, value]) => {
    if (!/^[^\s"'<>/=]+$/.test(name)) throw new TypeError(`${name} is not the name of an attribute`);
    if (value === undefined || value === false) return '';
    return value === true ? ` ${name}` : ` ${name}="${String(value).replace(/[&"<]/g, (character) => ENTITIES[character] ?? '')}"`;
  }).join('');
}
