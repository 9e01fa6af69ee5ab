import { useEffect, useRef, useState } from 'preact/hooks';
import { Controls } from './controls.tsx';
import { HERE } from './engine-types.ts';
import type { Engine } from './engine.ts';
import { bytes, ms, size } from './format.ts';
import { Copy } from './panels/copy.tsx';
import { Panels } from './panels/panels.tsx';
import { headerOf, type Pictures } from './pictures.ts';
import { readAny } from './reading.ts';
import type { Site } from './site.ts';
import { Sources } from './sources.tsx';
import { Stage, type View } from './stage/stage.tsx';
import { useChanges, type Store } from './store.ts';

export interface AppProps { store: Store; pictures: Pictures; hands: Engine; mind: Engine; site: Site; give(files: File[]): Promise<void> }

export function App(props: AppProps) {
  const { store, pictures, mind, site, give } = props;
  useChanges(store);
  useChanges(pictures);
  const [view, setView] = useState<View>('result');
  const [isOver, setOver] = useState(false);
  const [notice, setNotice] = useState('');
  useEffect(() => {
    const take = (files: File[]) => { if (files.length > 0) void give(files); };
    const paste = (event: ClipboardEvent) => {
      if ((event.target as HTMLElement).closest('input, textarea')) return;
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) return take(files);
      const text = event.clipboardData?.getData('text') ?? '';
      readAny(text, mind, store.asked).then((asked) => { store.go(asked); setNotice('Read what was pasted.'); }, (error: Error) => setNotice(`What was pasted cannot be read: ${error.message}`));
    };
    const over = (event: DragEvent) => { event.preventDefault(); setOver(true); };
    const leave = (event: DragEvent) => { if (!event.relatedTarget) setOver(false); };
    const drop = (event: DragEvent) => { event.preventDefault(); setOver(false); take([...(event.dataTransfer?.files ?? [])]); };
    const keys = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z' || (event.target as HTMLElement).closest('input[type=text], textarea')) return;
      event.preventDefault();
      if (event.shiftKey) store.redo(); else store.undo();
    };
    document.addEventListener('paste', paste);
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    addEventListener('keydown', keys);
    return () => { document.removeEventListener('paste', paste); removeEventListener('dragover', over); removeEventListener('dragleave', leave); removeEventListener('drop', drop); removeEventListener('keydown', keys); };
  }, []);
  return (
    <>
      <Header store={store} site={site} give={give} />
      <main class="layout">
        <div class="work">
          <Figures pictures={pictures} site={site} />
          <Address pictures={pictures} />
          <Stage pictures={pictures} store={store} view={view} setView={setView} />
          <Sources store={store} site={site} give={give} />
        </div>
        <Controls store={store} pictures={pictures} site={site} place={() => setView('source')} />
        <Panels {...props} />
      </main>
      <footer class="foot"><p>One Rust core, compiled to WebAssembly: the same here, in a Cloudflare Worker and behind CloudFront. <a href="https://github.com/deckle/deckle">Source</a></p></footer>
      <p class="sr" role="status">{notice}</p>
      {isOver && <div class="drop" aria-hidden="true"><p>Drop it. It stays in this browser.</p></div>}
    </>
  );
}

