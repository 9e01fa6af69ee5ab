import { useRef, useState } from 'preact/hooks';
import { read } from '../fields/laid.ts';
import type { Pictures } from '../pictures.ts';
import type { Store } from '../store.ts';
import { follow, within } from './drag.ts';
import { LaidHandles } from './laid-handles.tsx';

export function Compare({ pictures, store, room, zoom, isDifference, isFlipped }: {
  pictures: Pictures; store: Store; room: { width: number; height: number }; zoom: number; isDifference: boolean; isFlipped: boolean;
}) {
  const { before } = pictures;
  const result = pictures.result!;
  const [at, setAt] = useState(50);
  const known = useRef({ width: 800, height: 500 });
  const { about } = result;
  if (about && !result.isPreview) known.current = about;
  // a preview is smaller, and shown as large
  else if (about) {
    const factor = Math.max(known.current.width, known.current.height) / Math.max(about.width, about.height);
    known.current = { width: about.width * factor, height: about.height * factor };
  }
  const [loaded, setLoaded] = useState<{ width: number; height: number; url: string }>();
  const size = !about && loaded?.url === result.url ? loaded : known.current;
  const fit = Math.min(1, room.width / size.width, room.height / size.height);
  const scale = zoom || fit;
  const [width, height] = [Math.max(1, Math.round(size.width * scale)), Math.max(1, Math.round(size.height * scale))];
  const shown = isDifference ? 0 : isFlipped ? 100 : before ? at : 0;
  const sheet = useRef<HTMLDivElement>(null);
  const key = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10, Home: -100, End: 100 };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setAt(within(at + by, 0, 100));
  };
  const hasLaid = read(store.asked.params.overlay).length + read(store.asked.params.text).length > 0;
  return (
    <div class={`sheet${isDifference ? ' is-difference' : ''}${zoom > 1 ? ' is-large' : ''}`} ref={sheet} style={`width:${width}px;height:${height}px`}>
      <img class="after" src={result.url} alt={`The result: ${store.asked.key} with ${Object.keys(store.asked.params).length} edits`} width={width} height={height} draggable={false}
        onLoad={(event) => setLoaded({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight, url: result.url })} />
      {before && <img class="before" src={before.url} alt="The source in the same frame" width={width} height={height} draggable={false} style={isDifference ? '' : `clip-path:inset(0 ${100 - shown}% 0 0)`} />}
      {before && !isDifference && !isFlipped && (
        <div class="divider" role="slider" tabIndex={0} aria-label="Before and after" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(at)} aria-valuetext={`${Math.round(at)} % before`} style={`left:${at}%`}
          onKeyDown={key} onDblClick={() => setAt(at > 90 ? 0 : at < 10 ? 50 : 100)}
          onPointerDown={(event) => { const from = at; follow(event, (dx) => setAt(within(from + (dx / width) * 100, 0, 100)), () => {}); }}>
          <span class="grip" />
        </div>
      )}
      {before && !isDifference && <><span class="tag tag-before" style={shown < 12 ? 'opacity:0' : ''}>Before</span><span class="tag tag-after" style={shown > 88 ? 'opacity:0' : ''}>After</span></>}
      {hasLaid && <LaidHandles store={store} width={width} height={height} />}
    </div>
  );
}
