// The same request in every dialect. What is written is read back by the wasm, which says whether it means the same.
import { base64, base64url, keyPath, query, urlOf } from './query.ts';
import type { Params } from './table.ts';

type Json = Record<string, unknown>;

const list = (text: string): number[] => text.split(/[,x]/).map(Number);
const rgb = (hex: string): Json => {
  const full = hex.length < 6 ? [...hex].map((c) => c + c).join('') : hex;
  const at = (index: number) => parseInt(full.slice(index, index + 2), 16) || 0;
  return { r: at(0), g: at(2), b: at(4), alpha: full.length === 8 ? Math.round((at(6) / 255) * 100) / 100 : 1 };
};
const isNumber = (text: string | undefined): boolean => /^\d+$/.test(text ?? '');
const isOn = (value: string | undefined) => value !== undefined && !/^(0|false|no|off)$/.test(value);
const SHARP_PLACES: Record<string, string> = { 'top-right': 'right top', 'bottom-right': 'right bottom', 'bottom-left': 'left bottom', 'top-left': 'left top' };

export interface Written { text: string; /** Parameters that the dialect has no words for. */ left: string[] }

/** The edits of AWS's Serverless Image Handler, in its own words. */
export function awsEdits(params: Params): { edits: Json; left: string[] } {
  const { width, height, fit = 'inside', position, background, dpr = '1', ...rest } = params;
  const edits: Json = {};
  const left: string[] = [];
  const side = (text: string) => Math.max(1, Math.floor(Number(text) * Number(dpr) + 0.5));
  // what comes before the size is told before it
  const take = (name: string, write: (value: string) => void) => {
    const value = rest[name];
    delete rest[name];
    if (value !== undefined) write(value);
  };
  take('trim', (value) => { edits.trim = { threshold: Number(value.split(/[,x]/)[0]) }; });
  take('crop', (value) => {
    const [x, y, w, h] = list(value);
    if (/[.%]/.test(value)) left.push('crop');
    else edits.crop = { left: x, top: y, width: w, height: h };
  });
  if (width || height) {
    const resize: Json = { ...(width && { width: side(width) }), ...(height && { height: side(height) }), fit };
    if (!isOn(rest.enlarge)) resize.withoutEnlargement = true;
    if (position && /^[a-z-]+$/.test(position)) resize.position = SHARP_PLACES[position] ?? position;
    else if (position) left.push('position');
    if (fit === 'contain') resize.background = background ? rgb(background) : { r: 0, g: 0, b: 0, alpha: 0 };
    edits.resize = resize;
  }
  delete rest.enlarge;
  // an animation stays one only where this is said
  if (rest.animated !== 'false' && !['jpeg', 'png'].includes(rest.format ?? '')) edits.animated = true;
  delete rest.animated;
  take('rotate', (value) => { edits.rotate = Number(value); });
  take('flip', (value) => { if (isOn(value)) edits.flip = true; });
  take('flop', (value) => { if (isOn(value)) edits.flop = true; });
  take('normalise', (value) => { if (isOn(value)) edits.normalise = true; });
  take('style', (value) => {
    if (value === 'bw') edits.grayscale = true;
    else if (value === 'negative') edits.negate = true;
    else if (value === 'sepia') edits.recomb = [[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]];
    else left.push('style');
  });
  const modulate: Json = {};
  for (const name of ['brightness', 'saturation', 'hue', 'lightness']) take(name, (value) => { modulate[name] = Number(value); });
  if (Object.keys(modulate).length > 0) edits.modulate = modulate;
  take('tint', (value) => { edits.tint = `#${value}`; });
  for (const name of ['threshold', 'median', 'blur']) take(name, (value) => { edits[name] = Number(value); });
  take('linear', (value) => { const [a, b = 0] = list(value); if (list(value).length > 2) left.push('linear'); else edits.linear = [a, b]; });
  take('sharpen', (value) => { const [sigma, m1, m2] = list(value); edits.sharpen = m1 === undefined ? sigma : { sigma, m1, m2 }; });
  take('convolve', (value) => { const kernel = list(value); const n = Math.sqrt(kernel.length); edits.convolve = { width: n, height: n, kernel }; });
  take('recomb', (value) => { const m = list(value); if (m.length === 9) edits.recomb = [m.slice(0, 3), m.slice(3, 6), m.slice(6)]; else left.push('recomb'); });
  take('radius', (value) => { if (value === 'max') edits.roundCrop = true; else left.push('radius'); });
  take('overlay', (value) => {
    const [key = '', ...items] = value.split(',');
    const said = Object.fromEntries(items.filter((item) => item.includes(':')).map((item) => item.split(':')));
    if (value.includes(';') || items.length > Object.keys(said).length) { left.push('overlay'); return; }
    const ratio = said.width?.endsWith('%') && { wRatio: said.width.slice(0, -1) };
    edits.overlayWith = { key, ...ratio, alpha: said.opacity ? String(Math.round((1 - Number(said.opacity)) * 100)) : '0', options: { ...(said.left && { left: said.left.replace('%', 'p') }), ...(said.top && { top: said.top.replace('%', 'p') }) } };
  });
  if (background && fit !== 'contain') edits.flatten = { background: `#${background}` };
  // numbers of quality are the format's own there
  take('scale', () => {});
  const quality = rest.quality;
  take('format', (format) => {
    edits.toFormat = format;
    const options: Json = {};
    if (isNumber(quality)) options.quality = Number(quality);
    else if (quality) left.push('quality');
    if (isOn(rest.lossless)) options.lossless = true;
    if (isOn(rest.progressive)) options.progressive = true;
    if (rest.effort && format === 'webp') options.effort = Number(rest.effort);
    if (Object.keys(options).length > 0) edits[format] = options;
  });
  if (edits.toFormat) for (const name of ['quality', 'scale', 'lossless', 'progressive', 'effort']) delete rest[name];
  return { edits, left: [...left, ...Object.keys(rest)] };
}