function Header({ store, site, give }: { store: Store; site: Site; give(files: File[]): Promise<void> }) {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? '');
  const turn = () => {
    const isDark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    const next = isDark ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem('theme', next); } catch { /* a browser that keeps nothing */ }
    setTheme(next);
  };
  const file = useRef<HTMLInputElement>(null);
  return (
    <header class="head">
      <a class="skip" href="#edits" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>('.controls input')?.focus(); }}>To the edits</a>
      <h1><svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><path d="M4 3.6l2.3-.8 2.2.9 2.6-1 2.1.8 2.5-.7 2.4 1 2.2-.9 2.6.8 2.1-.7L28 4l.6 2.6-.7 2.3.9 2.5-.8 2.2.7 2.5-.9 2.3.8 2.4-.7 2.6.8 2.3L28 28l-2.4.7-2.3-.9-2.4.8-2.3-.8-2.5.9-2.2-.8-2.4.7-2.5-.8-2.2.8L4.2 28l-.8-2.4.9-2.2-.8-2.6.7-2.2-.9-2.5.8-2.3-.7-2.4.9-2.3-.8-2.6z" fill="var(--accent)" /><path fill="#fff" d="M8 21l5-6 4 4.5 2.5-2.5L24 22v2H8z" /><circle cx="19.5" cy="12" r="2" fill="#ffd08a" /></svg>Deckle</h1>
      <p class="edge">{site.edge}</p>
      <div class="head-end">
        <button type="button" class="icon-button" aria-label="Undo" title="Undo (Ctrl Z)" disabled={!store.canUndo} onClick={store.undo}>↶</button>
        <button type="button" class="icon-button" aria-label="Redo" title="Redo (Ctrl Shift Z)" disabled={!store.canRedo} onClick={store.redo}>↷</button>
        <button type="button" class="icon-button" aria-label="Light or dark" title="Light or dark" onClick={turn}>◐</button>
        <input ref={file} type="file" accept="image/*" multiple class="sr" tabIndex={-1} aria-label="Pictures of your own" onChange={(event) => { void give([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ''; }} />
        <button type="button" class="button" onClick={() => file.current?.click()}>Your picture</button>
      </div>
    </header>
  );
}

/** The URL as it is edited, in sight all the time. */
function Address({ pictures }: { pictures: Pictures }) {
  const { url } = pictures;
  return (
    <div class="address">
      <code tabIndex={0} role="textbox" aria-readonly="true" aria-label="URL of this picture">{url}</code>
      <Copy text={location.origin + url} label="Copy the URL" />
      {!pictures.isHere && <a class="icon-button" href={url} target="_blank" rel="noopener" aria-label="Open the picture" title="Open">↗</a>}
    </div>
  );
}

function Figures({ pictures, site }: { pictures: Pictures; site: Site }) {
  const { source, result } = pictures;
  const saved = source && result ? 1 - result.bytes.length / source.bytes : undefined;
  const cached = result?.cached;
  return (
    <div class="figures">
      <Figure name="Before" value={source ? bytes(source.bytes) : '—'} note={source ? `${size(source.about)} ${source.about.format}` : ' '} />
      <Figure name="After" value={result ? bytes(result.bytes.length) : '—'} note={result?.about ? `${size(result.about)} ${result.about.format}` : headerOf(result?.headers ?? [], 'content-type') ?? ' '} />
      <Figure name="Saved" value={saved === undefined ? '—' : `${saved < 0 ? '−' : ''}${Math.abs(saved * 100).toFixed(Math.abs(saved) > 0.99 ? 1 : 0)} %`} note={saved !== undefined && saved < 0 ? 'it grew' : ' '} isStrong />
      <Figure name="Likeness" value={result?.score === undefined ? '—' : result.score.toFixed(result.score > 99.9 ? 2 : 1)} note="of 100 (MS-SSIM)" title="Against the same picture without loss. 100 is no difference." />
      <Figure name="Time" value={result ? ms(result.cold) : '—'} note={result?.isPreview ? 'preview' : cached !== undefined ? `${ms(cached)} from cache` : result?.by === 'browser' ? 'in this browser' : ' '} />
      <p class="promise">{pictures.isHere ? <><b>0 bytes uploaded.</b> This picture stays in your browser; {site.isKnown ? `${site.edge} would answer the same bytes.` : 'the wasm is the edge’s.'}</> : <>Drop or paste a picture anywhere: it is made <b>in your browser</b>, nothing is uploaded.</>}</p>
      <p class="sr" role="status" aria-live="polite">{result && !result.isPreview && !pictures.isBusy ? `${bytes(result.bytes.length)}${saved !== undefined ? `, ${Math.round(saved * 100)} % smaller` : ''}` : ''}</p>
    </div>
  );
}

const Figure = ({ name, value, note, isStrong, title }: { name: string; value: string; note: string; isStrong?: boolean; title?: string }) => (
  <dl class={`figure${isStrong ? ' is-strong' : ''}`} title={title}><dt>{name}</dt><dd><b>{value}</b><span>{note}</span></dd></dl>
);

export const isHere = (key: string): boolean => key.startsWith(HERE);
