import { TextBox, type FieldProps } from './common.tsx';
import { title, type Row } from '../table.ts';

/** As an `<input type=color>` wants it. */
export function colourOf(text: string, row: Row): string {
  const hex = (row.names?.find(([name]) => name === text)?.[1] ?? text).replace('#', '');
  if (/^[0-9a-f]{3,4}$/i.test(hex)) return '#' + [...hex.slice(0, 3)].map((c) => c + c).join('');
  return /^[0-9a-f]{6}/i.test(hex) ? `#${hex.slice(0, 6)}` : '#888888';
}

const SWATCHES = ['ffffff', '000000', '1f5c57', 'c8553d', 'e8b04b', '30588c', 'd8c3a5'];

export function ColourField({ row, value, set, id }: FieldProps & { id: string }) {
  return (
    <>
      <div class="pair">
        <input type="color" aria-label={`${title(row.name)}, picker`} value={colourOf(value ?? 'ffffff', row)} onInput={(event) => set(event.currentTarget.value.slice(1))} />
        <TextBox label={title(row.name)} id={id} value={value} placeholder="hex or a name" set={(text) => set(text?.replace(/^#/, ''))} />
      </div>
      <div class="swatches">
        {SWATCHES.map((hex) => <button type="button" key={hex} aria-label={`${title(row.name)} ${hex}`} style={`background:#${hex}`} aria-pressed={value === hex} onClick={() => set(hex)} />)}
      </div>
    </>
  );
}

const PAIRS = ['1b2a49,f5d7a1', '0b3c49,f4ede4', '3d0c45,ffb88a', '1a1a1a,e63946'];

export function ColoursField({ row, value, set, id }: FieldProps & { id: string }) {
  const [dark = '1b2a49', light = 'f5d7a1'] = value?.split(/[,x]/) ?? [];
  return (
    <>
      <div class="pair">
        <input type="color" aria-label={`${title(row.name)}: dark`} value={colourOf(dark, row)} onInput={(event) => set(`${event.currentTarget.value.slice(1)},${light}`)} />
        <input type="color" aria-label={`${title(row.name)}: light`} value={colourOf(light, row)} onInput={(event) => set(`${dark},${event.currentTarget.value.slice(1)}`)} />
        <TextBox label={title(row.name)} id={id} value={value} placeholder="dark,light" set={set} />
      </div>
      <div class="swatches">
        {PAIRS.map((pair) => {
          const [a, b] = pair.split(',');
          return <button type="button" key={pair} aria-label={`${title(row.name)} ${pair}`} style={`background:linear-gradient(135deg,#${a} 50%,#${b} 50%)`} aria-pressed={value === pair} onClick={() => set(pair)} />;
        })}
      </div>
    </>
  );
}