export function awsBody(bucket: string, key: string, params: Params): { body: Json; left: string[] } {
  const { edits, left } = awsEdits(params);
  return { body: { bucket, key, edits }, left };
}

export function aws(bucket: string, key: string, params: Params): Written {
  const { body, left } = awsBody(bucket, key, params);
  return { text: `/${base64(JSON.stringify(body))}`, left };
}

/** Thumbor's path, as AWS's handler reads it. */
export function thumbor(key: string, params: Params): Written {
  const { width, height, fit = 'inside', dpr = '1', background, ...rest } = params;
  const left: string[] = [];
  const parts: string[] = [];
  const side = (text: string | undefined) => (text ? Math.max(1, Math.floor(Number(text) * Number(dpr) + 0.5)) : 0);
  const filters: string[] = [];
  if (rest.crop && !/[.%]/.test(rest.crop)) {
    const [x = 0, y = 0, w = 0, h = 0] = list(rest.crop);
    parts.push(`${x}x${y}:${x + w}x${y + h}`);
  } else if (rest.crop) left.push('crop');
  delete rest.crop;
  if (width || height) {
    if (fit === 'inside') parts.push('fit-in');
    parts.push(`${side(width)}x${side(height)}`);
    if (fit !== 'inside' && fit !== 'cover') filters.push(fit === 'fill' ? 'stretch()' : fit === 'contain' ? `fill(${background ?? 'transparent'})` : '');
    if (fit === 'outside') left.push('fit');
  }
  const take = (name: string, write: (value: string) => string | undefined) => {
    const value = rest[name];
    delete rest[name];
    if (value === undefined) return;
    const filter = write(value);
    if (filter === undefined) left.push(name);
    else if (filter) filters.push(filter);
  };
  take('enlarge', () => '');
  take('rotate', (value) => `rotate(${value})`);
  take('normalise', () => 'equalize()');
  take('style', (value) => (value === 'bw' ? 'grayscale()' : undefined));
  take('brightness', (value) => `brightness(${Math.round((Number(value) - 1) * 100)})`);
  take('saturation', (value) => `saturation(${value})`);
  take('blur', (value) => `blur(${Math.round(Number(value) * 2)},${value})`);
  take('radius', (value) => (value === 'max' ? 'roundCrop()' : undefined));
  take('sharpen', (value) => `sharpen(0,${value.split(',')[0]},false)`);
  take('metadata', (value) => (value === 'strip' ? 'strip_exif()' : undefined));
  take('quality', (value) => (isNumber(value) ? `quality(${value})` : undefined));
  // its numbers are on each format's own scale
  take('scale', () => '');
  take('format', (value) => (value === 'auto' ? undefined : `format(${value})`));
  if (background && fit !== 'contain') filters.push(`background_color(${background})`);
  const path = [...parts, ...filters.filter(Boolean).map((filter) => `filters:${filter}`)].join('/');
  return { text: `/${path ? `${path}` : 'filters:quality(80)'}${keyPath(key)}`, left: [...left, ...Object.keys(rest)] };
}

/** Our own JSON, in the parameter `edits`. */
export function edits(key: string, params: Params): Written {
  const { dimensions, 'device-type': device, ...inside } = params;
  const outside = query({ ...(dimensions && { dimensions }), ...(device && { 'device-type': device }) });
  const text = `edits=${base64url(JSON.stringify(inside))}`;
  return { text: `${keyPath(key)}?${[text, outside].filter(Boolean).join('&')}`, left: [] };
}

/** Signed with a key of the page, as `deckle sign` would. */
export async function signed(key: string, params: Params, secret: string, id: string, ends?: number): Promise<Written> {
  const url = urlOf(key, params);
  const [path = '', text = ''] = url.split(/\?(.*)/s);
  const pairs = text.split('&').filter(Boolean).map((pair) => (pair.includes('=') ? pair : `${pair}=`));
  pairs.push(`kid=${id}`);
  if (ends) pairs.push(`exp=${ends}`);
  const name = (pair: string) => pair.slice(0, pair.indexOf('='));
  const sorted = pairs.map((pair, at) => ({ pair, at })).sort((a, b) => (name(a.pair) < name(b.pair) ? -1 : name(a.pair) > name(b.pair) ? 1 : a.at - b.at)).map(({ pair }) => pair);
  const hmac = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, new TextEncoder().encode(`${path}?${sorted.join('&')}`)));
  const sig = btoa(String.fromCharCode(...mac)).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  return { text: `${path}?${[text, `kid=${id}`, ends && `exp=${ends}`, `sig=${sig}`].filter(Boolean).join('&')}`, left: [] };
}
