// What is asked for: a key and parameters. It is the page's fragment, so that a page can be linked to, and has undo and redo.
import { useEffect, useState } from 'preact/hooks';
import { keyPath, decoded, query, readQuery } from './query.ts';
import type { Params } from './table.ts';

export interface Asked { key: string; params: Params; /** The token of a canonical path for what the native dialect has no parameter for. */ ops?: string }

type Listener = () => void;

export class Store {
  asked: Asked;
  /** Whether a control is being dragged: what follows is a preview. */
  isDragging = false;
  #past: Asked[] = [];
  #future: Asked[] = [];
  #listeners = new Set<Listener>();
  #lastGesture = '';
  #lastTime = 0;

  constructor(initial: Asked) {
    this.asked = readFragment(location.hash) ?? initial;
    this.#write();
    addEventListener('hashchange', () => {
      const said = readFragment(location.hash);
      if (said && fragment(said) !== fragment(this.asked)) this.go(said);
    });
  }

  /** One entry of the history for all changes of one gesture: a drag, or typing into one field. */
  set(params: Params, gesture = ''): void {
    this.go({ ...this.asked, params }, gesture);
  }

  change(name: string, value: string | undefined, gesture = name): void {
    const { [name]: _, ...rest } = this.asked.params;
    this.set(value === undefined ? rest : { ...rest, [name]: value }, gesture);
  }

  go(asked: Asked, gesture = ''): void {
    const now = Date.now();
    const isSame = gesture !== '' && gesture === this.#lastGesture && now - this.#lastTime < 1500;
    if (!isSame) {
      this.#past.push(this.asked);
      this.#future = [];
      if (this.#past.length > 200) this.#past.shift();
    }
    [this.#lastGesture, this.#lastTime] = [gesture, now];
    this.asked = asked;
    this.#write();
    this.#tell();
  }

  drag(isDragging: boolean): void {
    if (this.isDragging === isDragging) return;
    this.isDragging = isDragging;
    if (!isDragging) this.#lastGesture = '';
    this.#tell();
  }

  undo = (): void => this.#move(this.#past, this.#future);
  redo = (): void => this.#move(this.#future, this.#past);
  get canUndo(): boolean { return this.#past.length > 0; }
  get canRedo(): boolean { return this.#future.length > 0; }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #move(from: Asked[], to: Asked[]): void {
    const asked = from.pop();
    if (!asked) return;
    to.push(this.asked);
    this.asked = asked;
    this.#lastGesture = '';
    this.#write();
    this.#tell();
  }

  #write(): void {
    history.replaceState(null, '', fragment(this.asked));
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function fragment({ key, params, ops }: Asked): string {
  const text = [query(params), ops && `~ops=${ops}`].filter(Boolean).join('&');
  return `#${keyPath(key)}${text && `?${text}`}`;
}

function readFragment(text: string): Asked | undefined {
  if (!text.startsWith('#/') || text.length < 3) return undefined;
  const [path = '', rest = ''] = text.slice(2).split(/\?(.*)/s);
  const ops = /(?:^|&)~ops=([^&]+)/.exec(rest)?.[1];
  return { key: path.split('/').map(decoded).join('/'), params: readQuery(rest), ops };
}

/** Draws a component anew when something that it shows has changed. */
export function useChanges(source: { subscribe(listener: () => void): () => void }): void {
  const [, draw] = useState(0);
  useEffect(() => source.subscribe(() => draw((n) => n + 1)), [source]);
}
