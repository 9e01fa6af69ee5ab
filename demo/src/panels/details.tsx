import { useEffect, useState } from 'preact/hooks';
import { COPY, HERE } from '../engine-types.ts';
import { Engine } from '../engine.ts';
import { bytes, ms, size } from '../format.ts';
import { ACCEPT, headerOf, type Pictures, type Result } from '../pictures.ts';
import { keyPath } from '../query.ts';
import { readingConfig, type Site } from '../site.ts';
import type { Store } from '../store.ts';

const ROOM = 128 * 2 ** 20;

/** `decode;dur=12.3, encode;dur=4.5` */
export function timings(header: string | undefined): [string, number][] {
  return (header ?? '').split(',').map((part) => /^\s*([\w-]+).*?dur=([\d.]+)/.exec(part)).filter((found) => found !== null).map((found) => [found[1]!, Number(found[2])]);
}

export function Details({ pictures, store, site }: { pictures: Pictures; store: Store; site: Site }) {
  const { result } = pictures;
  return result ? <Made pictures={pictures} store={store} site={site} result={result} /> : <div class="panel-body"><p class="quiet">Nothing is made yet.</p></div>;
}

function Made({ pictures, store, site, result }: { pictures: Pictures; store: Store; site: Site; result: Result }) {
  const { source } = pictures;
  const [here, setHere] = useState<{ asked: string; header?: string }>();
  const isMade = headerOf(result.headers, 'server-timing') !== undefined;
  useEffect(() => {
    if (isMade || !source) return;
    let isCurrent = true;
    const [path = '', text = ''] = result.asked.split(/\?(.*)/s);
    pictures.judge.call('make', { path, query: text, accept: ACCEPT }).then((made) => isCurrent && setHere({ asked: result.asked, header: headerOf(made.headers, 'server-timing') }), () => {});
    return () => { isCurrent = false; };
  }, [result.asked, isMade, source?.key]);
  const stages = timings(headerOf(result.headers, 'server-timing') ?? (here?.asked === result.asked ? here.header : undefined));
  const most = Math.max(1, ...stages.map(([, time]) => time));
  const cache = headerOf(result.cachedHeaders ?? [], 'x-cache') ?? headerOf(result.cachedHeaders ?? [], 'cf-cache-status') ?? '…';
  const first = headerOf(result.headers, 'x-cache') ?? headerOf(result.headers, 'cf-cache-status') ?? (result.by === 'browser' ? 'made here' : '…');
  return (
    <div class="panel-body columns">
      <section>
        <h3>Time</h3>
        <table class="facts">
          <tbody>
            <tr><th scope="row">First answer</th><td>{ms(result.cold)}</td><td class="quiet">{first}</td></tr>
            {result.by === 'edge' && <tr><th scope="row">Asked again</th><td>{result.cached === undefined ? '…' : ms(result.cached)}</td><td class="quiet">{cache}</td></tr>}
          </tbody>
        </table>
        {stages.length > 0 && <h4>Server-Timing{isMade ? '' : ': it was made before; in this browser it takes'}</h4>}
        <div class="bars">{stages.map(([stage, time]) => <div key={stage}><span>{stage}</span><span class="bar"><i style={`width:${(time / most) * 100}%`} /></span><span>{ms(time)}</span></div>)}</div>
        <h3>Sizes</h3>
        <table class="facts">
          <tbody>
            {source && <tr><th scope="row">Source</th><td>{size(source.about)}</td><td>{bytes(source.bytes)}</td><td class="quiet">{source.about.format}{source.about.progressive ? ', progressive' : ''}</td></tr>}
            <tr><th scope="row">Result</th><td>{result.about ? size(result.about) : '…'}</td><td>{bytes(result.bytes.length)}</td><td class="quiet">{headerOf(result.headers, 'content-type')}</td></tr>
          </tbody>
        </table>
        <Derived pictures={pictures} store={store} site={site} />
      </section>
      <section>
        <h3>Headers</h3>
        <table class="headers"><tbody>{result.headers.map(([name, value]) => <tr key={name}><th scope="row">{name}</th><td>{value}</td></tr>)}</tbody></table>
        <Memory site={site} store={store} />
      </section>
    </div>
  );
}

