import { render } from 'preact';
import { App } from './app.tsx';
import { HERE } from './engine-types.ts';
import { Engine } from './engine.ts';
import { Pictures } from './pictures.ts';
import { readingConfig, readSite } from './site.ts';
import { given } from './sources.tsx';
import { Store } from './store.ts';
import './style/index.css';

try {
  const kept = localStorage.getItem('theme');
  if (kept) document.documentElement.dataset.theme = kept;
} catch { /* a browser that keeps nothing */ }

const site = readSite();
// what makes pictures is told what the edge is; what reads URLs reads every dialect
const hands = new Engine(site.then((said) => JSON.stringify(said.config)));
const mind = new Engine(site.then(readingConfig));
const judge = new Engine(site.then((said) => JSON.stringify(said.config)));

const said = await site;
const first = said.keys.find(({ key }) => /\.(jpe?g|png|webp)$/i.test(key))?.key ?? '01.jpg';
// where nobody says what the bucket holds, there is a picture of the page's own
const sample = said.keys.length === 0 && !location.hash ? await givenSample() : undefined;
const store = new Store({ key: sample ?? first, params: { width: '1000', height: '625', fit: 'cover', format: 'webp' } });
const pictures = new Pictures(store, hands, mind, judge);

/** Pictures of the visitor's: they go to the worker and nowhere else. */
async function give(files: File[]): Promise<void> {
  let last = '';
  for (const file of files.slice(0, 200)) {
    const key = HERE + (file.name || 'pasted.png').replace(/[/\\]/g, '-');
    const bytes = new Uint8Array(await file.arrayBuffer());
    await hands.call('give', key, bytes);
    given.set(key, await thumbnail(file));
    last ||= key;
  }
  if (last) store.go({ ...store.asked, key: last });
}

async function givenSample(): Promise<string | undefined> {
  try {
    const answer = await fetch('/demo/sample.jpg');
    if (!answer.ok) return undefined;
    const file = new File([await answer.blob()], 'sample.jpg');
    const key = HERE + file.name;
    await hands.call('give', key, new Uint8Array(await file.arrayBuffer()));
    given.set(key, await thumbnail(file));
    return key;
  } catch {
    return undefined;
  }
}

async function thumbnail(file: File): Promise<string> {
  try {
    const bitmap = await createImageBitmap(file, { resizeWidth: 144, resizeQuality: 'medium' });
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    bitmap.close();
    return URL.createObjectURL(await canvas.convertToBlob({ type: 'image/png' }));
  } catch {
    return '';
  }
}

render(<App store={store} pictures={pictures} hands={hands} mind={mind} site={said} give={give} />, document.getElementById('app')!);
document.documentElement.dataset.ready = '';

if ('serviceWorker' in navigator && import.meta.env.PROD) navigator.serviceWorker.register('/demo/sw.js', { scope: '/demo/' }).catch(() => {});
