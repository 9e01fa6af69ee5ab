// Overlays and texts: several things, each with what is said of it.
import { Choice, NumberBox, Slider, TextBox, type FieldProps } from './common.tsx';
import { join, read, type Laid } from './laid.ts';
import { colourOf } from './colour.tsx';

const PLACES = ['top-left', 'top', 'top-right', 'left', 'centre', 'right', 'bottom-left', 'bottom', 'bottom-right'];
const BLENDS = ['over', 'multiply', 'screen', 'overlay', 'darken', 'lighten', 'add', 'dest-in', 'dest-out'];

export function PlaceGrid({ value, set, label }: { value?: string; set(place: string): void; label: string }) {
  return (
    <div class="places" role="group" aria-label={label}>
      {PLACES.map((place) => <button type="button" key={place} aria-pressed={place === value} aria-label={place} title={place} onClick={() => set(place)}><span /></button>)}
    </div>
  );
}

export function LaidList({ row, value, set, drag, keys }: FieldProps) {
  const isText = row.kind === 'lettering';
  const list = read(value);
  const write = (next: Laid[]) => set(next.length > 0 ? join(next) : undefined);
  const change = (index: number, items: Record<string, string | undefined>, name?: string) =>
    write(list.map((laid, at) => (at === index ? { name: name ?? laid.name, items: clean({ ...laid.items, ...items }) } : laid)));
  const fresh = (): Laid => isText
    ? { name: 'Hello', items: { place: 'bottom', size: '10%' } }
    : { name: keys.find((key) => /alpha|logo|mark/.test(key)) ?? keys[0] ?? 'logo.png', items: { place: 'bottom-right', width: '30%' } };
  return (
    <div class="laid">
      {list.map(({ name, items }, index) => (
        <fieldset key={index}>
          <legend>{isText ? 'Text' : 'Overlay'} {index + 1}</legend>
          {isText
            ? <TextBox label={`Text ${index + 1}: what is written`} value={name} set={(text) => change(index, {}, text ?? ' ')} />
            : <select class="box" aria-label={`Overlay ${index + 1}: picture`} value={name} onChange={(event) => change(index, {}, event.currentTarget.value)}>
                {[...new Set([name, ...keys])].map((key) => <option key={key}>{key}</option>)}
              </select>}
          <div class="pair">
            <PlaceGrid label={`Place of ${isText ? 'text' : 'overlay'} ${index + 1}`} value={items.place ?? (items.left || items.top ? undefined : 'centre')} set={(place) => change(index, { place, left: undefined, top: undefined })} />
            <div class="stack">
              <Percent label={isText ? 'Size' : 'Width'} value={isText ? items.size ?? '6%' : items.width} most={isText ? 40 : 100} drag={drag} set={(width) => change(index, { [isText ? 'size' : 'width']: width })} />
              <label class="mini">Opacity<Slider label="Opacity" value={Number(items.opacity ?? 1)} least={0} most={1} by={0.05} drag={drag} set={(opacity) => change(index, { opacity: opacity === '1' ? undefined : opacity })} /></label>
            </div>
          </div>
          {isText
            ? <div class="pair">
                <label class="mini">Colour<input type="color" value={colourOf(items.colour ?? 'ffffff', row)} onInput={(event) => change(index, { colour: event.currentTarget.value.slice(1) })} /></label>
                <label class="mini">Outline<NumberBox label="Outline" value={items.outline} placeholder="0" least={0} most={16} by={1} set={(outline) => change(index, { outline })} /></label>
                <label class="mini">its colour<input type="color" value={colourOf(items['outline-colour'] ?? '000000', row)} onInput={(event) => change(index, { 'outline-colour': event.currentTarget.value.slice(1) })} /></label>
              </div>
            : <div class="pair">
                <select class="box" aria-label={`Overlay ${index + 1}: blend mode`} value={items.blend ?? 'over'} onChange={(event) => change(index, { blend: event.currentTarget.value === 'over' ? undefined : event.currentTarget.value })}>
                  {BLENDS.map((blend) => <option key={blend}>{blend}</option>)}
                </select>
                <Choice label="Tile" options={[['1', 'Once'], ['tile', 'Tiled']]} value={items.tile ? 'tile' : '1'} set={(word) => change(index, { tile: word === 'tile' ? '1' : undefined })} />
              </div>}
          <button type="button" class="quiet-button" onClick={() => write(list.filter((_, at) => at !== index))}>Remove</button>
        </fieldset>
      ))}
      {list.length < (row.most ?? 1) && <button type="button" class="add" onClick={() => write([...list, fresh()])}>{isText ? 'Add text' : 'Add overlay'}</button>}
    </div>
  );
}

function Percent({ label, value, most, set, drag }: { label: string; value?: string; most: number; set(value: string): void; drag(is: boolean): void }) {
  const number = value?.endsWith('%') ? Number(value.slice(0, -1)) : most / 2;
  return <label class="mini">{label}<Slider label={`${label} in percent`} value={number} least={1} most={most} by={1} drag={drag} set={(share) => set(`${share}%`)} /></label>;
}

const clean = (items: Record<string, string | undefined>): Record<string, string> => Object.fromEntries(Object.entries(items).filter((pair): pair is [string, string] => pair[1] !== undefined));
