// Looks and sizes that are a press away: those of the configuration, and some that show what can be said.
import { useEffect, useState } from 'preact/hooks';
import type { Engine } from '../engine.ts';
import { copyPath } from '../preview.ts';
import { ACCEPT, objectUrl, type Pictures } from '../pictures.ts';
import { readQuery } from '../query.ts';
import type { Site } from '../site.ts';
import type { Store } from '../store.ts';

const LOOKS: [string, string][] = [
  ['Avatar', 'width=400&height=400&fit=cover&position=attention&radius=max&format=webp'],
  ['Twitter card', 'width=1200&height=628&fit=cover&position=attention'],
  ['Story', 'width=1080&height=1920&fit=cover&position=attention&quality=70'],
  ['Product on white', 'width=800&height=800&fit=contain&background=ffffff&pad=24'],
  ['Thumbnail', 'width=200&height=200&fit=cover&sharpen=1&quality=70'],
  ['Black and white', 'width=900&style=bw&contrast=1.15'],
  ['Duotone', 'width=900&duotone=1b2a49,f5d7a1'],
  ['Faded', 'width=900&saturation=0.6&contrast=0.85&lightness=6'],
  ['Golden hour', 'width=900&brightness=1.05&saturation=1.25&recomb=1.1,0.1,0,0,1,0,0,0,0.85'],
  ['Polaroid', 'width=640&height=640&fit=cover&pad=24,24,96,24&background=ffffff&saturation=0.85'],
  ['Placeholder', 'width=900&blur=30&quality=30&format=webp'],
  ['Pixelated', 'width=900&pixelate=18'],
  ['Caption', 'width=900&text=Made%20at%20the%20edge,bottom,size:9%25,outline:2'],
  ['50 kB at most', 'width=1600&max-bytes=50000&format=webp'],
];

export function Presets({ store, pictures, hands, site }: { store: Store; pictures: Pictures; hands: Engine; site: Site }) {
  const [shown, setShown] = useState<Record<string, string>>({});
  const configured = Object.entries(site.config.presets ?? {});
  const plain = (name: string) => name.toLowerCase().replaceAll('-', ' ');
  const all: [string, string][] = [...configured, ...LOOKS.filter(([name]) => !configured.some(([preset]) => plain(preset) === plain(name)))];
  const { source } = pictures;
  useEffect(() => {
    if (!source) return;
    let isCurrent = true;
    const urls: string[] = [];
    const show = async () => {
      for (const [name, text] of all) {
        if (!isCurrent) return;
        const params = readQuery(text);
        const height = params.height && params.width ? `&height=${Math.max(1, Math.round((Number(params.height) * 220) / Number(params.width)))}` : '';
        const looks = text.replace(/(^|&)(width|height|max-bytes|format|quality)=[^&]*/g, '').replace(/pad=[\d,]+/, (pad) => (pad.includes(',') ? 'pad=8,8,32,8' : 'pad=8')).replace('blur=30', 'blur=8').replace('pixelate=18', 'pixelate=6');
        const made = await hands.call('make', { path: copyPath(source.key), query: `width=220${height}${looks}`, accept: ACCEPT, preview: true }).catch(() => undefined);
        if (made?.status !== 200 || !isCurrent) continue;
        const url = objectUrl(made);
        urls.push(url);
        setShown((before) => ({ ...before, [name]: url }));
      }
    };
    void show();
    return () => { isCurrent = false; for (const url of urls) URL.revokeObjectURL(url); setShown({}); };
  }, [source?.key]);
  return (
    <div class="panel-body">
      <ul class="gallery">
        {all.map(([name, text]) => (
          <li key={name}>
            <button type="button" onClick={() => store.go({ key: store.asked.key, params: configured.some(([preset]) => preset === name) ? { dimensions: name } : readQuery(text) })}>
              <span class="thumb">{shown[name] && <img src={shown[name]} alt="" loading="lazy" />}</span>
              <span>{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