function Derived({ pictures, store, site }: { pictures: Pictures; store: Store; site: Site }) {
  const [listed, setListed] = useState<{ key: string; bytes: number }[]>();
  const { key } = store.asked;
  useEffect(() => {
    if (!site.derived || key.startsWith(HERE)) { setListed(undefined); return; }
    let isCurrent = true;
    fetch(`${site.derived}?key=${encodeURIComponent(key)}`).then((answer) => answer.json()).then((list) => isCurrent && setListed(list), () => {});
    return () => { isCurrent = false; };
  }, [key, pictures.result?.asked, pictures.result?.cached]);
  const list = listed ?? [...pictures.made].filter(([stored]) => stored.endsWith(`/${key}`)).map(([stored, made]) => ({ key: stored, bytes: made.bytes }));
  return (
    <>
      <h3>Derived objects of {key}</h3>
      <p class="quiet small">{listed ? 'As they lie in the derived store.' : 'Those that this page has asked for.'} Each was made once.</p>
      <ul class="derived">
        {list.slice(-40).map((object) => <li key={object.key}><a href={keyPath(object.key)} target="_blank" rel="noopener">{object.key}</a> <span class="quiet">{bytes(object.bytes)}</span></li>)}
        {list.length === 0 && <li class="quiet">None: the original is asked for.</li>}
      </ul>
    </>
  );
}

/** A picture of 100 MP that is painted here, made small in an instance of its own, whose memory is measured. */
function Memory({ site, store }: { site: Site; store: Store }) {
  const [said, say] = useState<{ text: string; grown?: number; file?: number; time?: number }>();
  const run = async () => {
    const engine = new Engine(Promise.resolve(readingConfig({ ...site, config: { ...site.config, limits: undefined } })));
    const painter = new Engine(Promise.resolve('{}'));
    try {
      say({ text: 'painting 10,000 × 10,000 pixels…' });
      const key = site.keys.find(({ key }) => /\.jpe?g$/i.test(key))?.key ?? store.asked.key;
      const loaded = await painter.call('load', key);
      if ('error' in loaded.about) throw new Error(loaded.about.error.message);
      const huge = await painter.call('huge', key, 10_000);
      const file = await painter.call('bytesOf', huge.key);
      if (!file) throw new Error('it was not painted');
      await engine.call('make', { path: '/nothing', query: '' });
      const before = await engine.call('memory');
      await engine.call('give', COPY + 'huge.jpg', file);
      say({ text: 'making 800 px of it…' });
      const made = await engine.call('make', { path: `/${COPY}huge.jpg`, query: 'width=800' });
      const after = await engine.call('memory');
      if (made.status !== 200) throw new Error(new TextDecoder().decode(made.bytes));
      say({ text: 'done', grown: Math.max(0, after - before - huge.bytes), file: huge.bytes, time: made.milliseconds });
    } catch (error) {
      say({ text: (error as Error).message });
    } finally {
      engine.close();
      painter.close();
    }
  };
  return (
    <section class="memory">
      <h3>100 MP in the memory of an edge</h3>
      <p class="quiet small">An isolate has 128 MB for everything. Deckle decodes by rows, and takes for 100 MP about what it takes for one.</p>
      {said?.grown !== undefined && (
        <>
          <div class="memory-bar" role="img" aria-label={`${bytes(said.grown)} of 128 MB, beside the file's ${bytes(said.file!)}`}><i style={`width:${(said.file! / ROOM) * 100}%`} /><b style={`width:${Math.max(0.6, (said.grown / ROOM) * 100)}%`} /></div>
          <p class="small"><b>{bytes(said.grown)}</b> of memory beside the file’s {bytes(said.file!)}, {ms(said.time!)} in this browser.</p>
        </>
      )}
      {said && said.grown === undefined && <p class="small" role="status">{said.text}</p>}
      <button type="button" class="add" onClick={() => void run()}>Paint 100 MP and watch</button>
    </section>
  );
}
