import { useEffect, useState } from 'preact/hooks';
import { aws, awsBody, edits, signed, thumbor, type Written } from '../dialects.ts';
import type { Engine } from '../engine.ts';
import type { Pictures } from '../pictures.ts';
import { urlOf } from '../query.ts';
import { readAny } from '../reading.ts';
import { SERVICES } from '../services.ts';
import type { Site } from '../site.ts';
import type { Store } from '../store.ts';
import { title } from '../table.ts';
import { Copy } from './copy.tsx';
import { Snippets } from './snippets.tsx';

/** Of this page alone, until one is typed in; it goes nowhere. */
const KEY = { id: 'demo', secret: 'a key of this page alone', hours: '' };

interface Line extends Written { name: string; about: string; /** The canonical path that the wasm reads in it. */ path?: string; isRead: boolean; /** Its place among the services, if it is one's. */ service?: number }

export function UrlPanel({ store, pictures, mind, site }: { store: Store; pictures: Pictures; mind: Engine; site: Site }) {
  const { key, params, ops } = store.asked;
  const canonical = pictures.canonical;
  const [lines, setLines] = useState<Line[]>([]);
  const [signing, setSigning] = useState(KEY);
  const bucket = site.config.sih?.sourceBuckets?.[0] ?? 'deckle-source';
  const speaks = (dialect: string) => (site.config.dialects ?? ['native']).includes(dialect);
  useEffect(() => {
    let isCurrent = true;
    const write = async () => {
      const all: Line[] = [
        { name: 'Query', about: 'what people write', text: urlOf(key, params), left: [], isRead: true },
        { name: 'Canonical path', about: 'what is cached and stored', text: canonical?.path ?? '', left: [], isRead: true },
        { name: 'Base64, ours', about: 'the edits as one JSON', ...edits(key, params), isRead: true },
        { name: 'Base64, AWS', about: 'Serverless Image Handler', ...aws(bucket, key, params), isRead: speaks('sih') },
        { name: 'Thumbor', about: 'as AWS reads it', ...thumbor(key, params), isRead: speaks('thumbor') },
        { name: 'Signed', about: `key “${signing.id}”, for CloudFront`, ...(await signed(key, params, signing.secret, signing.id, Number(signing.hours) > 0 ? Math.floor(Date.now() / 1000 + Number(signing.hours) * 3600) : undefined)), isRead: true },
        ...SERVICES.map(({ name, about, dialects, write: write_ }, service) => ({ name, about, ...write_(key, params), isRead: dialects.every(speaks), service })),
      ];
      for (const line of all.filter(({ text }) => text !== '')) {
        const [path = '', query = ''] = line.text.replace(/[?&](kid|sig|exp)=[^&]*/g, '').split(/\?(.*)/s);
        const said = await mind.call('understand', path, query, params.format === 'auto' ? 'image/avif,image/webp,*/*' : '*/*', line.service).catch(() => undefined);
        line.path = said && 'path' in said ? said.path : undefined;
      }
      if (isCurrent) setLines(ops ? all.slice(1, 2) : all);
    };
    void write();
    return () => { isCurrent = false; };
  }, [store.asked, canonical?.path, signing]);
  const { body } = awsBody(bucket, key, params);
  const shown = (line: Line) => (
    <div class="line" key={line.name} data-dialect={line.name}>
      <div class="line-name"><b>{line.name}</b><span class="quiet">{line.about}</span></div>
      <code class="line-text" tabIndex={0} role="textbox" aria-readonly="true" aria-label={`${line.name} URL`}>{line.text || '…'}</code>
      <div class="line-end">
        {line.left.length > 0
          ? <span class="badge is-warm" title={line.left.map(title).join(', ')}>has no words for {line.left.slice(0, 2).map(title).join(', ')}{line.left.length > 2 ? '…' : ''}</span>
          : line.path !== undefined && line.path === canonical?.path ? <span class="badge" title={`Read as ${line.path}`}>same picture</span>
          : line.path !== undefined ? <span class="badge is-warm" title={`Read as ${line.path}`}>a path of its own</span> : null}
        <Copy text={location.origin + line.text} label={`Copy ${line.name}`} />
        {line.isRead ? <a class="icon-button" href={line.text} target="_blank" rel="noopener" aria-label={`Open ${line.name}`} title="Open">↗</a> : <span class="icon-button is-off" title="This edge’s configuration does not read this dialect">↗</span>}
      </div>
    </div>
  );
  return (
    <div class="panel-body">
      <ReadBox store={store} mind={mind} />
      <div class="lines">
        {lines.filter(({ service }) => service === undefined).map(shown)}
      </div>
      {lines.some(({ service }) => service !== undefined) && <details class="fold"><summary>URLs of other services</summary><div class="lines">{lines.filter(({ service }) => service !== undefined).map(shown)}</div></details>}
      <p class="quiet small">Spellings of one meaning have one canonical path, so that each picture is made, stored and cached once. Stored as <code>{canonical?.stored ?? '…'}</code>.</p>
      <div class="columns">
        <div>
        <details class="fold"><summary>Sign with your key</summary>
          <div class="aws-grid">
            <label class="json">Key id<input class="box" type="text" value={signing.id} maxLength={40} spellcheck={false} onInput={(event) => setSigning({ ...signing, id: event.currentTarget.value || KEY.id })} /></label>
            <label class="json">Secret<input class="box" type="password" autocomplete="off" placeholder="16 bytes or more" onInput={(event) => setSigning({ ...signing, secret: event.currentTarget.value || KEY.secret })} /></label>
            <label class="json">Good for so many hours<input class="box" type="number" min={0} placeholder="for ever" value={signing.hours} onInput={(event) => setSigning({ ...signing, hours: event.currentTarget.value })} /></label>
          </div>
          <p class="quiet small">The secret stays in this page. <code>deckle sign</code> does the same.</p>
        </details>
        <details class="fold"><summary>Request body (JSON)</summary>
          <JsonBox label="Native edits" json={params} store={store} mind={mind} />
          <JsonBox label="AWS’s request body" json={body} store={store} mind={mind} />
        </details>
        </div>
        <details class="fold" open><summary>Snippets</summary><Snippets store={store} pictures={pictures} /></details>
      </div>
    </div>
  );
}

