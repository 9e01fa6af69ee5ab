import { useState } from 'preact/hooks';

export function Copy({ text, label }: { text: string; label: string }) {
  const [isDone, done] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    done(true);
    setTimeout(() => done(false), 1500);
  };
  return <button type="button" class="icon-button" aria-label={label} title={isDone ? 'Copied' : 'Copy'} onClick={(event) => { event.preventDefault(); void copy(); }}>{isDone ? <Tick /> : <Sheets />}</button>;
}

const Tick = () => <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true"><path d="M3 8.5l3.2 3L13 4.5" /></svg>;
const Sheets = () => <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.4" aria-hidden="true"><rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M10.5 3.5v-.4c0-.4-.3-.6-.6-.6H3.1c-.3 0-.6.2-.6.6v6.8c0 .3.3.6.6.6h.4" /></svg>;
