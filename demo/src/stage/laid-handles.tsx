// Handles on the result by which overlays and texts are dragged.
import { join, read, type Laid } from '../fields/laid.ts';
import type { Store } from '../store.ts';
import { ARROWS, follow, within } from './drag.ts';

const PLACES: Record<string, number> = { left: 4, top: 4, right: 80, bottom: 85 };

/** Roughly where its top left corner is, in percent of the result. */
function corner({ items }: Laid): [number, number] {
  const percent = (text: string | undefined) => (text?.endsWith('%') ? Number(text.slice(0, -1)) : undefined);
  const words = items.place?.split('-') ?? [];
  const x = percent(items.left) ?? PLACES[words.find((word) => word === 'left' || word === 'right') ?? ''] ?? 45;
  const y = percent(items.top) ?? PLACES[words.find((word) => word === 'top' || word === 'bottom') ?? ''] ?? 45;
  return [x, y];
}

export function LaidHandles({ store, width, height }: { store: Store; width: number; height: number }) {
  return (
    <>
      {(['overlay', 'text'] as const).flatMap((edit) => read(store.asked.params[edit]).map((laid, index) => {
        const [x, y] = corner(laid);
        const put = (left: number, top: number) => {
          const list = read(store.asked.params[edit]);
          const { place: _, ...items } = list[index]!.items;
          list[index] = { name: list[index]!.name, items: { ...items, left: `${Math.round(within(left, 0, 100))}%`, top: `${Math.round(within(top, 0, 100))}%` } };
          store.change(edit, join(list), `place-${edit}-${index}`);
        };
        return (
          <button type="button" class="laid-handle" key={`${edit}${index}`} style={`left:${x}%;top:${y}%`} aria-label={`Place ${edit} ${index + 1}: ${Math.round(x)} %, ${Math.round(y)} %. Arrows move it`}
            onPointerDown={(event) => { store.drag(true); follow(event, (dx, dy) => put(x + (dx / width) * 100, y + (dy / height) * 100), () => store.drag(false)); }}
            onKeyDown={(event) => { const way = ARROWS[event.key]; if (!way) return; event.preventDefault(); const by = event.shiftKey ? 10 : 1; put(x + way[0] * by, y + way[1] * by); }}>
            <span>{edit === 'text' ? 'T' : '▣'}</span>
          </button>
        );
      }))}
    </>
  );
}
