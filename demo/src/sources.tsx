// The pictures of the store as a strip, a key that is typed in, and what was dropped.
import { useState } from 'preact/hooks';
import { HERE } from './engine-types.ts';
import { keyPath } from './query.ts';
import type { Site } from './site.ts';
import type { Store } from './store.ts';

const SHOWN = /\.(jpe?g|png|webp|gif|avif|tiff?|bmp|ico|svg|jxl)$/i;
/** Pictures of this session, with a small version of each to be seen. */
export const given = new Map<string, string>();

export function Sources({ store, site, give }: { store: Store; site: Site; give(files: File[]): Promise<void> }) {
  const { key } = store.asked;
  const [typed, setTyped] = useState('');
  const keys = site.keys.map((object) => object.key).filter((name) => SHOWN.test(name));
  const choose = (next: string) => store.go({ ...store.asked, key: next });
  return (
    <section class="sources" aria-label="Pictures">
      <ul class="strip">
        {[...given].map(([name, url]) => (
          <li key={name}><button type="button" aria-pressed={name === key} aria-label={name.slice(HERE.length)} title={`${name.slice(HERE.length)}, in this browser`} onClick={() => choose(name)}>{url ? <img src={url} alt="" /> : <span>{name.slice(HERE.length)}</span>}</button></li>
        ))}
        {keys.map((name) => (
          <li key={name}><button type="button" aria-pressed={name === key} aria-label={name} title={name} onClick={() => choose(name)}><img src={/\.svg$/i.test(name) ? keyPath(name) : `${keyPath(name)}?width=144&height=108&fit=cover&format=jpeg&background=ffffff`} alt="" width={72} height={54} loading="lazy" /></button></li>
        ))}
      </ul>
      <form class="key" onSubmit={(event) => { event.preventDefault(); if (typed.trim()) choose(typed.trim().replace(/^\//, '')); }}>
        <input class="box" type="text" aria-label="Key of a picture in the bucket" placeholder="Key, such as photos/01.jpg" value={typed} spellcheck={false} autocapitalize="off" onInput={(event) => setTyped(event.currentTarget.value)} />
        <button type="submit" class="button is-plain">Import</button>
        <label class="button is-plain camera">Camera<input type="file" accept="image/*" capture="environment" class="sr" onChange={(event) => { void give([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ''; }} /></label>
      </form>
    </section>
  );
}
