// URLs of services that people come from: Thumbor itself, version 8 of AWS's handler, Shopify, WordPress. Each is read by the wasm
// under a configuration that names it, so that the page says whether it means the same.
import { keyPath } from './query.ts';
import type { Params } from './table.ts';
import type { Written } from './dialects.ts';

/** A dialect that is read by itself, as `dialects` of a configuration names it. */
export interface Service { name: string; about: string; dialects: string[]; write: (key: string, params: Params) => Written }

type Take = (name: string, write: (value: string) => string | string[] | undefined) => void;

/** Words from parameters: what no word is made of is left. */
function words(params: Params, tell: (take: Take, side: (text?: string) => number) => void): { said: string[]; left: string[] } {
  // numbers of quality are the format's own in all of them
  const { dpr = '1', scale: _, ...rest } = params;
  const said: string[] = [];
  const left: string[] = [];
  const side = (text?: string) => (text ? Math.max(1, Math.floor(Number(text) * Number(dpr) + 0.5)) : 0);
  tell((name, write) => {
    const value = rest[name];
    delete rest[name];
    if (value === undefined) return;
    const word = write(value);
    if (word === undefined) left.push(name);
    else said.push(...[word].flat().filter(Boolean));
  }, side);
  return { said, left: [...left, ...Object.keys(rest)] };
}

const isOn = (value: string) => !/^(0|false|no|off)$/.test(value);
/** None of them has words such as `high`. */
const numeric = (value: string, word: string) => (/^\d+$/.test(value) ? word : undefined);
const numbers = (text: string) => text.split(/[,x]/).map(Number);
const withWords = (key: string, said: string[]) => `${keyPath(key)}${said.length > 0 ? `?${said.join('&')}` : ''}`;

function thumbor(key: string, params: Params): Written {
  const { width, height, fit = 'inside', position, enlarge, background, crop, flip, flop, ...others } = params;
  const parts: string[] = [];
  const filters: string[] = [];
  const unsaid: string[] = [];
  if (crop && !/[.%]/.test(crop)) {
    const [x = 0, y = 0, w = 0, h = 0] = numbers(crop);
    parts.push(`${x}x${y}:${x + w}x${y + h}`);
  } else if (crop) unsaid.push('crop');
  const mayGrow = enlarge !== undefined && isOn(enlarge);
  const { said, left } = words(others, (take, side) => {
    // there a picture is turned when it has its size
    const isTurned = others.rotate !== undefined && Number(others.rotate) % 180 !== 0;
    const [w, h] = isTurned ? [side(height), side(width)] : [side(width), side(height)];
    if (isTurned && (flip || flop)) unsaid.push('flip');
    const mirrored = `${flop && isOn(flop) ? '-' : ''}${w}x${flip && isOn(flip) ? '-' : ''}${h}`;
    if (fit === 'inside' && (w || h)) parts.push('fit-in');
    if (fit === 'contain') parts.push('fit-in');
    if (fit === 'outside') parts.push('full-fit-in');
    if (w || h || /-/.test(mirrored)) parts.push(mirrored);
    if (fit === 'fill') filters.push('stretch()');
    if (fit === 'contain') filters.push(`fill(${background ?? 'transparent'})`);
    if (fit === 'cover' && !mayGrow) filters.push('no_upscale()');
    if (fit === 'inside' && mayGrow) filters.push('upscale()');
    const places: Record<string, string> = { left: 'left', right: 'right', top: 'top', bottom: 'bottom', attention: 'smart', 'top-left': 'left/top', 'top-right': 'right/top', 'bottom-left': 'left/bottom', 'bottom-right': 'right/bottom' };
    if (position && places[position] && (!isTurned || position === 'attention')) parts.push(places[position]!);
    else if (position && position !== 'centre') unsaid.push('position');
    take('rotate', (value) => (Number(value) % 90 === 0 ? `rotate(${(360 - Number(value)) % 360})` : undefined));
    take('style', (value) => (value === 'bw' ? 'grayscale()' : undefined));
    take('normalise', (value) => (isOn(value) ? 'equalize()' : ''));
    take('quality', (value) => numeric(value, `quality(${value})`));
    take('max-bytes', (value) => `max_bytes(${value})`);
    take('format', (value) => (value === 'auto' ? undefined : `format(${value})`));
    if (background && fit !== 'contain') filters.push(`background_color(${background})`);
  });
  const all = [...filters, ...said];
  return { text: `/unsafe/${[...parts, ...(all.length > 0 ? [`filters:${all.join(':')}`] : [])].map((part) => `${part}/`).join('')}${keyPath(key).slice(1)}`, left: [...unsaid, ...left] };
}

