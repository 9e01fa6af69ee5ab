// `deckle/astro`: an external image service of Astro. Images are addressed at a server that runs Deckle, at `config.baseURL`.

import { edits, type AstroTransform } from './astro-edits.js';
import { url } from './url.js';

export interface ServiceConfig {
  baseURL?: string;
  /** For images that state none; default: `auto`. */
  format?: string;
}

export interface ImageConfig {
  service: { entrypoint?: string; config: ServiceConfig };
}

export interface SrcSetValue {
  transform: AstroTransform;
  descriptor: string;
  attributes: Record<string, string>;
}

interface Sides { width: number | undefined; height: number | undefined }

const number = (side: number | string | undefined) => (side === undefined || side === '' ? undefined : Math.round(Number(side)));

/** The size that is shown: what is asked for, and what follows from an imported image's own. */
function shown({ src, width, height }: AstroTransform): Sides {
  const [w, h] = [number(width), number(height)];
  if (typeof src !== 'object') return { width: w, height: h };
  const ratio = src.width / src.height;
  if (w === undefined && h === undefined) return { width: src.width, height: src.height };
  return { width: w ?? Math.round((h ?? 0) * ratio), height: h ?? Math.round((w ?? 0) / ratio) };
}

const service = {
  validateOptions(options: AstroTransform): AstroTransform {
    if (!options.src || !['string', 'object'].includes(typeof options.src)) throw new Error('deckle/astro: src is not the path or URL of an image, nor an imported one');
    if (options.widths && options.densities) throw new Error('deckle/astro: widths and densities cannot be given together');
    for (const side of ['width', 'height'] as const) {
      const given = options[side];
      if (given !== undefined && !(Number(given) > 0)) throw new Error(`deckle/astro: ${side} is ${given}; expected a number above 0`);
    }
    return options;
  },

  getURL(options: AstroTransform, { service: { config = {} } }: ImageConfig): string {
    const src = typeof options.src === 'object' ? options.src.src : options.src;
    return url(src, { ...edits(options), format: options.format ?? config.format ?? 'auto' }, { baseURL: config.baseURL });
  },

  getHTMLAttributes(options: AstroTransform): Record<string, unknown> {
    const { src, width, height, format, quality, densities, widths, formats, layout, priority, fit, position, background, ...attributes } = options;
    return { ...attributes, ...shown(options), loading: attributes['loading'] ?? 'lazy', decoding: attributes['decoding'] ?? 'async' };
  },

  getSrcSet(options: AstroTransform): SrcSetValue[] {
    const { width, height } = shown(options);
    const { width: _, height: __, widths, densities, ...rest } = options;
    const at = (wide: number, descriptor: string): SrcSetValue => {
      const high = width && height ? { height: Math.max(1, Math.round((wide * height) / width)) } : {};
      return { transform: { ...rest, width: wide, ...high }, descriptor, attributes: options.format ? { type: `image/${options.format}` } : {} };
    };
    if (densities && width) {
      const sorted = densities.map((density) => Number.parseFloat(String(density))).sort((a, b) => a - b);
      return sorted.map((density) => at(Math.round(width * density), `${density}x`));
    }
    // nothing enlarges: above its own width an imported image has one candidate, itself
    const most = typeof options.src === 'object' ? options.src.width : Infinity;
    const sorted = [...new Set((widths ?? []).map((wide) => Math.min(wide, most)))].sort((a, b) => a - b);
    return sorted.map((wide) => at(wide, `${wide}w`));
  },
};

export default service;