/** A URL, JSON or base64 of any dialect; the controls follow. */
export function ReadBox({ store, mind }: { store: Store; mind: Engine }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState('');
  const read = async () => {
    try {
      store.go(await readAny(text, mind, store.asked));
      setWrong('');
      setText('');
    } catch (error) {
      setWrong((error as Error).message);
    }
  };
  return (
    <form class="read" onSubmit={(event) => { event.preventDefault(); void read(); }}>
      <input class="box" type="text" aria-label="Paste a URL, JSON or base64 of any dialect" placeholder="Paste a URL of any dialect, JSON or base64: the controls follow" value={text} spellcheck={false} autocomplete="off" onInput={(event) => setText(event.currentTarget.value)} />
      <button type="submit" class="button">Read</button>
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
    </form>
  );
}

function JsonBox({ label, json, store, mind }: { label: string; json: unknown; store: Store; mind: Engine }) {
  const shown = JSON.stringify(json, null, 2);
  const [draft, setDraft] = useState<string>();
  const [wrong, setWrong] = useState('');
  const take = async (text: string) => {
    setDraft(text);
    try {
      store.go(await readAny(text, mind, store.asked), `json-${label}`);
      setWrong('');
    } catch (error) {
      setWrong((error as Error).message);
    }
  };
  return (
    <label class="json">{label} <Copy text={shown} label={`Copy ${label}`} />
      <textarea class="box" rows={Math.min(14, shown.split('\n').length + 1)} spellcheck={false} value={draft ?? shown} onInput={(event) => void take(event.currentTarget.value)} onBlur={() => { setDraft(undefined); setWrong(''); }} />
      {wrong && <span class="wrong">{wrong}</span>}
    </label>
  );
}
