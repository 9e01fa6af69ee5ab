// `deckle/astro-local`: a local image service of Astro. Images are made by the wasm where Astro runs, when it builds or when it is
// asked: in place of sharp, with nothing native to install.

import { baseService } from 'astro/assets';
import { Deckle } from 'deckle';

import { edits, type AstroTransform } from './astro-edits.js';

const FORMATS = ['jpeg', 'png', 'webp', 'gif'];

const service = {
  ...baseService,
  async transform(bytes: Uint8Array, transform: AstroTransform, imageConfig?: { service?: { config?: object } }): Promise<{ data: Uint8Array; format: string }> {
    const format = transform.format === 'jpg' ? 'jpeg' : transform.format;
    if (format === 'svg') return { data: bytes, format };
    if (format !== undefined && !FORMATS.includes(format)) throw new Error(`deckle/astro-local: format is ${format}; expected one of ${FORMATS.join(', ')}`);
    const made = await new Deckle(imageConfig?.service?.config ?? {}).transform(bytes, { ...edits(transform), format });
    return { data: made.bytes, format: made.contentType.replace('image/', '') };
  },
};

export default service;
