// The picture in the middle: before and after, or the source with what can be dragged on it.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Choice } from '../fields/common.tsx';
import type { Pictures } from '../pictures.ts';
import type { Store } from '../store.ts';
import { Compare } from './compare.tsx';
import { Place } from './place.tsx';
import { Trouble } from './trouble.tsx';

export type View = 'result' | 'source';

export function Stage({ pictures, store, view, setView }: { pictures: Pictures; store: Store; view: View; setView(view: View): void }) {
  const [zoom, setZoom] = useState(0);
  const [isDifference, setDifference] = useState(false);
  const mat = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState({ width: 800, height: 500 });
  useLayoutEffect(() => {
    const measure = () => {
      const style = mat.current!;
      const margin = style.clientWidth < 700 ? 28 : 48;
      setRoom({ width: Math.max(60, style.clientWidth - margin), height: Math.max(60, style.clientHeight - margin) });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(mat.current!);
    return () => observer.disconnect();
  }, []);
  const [isFlipped, flip] = useState(false);
  useEffect(() => {
    // held, it shows the picture before; a control that has the focus keeps its own use of the key
    const on = (event: KeyboardEvent) => {
      const inControl = (event.target as HTMLElement).closest('input, select, textarea, button, summary, a, [role=tab]');
      if ((event.key === ' ' && !inControl) || (event.key === 'b' && !/^(text|number)$/.test((event.target as HTMLInputElement).type ?? '') && (event.target as HTMLElement).tagName !== 'TEXTAREA' && !event.ctrlKey && !event.metaKey)) {
        event.preventDefault();
        flip(true);
      }
    };
    const off = () => flip(false);
    addEventListener('keydown', on);
    addEventListener('keyup', off);
    addEventListener('blur', off);
    return () => { removeEventListener('keydown', on); removeEventListener('keyup', off); removeEventListener('blur', off); };
  }, []);
  const { result, source, problem } = pictures;
  return (
    <section class="stage" aria-label="Picture" data-asked={result && !result.isPreview && !pictures.isBusy ? result.asked : undefined} data-preview={result?.isPreview ? result.cold.toFixed(1) : undefined} data-before={pictures.before?.of}>
      <div class={`mat${zoom ? ' is-zoomed' : ''}`} ref={mat} tabIndex={zoom ? 0 : undefined} role={zoom ? 'region' : undefined} aria-label={zoom ? 'Zoomed picture, scrolls' : undefined}>
        {view === 'result' && result && <Compare pictures={pictures} store={store} room={room} zoom={zoom} isDifference={isDifference} isFlipped={isFlipped} />}
        {view === 'source' && source && <Place source={source} store={store} room={room} />}
        {!(view === 'result' ? result : source) && !problem && <div class="waiting" aria-hidden="true" />}
        {problem && <Trouble problem={problem} pictures={pictures} store={store} />}
      </div>
      <div class="stage-bar">
        <Choice label="View" options={[['result', 'Before and after'], ['source', 'Crop and focus']]} value={view} set={(word) => setView(word as View)} />
        {view === 'result' && (
          <>
            <Choice label="Zoom" options={[['0', 'Fit'], ['0.5', '50'], ['1', '100'], ['2', '200'], ['4', '400 %']]} value={String(zoom)} set={(word) => setZoom(Number(word))} />
            <button type="button" class="chip" aria-pressed={isDifference} onClick={() => setDifference(!isDifference)}>Difference × 8</button>
            <button type="button" class="chip" title="Or hold the space bar, or B" aria-pressed={isFlipped} onPointerDown={() => flip(true)} onPointerUp={() => flip(false)} onPointerLeave={() => flip(false)} onClick={(event) => { if (event.detail === 0) flip(!isFlipped); }}>Hold for before</button>
          </>
        )}
        <span class={`state${pictures.isBusy ? ' is-busy' : ''}`} aria-hidden="true">{pictures.isBusy ? 'making…' : result?.by === 'browser' ? 'made in this browser' : 'from the edge'}</span>
      </div>
    </section>
  );
}
