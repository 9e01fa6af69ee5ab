// What Astro calls things, in our words.

import type { Edits } from './edits.js';

/** An image that is imported in a page. */
export interface Imported { src: string; width: number; height: number; format: string }

export interface AstroTransform {
  src: string | Imported;
  width?: number | string | undefined;
  height?: number | string | undefined;
  widths?: number[] | undefined;
  densities?: (number | `${number}x`)[] | undefined;
  format?: string | undefined;
  formats?: string[] | undefined;
  quality?: number | string | null | undefined;
  fit?: string | null | undefined;
  position?: string | undefined;
  background?: string | undefined;
  [attribute: string]: unknown;
}

/** Qualities that Astro has words for, as its own service understands them. */
const QUALITIES: Record<string, number> = { low: 25, mid: 50, high: 80, max: 100 };

export function edits({ width, height, quality, fit, position, background }: AstroTransform): Edits {
  const side = (given: number | string | undefined) => (given ? Math.round(Number(given)) : undefined);
  return {
    width: side(width),
    height: side(height),
    quality: quality == null ? undefined : (QUALITIES[quality] ?? quality),
    // `none` is the picture as it is
    fit: fit && fit !== 'none' ? fit : undefined,
    position: position === undefined || !width || !height ? undefined : place(position),
    background,
  };
}

/** A place as CSS has it: words, or two shares such as `50% 20%`. */
function place(position: string): string {
  const words = position.trim().split(/\s+/);
  const shares = words.map((word) => /^(\d+(?:\.\d+)?)%$/.exec(word)?.[1]).filter((share) => share !== undefined);
  if (shares.length === words.length) return [shares[0], shares[1] ?? '50'].map((share) => String(Math.round(Number(share) * 100) / 10_000)).join(',');
  return words.filter((word, _, all) => all.length === 1 || word !== 'center').join('-');
}
