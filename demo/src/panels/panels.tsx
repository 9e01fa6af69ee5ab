import { useState } from 'preact/hooks';
import type { AppProps } from '../app.tsx';
import { Aws } from './aws.tsx';
import { Batch } from './batch.tsx';
import { Details } from './details.tsx';
import { Devices } from './devices.tsx';
import { Formats } from './formats.tsx';
import { Presets } from './presets.tsx';
import { UrlPanel } from './url-panel.tsx';

const TABS: [string, string, (props: AppProps) => preact.VNode][] = [
  ['url', 'URL', (props) => <UrlPanel {...props} />],
  ['presets', 'Presets', (props) => <Presets {...props} />],
  ['formats', 'Formats', (props) => <Formats {...props} />],
  ['devices', 'Devices', (props) => <Devices {...props} />],
  ['details', 'Time, headers, memory', (props) => <Details {...props} />],
  ['batch', 'Many files', (props) => <Batch {...props} />],
  ['aws', 'AWS’s demo', (props) => <Aws {...props} />],
];

export function Panels(props: AppProps) {
  const [open, setOpen] = useState('url');
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const at = TABS.findIndex(([id]) => id === open);
    const next = TABS[(at + by + TABS.length) % TABS.length]![0];
    setOpen(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  const panel = TABS.find(([id]) => id === open) ?? TABS[0]!;
  return (
    <section class="panels" aria-label="More">
      <div class="tabs" role="tablist" aria-label="More of this picture" onKeyDown={move}>
        {TABS.map(([id, name]) => <button type="button" role="tab" id={`tab-${id}`} key={id} aria-selected={id === open} aria-controls="panel" tabIndex={id === open ? 0 : -1} onClick={() => setOpen(id)}>{name}</button>)}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby={`tab-${open}`} class="panel">{panel[2](props)}</div>
    </section>
  );
}
