import { useRef, useState } from 'preact/hooks';
import { useful, bounds, step, title, type Row } from '../table.ts';

export interface FieldProps {
  row: Row;
  value?: string;
  /** `undefined` is a reset. */
  set(value: string | undefined): void;
  drag(isDragging: boolean): void;
  keys: string[];
  presets: string[];
  /** Opens the view of the source, where boxes and points are dragged. */
  place(): void;
}

let ids = 0;
export const useId = (): string => useRef(`f${(ids += 1)}`).current;

/** A slider whose drag is one gesture, with a preview at each step. */
export function Slider({ label, value, least, most, by, set, drag }: {
  label: string; value: number; least: number; most: number; by: number; set(value: string): void; drag(isDragging: boolean): void;
}) {
  const share = Math.max(0, Math.min(1, (value - least) / (most - least)));
  return (
    <input type="range" class="slider" aria-label={label} min={least} max={most} step={by} value={value} style={`--share:${share * 100}%`}
      onInput={(event) => set(trimmed(event.currentTarget.valueAsNumber))}
      onPointerDown={() => drag(true)} onPointerUp={() => drag(false)} onPointerCancel={() => drag(false)} onBlur={() => drag(false)} />
  );
}

export const trimmed = (number: number): string => String(Number(number.toFixed(2)));

export function NumberBox({ label, id, value, placeholder, least, most, by, set }: {
  label: string; id?: string; value?: string; placeholder?: string; least?: number; most?: number; by?: number; set(value: string | undefined): void;
}) {
  return (
    <input type="number" class="box number" id={id} aria-label={id ? undefined : label} inputMode="decimal" value={value ?? ''} placeholder={placeholder} min={least} max={most} step={by ?? 'any'}
      onInput={(event) => set(event.currentTarget.value === '' ? undefined : event.currentTarget.value)} />
  );
}

export function TextBox({ label, id, value, placeholder, set, list }: { label: string; id?: string; value?: string; placeholder?: string; set(value: string | undefined): void; list?: string }) {
  return (
    <input type="text" class="box" id={id} aria-label={id ? undefined : label} value={value ?? ''} placeholder={placeholder} autocomplete="off" spellcheck={false} list={list}
      onInput={(event) => set(event.currentTarget.value || undefined)} />
  );
}

export function Choice({ label, options, value, set }: { label: string; options: [string, string][]; value: string; set(value: string): void }) {
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map(([word, text]) => (
        <button type="button" key={word} aria-pressed={word === value} onClick={() => set(word)}>{text}</button>
      ))}
    </div>
  );
}

/** The frame of a control: its name, what it holds, help, reset. */
export function Frame({ row, value, set, error, children, inline, id }: {
  row: Row; value?: string; set(value: undefined): void; error?: string; children: preact.ComponentChildren; inline?: boolean; id?: string;
}) {
  const [isHelp, help] = useState(false);
  const name = title(row.name);
  return (
    <div class={`field${value === undefined ? '' : ' is-set'}${error ? ' is-wrong' : ''}${inline ? ' is-inline' : ''}`} data-edit={row.name}>
      <div class="field-head">
        {id ? <label for={id}>{name}</label> : <span class="label">{name}</span>}
        <button type="button" class="help" aria-label={`Help: ${name}`} aria-expanded={isHelp} onClick={() => help(!isHelp)}>?</button>
        {value !== undefined && <button type="button" class="reset" aria-label={`Reset ${name}`} title="Reset" onClick={() => set(undefined)}>×</button>}
      </div>
      {isHelp && <p class="bubble"><b>{row.name}</b>{row.aliases.length > 0 && <>, or {row.aliases.join(', ')}</>}: {row.doc} <span class="quiet">Expected: {row.expected}.</span></p>}
      <div class="field-body">{children}</div>
      {error && <p class="wrong">{error}</p>}
    </div>
  );
}

/** Slider and number together. */
export function Ranged({ row, value, set, drag, id, by = step(row), standing }: FieldProps & { id: string; by?: number; standing?: number }) {
  const [least, most] = useful(row) ?? [0, 100];
  const [lowest, highest] = bounds(row) ?? [least, most];
  const number = Number(value ?? row.default ?? standing ?? least);
  return (
    <>
      <Slider label={`${title(row.name)}, slider`} value={Number.isFinite(number) ? number : least} least={least} most={most} by={by} set={set} drag={drag} />
      <NumberBox label={title(row.name)} id={id} value={value} placeholder={row.default ?? 'auto'} least={lowest} most={highest} by={by} set={set} />
    </>
  );
}
