// `deckle/nuxt`: the provider of @nuxt/image. What its `defineProvider` makes is a function that answers the provider.

import { url, type Edits } from './url.js';

export interface ProviderOptions {
  baseURL?: string | undefined;
  /** For images that state none; without it the server's configuration decides. */
  format?: string | undefined;
  modifiers?: Edits | undefined;
}

export interface Provider {
  supportsAlias: boolean;
  getImage(src: string, options: ProviderOptions, context?: unknown): { url: string };
}

const provider: Provider = {
  supportsAlias: false,
  getImage: (src, { modifiers = {}, baseURL, format }) => ({ url: url(src, { ...(format && { format }), ...modifiers }, { baseURL }) }),
};

export default (): Provider => provider;
