import { useState } from 'preact/hooks';
import { Choice } from '../fields/common.tsx';
import type { Pictures } from '../pictures.ts';
import { query, urlOf } from '../query.ts';
import type { Store } from '../store.ts';
import type { Params } from '../table.ts';
import { Copy } from './copy.tsx';

export const WIDTHS = [320, 480, 640, 960, 1280, 1920];

/** The same picture at another width: its height follows. */
export function atWidth(params: Params, width: number): Params {
  const { dpr: _, ...rest } = params;
  const height = params.height && params.width ? String(Math.max(1, Math.round((Number(params.height) * width) / Number(params.width)))) : params.width ? params.height : undefined;
  return { ...rest, width: String(width), ...(height && { height }) };
}

const attribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

function write(kind: string, origin: string, key: string, params: Params, size?: { width: number; height: number }): string {
  const url = (edits: Params) => origin + urlOf(key, edits);
  const { width: _, height: __, ...looks } = params;
  switch (kind) {
    case 'img': return `<img src="${attribute(url(params))}"\n  srcset="${WIDTHS.map((width) => `${attribute(url(atWidth(params, width)))} ${width}w`).join(',\n          ')}"\n  sizes="(min-width: 960px) 960px, 100vw"${size ? `\n  width="${size.width}" height="${size.height}"` : ''} alt="" loading="lazy">`;
    case 'picture': return `<picture>\n  <source type="image/webp" srcset="${attribute(url({ ...params, format: 'webp' }))}">\n  <img src="${attribute(url({ ...params, format: 'jpeg' }))}" alt="" loading="lazy">\n</picture>`;
    case 'next': return `// next.config.js: images: { loader: 'custom', loaderFile: './deckle-loader.js' }\n'use client';\nexport default function deckle({ src, width, quality }) {\n  return \`${origin}\${src}?width=\${width}${query(looks) ? `&${query({ ...looks, quality: '' })}` : ''}&quality=\${quality ?? ${params.quality ?? 75}}\`;\n}`;
    case 'curl': return `curl -sD - -o out '${url(params)}' \\\n  -H 'accept: image/avif,image/webp,*/*' | grep -iE '^(HTTP|content-|server-timing|x-cache|age|etag)'`;
    case 'css': return `background-image: image-set(\n  url("${url(params)}") 1x,\n  url("${url({ ...params, dpr: '2' })}") 2x);`;
    default: return `"presets": { "my-preset": "${query(params)}" }`;
  }
}

export function Snippets({ store, pictures }: { store: Store; pictures: Pictures }) {
  const [kind, setKind] = useState('img');
  const text = write(kind, location.origin, store.asked.key, store.asked.params, pictures.result?.about);
  return (
    <div class="snippets">
      <Choice label="Snippet" options={[['img', 'img srcset'], ['picture', 'picture'], ['next', 'next/image'], ['curl', 'curl'], ['css', 'CSS'], ['preset', 'Save as preset']]} value={kind} set={setKind} />
      <div class="code"><pre tabIndex={0} aria-label="Snippet’s text">{text}</pre><Copy text={text} label="Copy the snippet" /></div>
      {kind === 'preset' && <p class="quiet small">The line of <code>deckle.json</code>; then <code>?dimensions=my-preset</code> asks for it.</p>}
    </div>
  );
}