function dit(key: string, params: Params): Written {
  const { said, left } = words(params, (take, side) => {
    const { width, height, fit } = params;
    take('width', (value) => `resize.width=${side(value)}`);
    take('height', (value) => `resize.height=${side(value)}`);
    take('fit', (value) => `resize.fit=${value}`);
    if (!fit && (width || height)) take('fit', () => '');
    take('enlarge', (value) => (isOn(value) ? '' : 'resize.withoutEnlargement=true'));
    take('quality', (value) => numeric(value, `quality=${value}`));
    take('format', (value) => (value === 'auto' ? undefined : `format=${value}`));
    take('blur', (value) => `blur=${value}`);
    take('rotate', (value) => `rotate=${value}`);
    take('flip', (value) => (isOn(value) ? 'flip=true' : ''));
    take('flop', (value) => (isOn(value) ? 'flop=true' : ''));
    take('style', (value) => (value === 'bw' ? 'grayscale=true' : undefined));
    take('normalise', (value) => (isOn(value) ? 'normalize=true' : ''));
    take('tint', (value) => `tint=%23${value}`);
  });
  const isSized = params.width !== undefined || params.height !== undefined;
  // there it covers and enlarges unless it is told otherwise
  if (isSized && params.fit === undefined) said.push('resize.fit=inside');
  if (isSized && (params.enlarge === undefined || !isOn(params.enlarge)) && !said.includes('resize.withoutEnlargement=true')) said.push('resize.withoutEnlargement=true');
  return { text: withWords(key, said), left };
}

function shopify(key: string, params: Params): Written {
  const { fit = 'inside', position = 'centre', background, ...others } = params;
  const unsaid: string[] = [];
  const { said, left } = words(others, (take, side) => {
    take('width', (value) => `width=${side(value)}`);
    take('height', (value) => `height=${side(value)}`);
    take('crop', (value) => {
      const [x, y, w, h] = numbers(value);
      return /[.%]/.test(value) || fit !== 'inside' ? undefined : ['crop=region', `crop_left=${x}`, `crop_top=${y}`, `crop_width=${w}`, `crop_height=${h}`];
    });
    take('progressive', (value) => (isOn(value) && /^jpe?g$/.test(params.format ?? '') ? '' : undefined));
    take('format', (value) => (value === 'auto' || value === 'gif' ? undefined : `format=${/^jpe?g$/.test(value) ? (params.progressive && isOn(params.progressive) ? 'pjpg' : 'jpg') : value}`));
  });
  if (fit === 'cover' && /^(centre|top|bottom|left|right)$/.test(position)) said.push(`crop=${position === 'centre' ? 'center' : position}`);
  else if (fit === 'contain' && background) said.push(`pad_color=${background}`);
  else if (fit !== 'inside') unsaid.push('fit');
  return { text: withWords(key, said), left: [...unsaid, ...left] };
}

function wordpress(key: string, params: Params): Written {
  const { fit = 'inside', width, height, ...others } = params;
  const unsaid: string[] = [];
  const sizes: string[] = [];
  const { said, left } = words(others, (take, side) => {
    take('crop', (value) => (/[.%]/.test(value) ? undefined : `crop=${numbers(value).map((n) => `${n}px`).join(',')}`));
    take('quality', (value) => numeric(value, `quality=${value}`));
    take('style', (value) => ({ bw: 'filter=grayscale', sepia: 'filter=sepia', negative: 'filter=negate' })[value]);
    const [w, h] = [side(width), side(height)];
    if (w && h && fit !== 'inside') {
      if (fit === 'cover') sizes.push(`resize=${w},${h}`);
      else unsaid.push('fit');
    }
    if (!(w && h) || fit === 'inside') sizes.push(...[w && `w=${w}`, h && `h=${h}`].filter((word): word is string => Boolean(word)));
  });
  return { text: withWords(key, [...sizes, ...said]), left: [...unsaid, ...left] };
}

export const SERVICES: Service[] = [
  { name: 'Thumbor itself', about: 'unsigned, /unsafe/', dialects: ['thumbor'], write: thumbor },
  { name: 'AWS, version 8', about: 'Dynamic Image Transformation', dialects: ['dit', 'native'], write: dit },
  { name: 'Shopify', about: 'image_url', dialects: ['shopify', 'native'], write: shopify },
  { name: 'WordPress', about: 'Photon', dialects: ['wordpress', 'native'], write: wordpress },
];

/** The service that a URL is surely of: one that has no meaning here, or another. */
export function serviceOf(path: string, query: string): Service | undefined {
  const has = (pattern: RegExp) => pattern.test(`&${query}`);
  const [strict, version8, shop, press] = SERVICES as [Service, Service, Service, Service];
  if (/^\/(unsafe|[\w-]{27}(=|%3D))\//i.test(path)) return strict;
  if (has(/&(resize[.[]|policyId=|sharpen\.|convolve\.)/)) return version8;
  if (has(/&(crop_(left|top|width|height)|pad_color)=/) || has(/&crop=(center|top|bottom|left|right|region)(&|$)/) || /_(\d+x\d*|x\d+|pico|icon|thumb|small|compact|medium|large|grande)(_crop_\w+)?(@\dx)?(\.progressive)?\.\w+$/.test(path)) return shop;
  if (has(/&(resize|lb|ulb|colorize|filter)=/) || has(/&fit=\d+(,|%2c)\d+/i) || has(/&crop=[^&]*px/)) return press;
  return undefined;
}

/** A path of Thumbor's without its signature, which only its server can check. */
export const unsigned = (path: string): string => path.replace(/^\/[\w-]{27}(=|%3D)\//i, '/unsafe/');

/** A configuration that reads a service's URLs. */
export const configOf = (config: string, { dialects }: Service): string => {
  const { sih: _, ...rest } = JSON.parse(config);
  return JSON.stringify({ ...rest, dialects, ...(dialects[0] === 'thumbor' && { thumbor: 'strict' }) });
};
