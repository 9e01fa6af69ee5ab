'use client';
// `deckle/next`: the loader of next/image.

import { url, type Edits, type UrlOptions } from './url.js';

export interface LoaderOptions extends UrlOptions {
  /** Default: `auto`, which is WebP for those who accept it; null leaves it to the server's configuration. */
  format?: string | null | undefined;
  /** For images that state none. Default: 75, as next/image's own. */
  quality?: number | undefined;
  /** What every image is asked for besides. */
  edits?: Edits | undefined;
}

export interface LoaderProps {
  src: string;
  width: number;
  quality?: number | undefined;
}

export type Loader = (props: LoaderProps) => string;

/** A loader for `images.loaderFile`, or for the `loader` of one image. */
export function createLoader({ format = 'auto', quality: usual = 75, edits = {}, ...options }: LoaderOptions = {}): Loader {
  return ({ src, width, quality = usual }) => url(src, { ...edits, ...(format === null ? {} : { format }), width, quality }, options);
}

declare const process: { env: { NEXT_PUBLIC_DECKLE_URL?: string } };

/** The loader of the server that NEXT_PUBLIC_DECKLE_URL names, else of the page's own: Next writes its value in here when it builds. */
const deckle: Loader = (props) => createLoader({ baseURL: process.env.NEXT_PUBLIC_DECKLE_URL })(props);
export default deckle;
