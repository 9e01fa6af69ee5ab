// What each device and browser is sent: the configuration's caps, `format=auto`, and what a `srcset` has a device pick.
import { useEffect, useState } from 'preact/hooks';
import type { Engine } from '../engine.ts';
import { bytes } from '../format.ts';
import { ask, type Pictures } from '../pictures.ts';
import { keyPath, query, urlOf } from '../query.ts';
import type { Site } from '../site.ts';
import type { Store } from '../store.ts';
import { atWidth, WIDTHS } from './snippets.tsx';

/** Widths in CSS pixels. */
const DEVICES: { name: string; kind: string; width: number; dpr: number }[] = [
  { name: 'Phone, small', kind: 'mobile', width: 360, dpr: 2 }, { name: 'Phone, large', kind: 'mobile', width: 430, dpr: 3 }, { name: 'Tablet', kind: 'tablet', width: 820, dpr: 2 },
  { name: 'Laptop', kind: 'desktop', width: 1280, dpr: 2 }, { name: 'Monitor', kind: 'desktop', width: 1920, dpr: 1 },
];
const BROWSERS: [string, string][] = [
  ['Chrome', 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8'], ['Firefox', 'image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5'],
  ['Safari', 'image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5'], ['An old one', 'image/png,image/*;q=0.8,*/*;q=0.5'],
];

interface Cell { path: string; bytes: number; type: string }

export function Devices({ store, pictures, hands, site }: { store: Store; pictures: Pictures; hands: Engine; site: Site }) {
  const { key, params } = store.asked;
  const [cells, setCells] = useState<Record<string, Cell>>({});
  const [shown, setShown] = useState(390);
  const { 'device-type': _, format: __, dpr: ___, ...rest } = params;
  // a format that is asked for would be the same everywhere
  const asked = { ...rest, format: 'auto' };
  const wanted = (device: { width: number; dpr: number }) => WIDTHS.find((width) => width >= device.width * device.dpr) ?? WIDTHS.at(-1)!;
  useEffect(() => {
    let isCurrent = true;
    const seen = new Map<string, Cell>();
    const fill = async () => {
      setCells({});
      for (const device of DEVICES) {
        for (const [browser, accept] of BROWSERS) {
          const text = query({ ...atWidth(asked, wanted(device)), 'device-type': device.kind });
          const said = await hands.call('canonical', keyPath(key), text, accept, device.kind).catch(() => undefined);
          if (!isCurrent || !said || 'error' in said) return;
          let cell = seen.get(said.path);
          if (!cell) {
            const made = await hands.call('make', { path: keyPath(key), query: text, accept, device: device.kind });
            cell = { path: said.path, bytes: made.bytes.length, type: made.about?.format ?? String(made.status) };
            seen.set(said.path, cell);
          }
          if (!isCurrent) return;
          setCells((before) => ({ ...before, [`${device.name} ${browser}`]: cell! }));
        }
      }
    };
    const timer = setTimeout(() => void fill(), 300);
    return () => { isCurrent = false; clearTimeout(timer); };
  }, [key, query(params)]);
  const all = new Set(Object.values(cells).map((cell) => cell.path));
  return (
    <div class="panel-body">
      <div class="scroll" tabIndex={0} role="region" aria-label="Devices and browsers">
        <table class="matrix">
          <thead><tr><th scope="col">Device</th>{BROWSERS.map(([name]) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
          <tbody>
            {DEVICES.map((device) => (
              <tr key={device.name}>
                <th scope="row">{device.name}<span class="quiet small">{device.width} px × {device.dpr}, srcset picks {wanted(device)}w</span></th>
                {BROWSERS.map(([browser]) => {
                  const cell = cells[`${device.name} ${browser}`];
                  return <td key={browser} title={cell?.path}>{cell ? <><b>{bytes(cell.bytes)}</b> <span class="quiet">{cell.type}, {/^\/(?:\d+h)?(\d+)w/.exec(cell.path)?.[1] ?? 'as is'}</span></> : '…'}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet small">{all.size} objects are made, stored and cached for all of them, by <code>format=auto</code>{site.config.devices ? ', and the caps of the configuration: ' + Object.entries(site.config.devices).map(([kind, width]) => `${kind} ${width} px`).join(', ') : ''}.</p>
      <h3>A page at {shown} pixels</h3>
      <input type="range" class="slider" aria-label="Width of the simulated page" min={280} max={1400} step={10} value={shown} style={`--share:${((shown - 280) / 1120) * 100}%`} onInput={(event) => setShown(event.currentTarget.valueAsNumber)} />
      <Simulated store={store} pictures={pictures} width={shown} />
    </div>
  );
}

/** The picture as an `<img srcset>` of such a page would load it on this screen. */
function Simulated({ store, pictures, width }: { store: Store; pictures: Pictures; width: number }) {
  const dpr = window.devicePixelRatio || 1;
  const pick = WIDTHS.find((candidate) => candidate >= width * dpr) ?? WIDTHS.at(-1)!;
  const { key, params } = store.asked;
  const url = urlOf(key, atWidth(params, pick));
  const [size, setSize] = useState<{ url: string; bytes: number; src: string }>();
  useEffect(() => {
    let isCurrent = true;
    const load = async () => {
      const [path = '', text = ''] = url.split(/\?(.*)/s);
      const made = pictures.isHere ? await pictures.hands.call('make', { path, query: text }) : await ask(url);
      if (isCurrent && made.status === 200) setSize({ url, bytes: made.bytes.length, src: URL.createObjectURL(new Blob([made.bytes])) });
    };
    const timer = setTimeout(() => void load().catch(() => {}), 150);
    return () => { isCurrent = false; clearTimeout(timer); };
  }, [url]);
  useEffect(() => () => { if (size) URL.revokeObjectURL(size.src); }, [size]);
  return (
    <>
      <p class="quiet small">At a pixel ratio of {dpr} this takes <b>{pick}w</b>{size?.url === url ? <>, {bytes(size.bytes)}</> : null}.</p>
      <div class="device" style={`max-width:${width}px`}>{size && <img src={size.src} alt="The picture on a page of this width" />}</div>
    </>
  );
}
