// The same request for a copy of the source that is so many times smaller: what is in pixels shrinks with it.
import { COPY } from './engine-types.ts';
import { query } from './query.ts';
import type { Params } from './table.ts';

/** Which numbers of a value are lengths in pixels of the result. */
const LENGTHS: Record<string, { places: number; least: number; first?: number }> = {
  blur: { places: 2, least: 0.3 }, pixelate: { places: 0, least: 2 }, median: { places: 0, least: 2 }, pad: { places: 0, least: 0 },
  radius: { places: 0, least: 1 }, sharpen: { places: 2, least: 0.3, first: 1 }, clahe: { places: 0, least: 1, first: 2 },
};

function scaledList(value: string, scale: number, { places, least, first = 99 }: { places: number; least: number; first?: number }): string {
  return value.split(/[,x]/).map((part, index) => {
    if (index >= first || !/^\d+(\.\d+)?$/.test(part) || (places === 0 && part.includes('.'))) return part;
    return String(Number(Math.max(least, Number(part) * scale).toFixed(places)));
  }).join(',');
}

/** `left:10`, `width:200` and the like, but no percentages. */
const scaledItems = (value: string, scale: number): string =>
  value.replace(/(,(?:left|top|width|height|size|outline):)(-?\d+)(?=[,;]|$)/g, (_, name: string, number: string) => `${name}${Math.round(Number(number) * scale)}`);

export function previewOf(params: Params, scale: number, source: { width: number; height: number }): Params {
  const { 'max-bytes': _, progressive: __, ...out } = params;
  if (out.effort || out.format === 'webp' || out.format === 'avif') out.effort = '0';
  if (out.format === 'avif') out.format = 'webp';
  if (scale >= 1) return out;
  if (out.crop && !/[.%]/.test(out.crop)) out.crop = out.crop.split(/[,x]/).map((n, i) => String(Math.max(i > 1 ? 1 : 0, Math.round(Number(n) * scale)))).join(',');
  const [width, height] = [Number(out.width ?? 0), Number(out.height ?? 0)];
  const dpr = Number(out.dpr ?? 1);
  const fits = (width || height) && width * dpr <= source.width * scale && height * dpr <= source.height * scale && !out.crop && !out.zoom;
  if (fits) return out;
  for (const side of ['width', 'height']) if (Number(out[side]) >= 1) out[side] = String(Math.max(1, Math.round(Number(out[side]) * scale)));
  for (const [name, rule] of Object.entries(LENGTHS)) if (out[name]) out[name] = scaledList(out[name], scale, rule);
  for (const name of ['overlay', 'text']) if (out[name]) out[name] = scaledItems(out[name], scale);
  return out;
}

/** What frames a picture and does not change its colours: the picture before is framed like the one after. */
const FRAME = new Set(['width', 'height', 'ar', 'dpr', 'dimensions', 'device-type', 'trim', 'crop', 'fit', 'zoom', 'position', 'enlarge', 'rotate', 'flip', 'flop', 'pad', 'background']);
export const frameOf = (params: Params): Params => Object.fromEntries(Object.entries(params).filter(([name]) => FRAME.has(name)));

export const copyPath = (key: string): string => '/' + (COPY + key).split('/').map(encodeURIComponent).join('/');
export const frameQuery = (params: Params): string => [query(frameOf(params)), 'format=png'].filter(Boolean).join('&');
