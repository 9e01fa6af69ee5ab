// The source, with the box of `crop` and the point of `position` on it.
import type { Source } from '../pictures.ts';
import type { Store } from '../store.ts';
import type { Params } from '../table.ts';
import { ARROWS, follow, within } from './drag.ts';

interface Box { x: number; y: number; width: number; height: number }

/** In pixels of the source; all of it where nothing is cropped. */
function cropOf(text: string | undefined, { width, height }: { width: number; height: number }): Box {
  const parts = text?.split(/[,x]/) ?? [];
  if (parts.length !== 4) return { x: 0, y: 0, width, height };
  const isShare = /[.%]/.test(text!);
  const [x, y, w, h] = parts.map((part, index) => {
    const share = part.endsWith('%') ? Number(part.slice(0, -1)) / 100 : Number(part);
    return isShare ? share * (index % 2 === 0 ? width : height) : Number(part);
  }) as [number, number, number, number];
  return { x, y, width: w, height: h };
}

const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
const NAMES: Record<string, string> = { n: 'top edge', e: 'right edge', s: 'bottom edge', w: 'left edge', nw: 'top left corner', ne: 'top right corner', se: 'bottom right corner', sw: 'bottom left corner' };

function moved(box: Box, handle: string, dx: number, dy: number, size: { width: number; height: number }): Box {
  if (handle === '') return { ...box, x: within(box.x + dx, 0, size.width - box.width), y: within(box.y + dy, 0, size.height - box.height) };
  let { x, y, width, height } = box;
  if (handle.includes('w')) { const left = within(x + dx, 0, x + width - 8); width += x - left; x = left; }
  if (handle.includes('e')) width = within(width + dx, 8, size.width - x);
  if (handle.includes('n')) { const top = within(y + dy, 0, y + height - 8); height += y - top; y = top; }
  if (handle.includes('s')) height = within(height + dy, 8, size.height - y);
  return { x, y, width, height };
}

/** The point, in parts of what `crop` leaves. */
function pointOf(text: string | undefined): [number, number] {
  const parts = text?.split(/[,x]/).map(Number);
  if (parts?.length === 2 && parts.every(Number.isFinite)) return parts as [number, number];
  const has = (word: string) => text?.includes(word);
  return [has('left') ? 0 : has('right') ? 1 : 0.5, has('top') ? 0 : has('bottom') ? 1 : 0.5];
}

/** A point does something where something is cut off around it. */
export function withPoint(params: Params, position: string): Params {
  const out: Params = { ...params, position };
  if ((out.width && out.height) || out.ar) return { ...out, fit: 'cover' };
  return out.zoom ? out : { ...out, zoom: '2' };
}

export function Place({ source, store, room }: { source: Source; store: Store; room: { width: number; height: number } }) {
  const { about } = source;
  const { params } = store.asked;
  const scale = Math.min(1, room.width / about.width, room.height / about.height);
  const box = cropOf(params.crop, about);
  const isWhole = params.crop === undefined;
  const put = (next: Box) => {
    const whole = [next.x, next.y, next.width, next.height].map((n) => Math.round(n));
    store.change('crop', whole.join(','), 'crop-box');
  };
  const grab = (handle: string) => (event: PointerEvent) => {
    store.drag(true);
    follow(event, (dx, dy) => put(moved(box, handle, dx / scale, dy / scale, about)), () => store.drag(false));
  };
  const keys = (handle: string) => (event: KeyboardEvent) => {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const by = event.shiftKey ? 10 : 1;
    put(moved(box, handle, way[0] * by, way[1] * by, about));
  };
  const [px, py] = pointOf(params.position);
  const putPoint = (x: number, y: number) => store.set(withPoint(store.asked.params, `${within(x, 0, 1).toFixed(3)},${within(y, 0, 1).toFixed(3)}`), 'focal-point');
  const percent = (part: number, of: number) => `${(part / of) * 100}%`;
  const at = `left:${percent(box.x, about.width)};top:${percent(box.y, about.height)};width:${percent(box.width, about.width)};height:${percent(box.height, about.height)}`;
  return (
    <div class="sheet place" style={`width:${Math.round(about.width * scale)}px;height:${Math.round(about.height * scale)}px`}>
      <img src={source.url} alt={`The whole source: ${source.key}`} draggable={false} width={Math.round(about.width * scale)} height={Math.round(about.height * scale)} />
      {!isWhole && <div class="crop-shade"><div style={at} /></div>}
      <div class="crop-box" style={at}>
        <button type="button" class="crop-move" aria-label={`Crop box: ${Math.round(box.x)}, ${Math.round(box.y)}, ${Math.round(box.width)} by ${Math.round(box.height)} pixels. Arrows move it, with Shift by ten`} onPointerDown={grab('')} onKeyDown={keys('')} />
        {HANDLES.map((handle) => <button type="button" key={handle} class={`crop-handle at-${handle}`} aria-label={`Crop: ${NAMES[handle]}`} onPointerDown={grab(handle)} onKeyDown={keys(handle)} />)}
        <button type="button" class="focal" style={`left:${px * 100}%;top:${py * 100}%`} aria-label={`Focal point: ${Math.round(px * 100)} %, ${Math.round(py * 100)} %. Arrows move it`}
          onPointerDown={(event) => { store.drag(true); follow(event, (dx, dy) => putPoint(px + dx / scale / box.width, py + dy / scale / box.height), () => store.drag(false)); }}
          onKeyDown={(event) => { const way = ARROWS[event.key]; if (!way) return; event.preventDefault(); const by = event.shiftKey ? 0.1 : 0.01; putPoint(px + way[0] * by, py + way[1] * by); }} />
      </div>
    </div>
  );
}
