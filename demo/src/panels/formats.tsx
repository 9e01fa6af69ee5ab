// The picture in each format, at qualities that look alike: the score of each is brought to that of a JPEG of the asked quality.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Engine } from '../engine.ts';
import { bytes, ms } from '../format.ts';
import { ACCEPT, objectUrl, type Pictures } from '../pictures.ts';
import { frameQuery } from '../preview.ts';
import { keyPath, query } from '../query.ts';
import type { Site } from '../site.ts';
import type { Store } from '../store.ts';
import { rowOf, type Params } from '../table.ts';

interface Cell { format: string; quality: number; bytes: number; score: number; time: number; url: string }
interface Point { quality: number; bytes: number; score: number }

/** Who shows it, of the browsers in use in 2026 (caniuse and others, which differ by two points). */
const SHOWN: Record<string, string> = { jpeg: 'every browser', png: 'every browser', webp: '96 % of browsers', avif: '94 % of browsers', jxl: '17 % of browsers' };

export function Formats({ store, pictures, site }: { store: Store; pictures: Pictures; site: Site }) {
  const [cells, setCells] = useState<Cell[]>([]);
  const [curve, setCurve] = useState<Point[]>([]);
  const [state, setState] = useState('');
  const running = useRef<Engine | undefined>(undefined);
  const { key, params } = store.asked;
  useEffect(() => () => running.current?.close(), []);
  const compare = async () => {
    running.current?.close();
    const engine = new Engine(Promise.resolve(JSON.stringify({ ...site.config, variants: undefined })));
    running.current = engine;
    setCells([]);
    setCurve([]);
    setState('making the picture without loss…');
    try {
      const loaded = pictures.isHere ? await pictures.hands.call('bytesOf', key) : undefined;
      if (loaded) await engine.call('give', key, loaded);
      const { quality: asked = '80', format, lossless: _, 'max-bytes': __, ...rest } = params;
      const make = (text: string) => engine.call('make', { path: keyPath(key), query: text, accept: ACCEPT });
      const whole = await make(query({ ...rest, format: 'png' }) || frameQuery(params));
      if (whole.status !== 200) throw new Error(JSON.parse(new TextDecoder().decode(whole.bytes)).message);
      const encode = async (edits: Params): Promise<Cell> => {
        const made = await make(query({ ...rest, ...edits }));
        if (made.status !== 200) throw new Error(JSON.parse(new TextDecoder().decode(made.bytes)).message);
        const score = await engine.call('score', whole.bytes.slice(), made.bytes.slice());
        return { format: edits.format!, quality: Number(edits.quality), bytes: made.bytes.length, score, time: made.milliseconds, url: objectUrl(made) };
      };
      const formats = (rowOf('format')?.words ?? []).map(([word]) => word).filter((word) => ['jpeg', 'webp', 'avif', 'jxl'].includes(word));
      const first = await encode({ format: 'jpeg', quality: asked });
      setCells([first]);
      for (const name of formats.filter((word) => word !== 'jpeg')) {
        setState(`looking for the quality of ${name.toUpperCase()} that looks the same…`);
        let [low, high] = [5, 100];
        let best: Cell | undefined;
        // the least quality whose score is not below
        while (low < high) {
          const middle = (low + high) >> 1;
          const cell = await encode({ format: name, quality: String(middle) });
          if (cell.score >= first.score - 0.02) { if (best) URL.revokeObjectURL(best.url); best = cell; high = middle; } else { URL.revokeObjectURL(cell.url); low = middle + 1; }
        }
        best ??= await encode({ format: name, quality: '100' });
        setCells((before) => [...before, best!]);
      }
      const of = format && formats.includes(format) ? format : 'jpeg';
      setState(`the curve of ${of.toUpperCase()}…`);
      for (const quality of [30, 40, 50, 60, 70, 80, 90, 95]) {
        const cell = await encode({ format: of, quality: String(quality) });
        URL.revokeObjectURL(cell.url);
        setCurve((before) => [...before, { quality, bytes: cell.bytes, score: cell.score }]);
      }
      setState('');
    } catch (error) {
      if (running.current === engine) setState((error as Error).message);
    } finally {
      engine.close();
    }
  };
  const most = Math.max(1, ...cells.map((cell) => cell.bytes));
  return (
    <div class="panel-body">
      <div class="pair"><button type="button" class="button" onClick={() => void compare()}>Compare formats</button><p class="quiet" role="status">{state || 'Each format at the quality that scores like the JPEG of the asked one (80 without).'}</p></div>
      <ul class="formats">
        {cells.map((cell) => (
          <li key={cell.format}>
            <img src={cell.url} alt={`As ${cell.format}`} />
            <h3>{cell.format.toUpperCase()} <span class="quiet">quality {cell.quality}</span></h3>
            <p><b>{bytes(cell.bytes)}</b> <span class="quiet">{cell === cells[0] ? '' : cell.bytes > cells[0]!.bytes ? `${Math.round((cell.bytes / cells[0]!.bytes - 1) * 100)} % larger` : `${Math.round((1 - cell.bytes / cells[0]!.bytes) * 100)} % smaller`}</span></p>
            <span class="bar"><i style={`width:${(cell.bytes / most) * 100}%`} /></span>
            <p class="quiet small">score {cell.score.toFixed(2)} · {ms(cell.time)} · {SHOWN[cell.format] ?? ''}</p>
            <button type="button" class="add" onClick={() => store.set({ ...params, format: cell.format, quality: String(cell.quality) })}>Use it</button>
          </li>
        ))}
      </ul>
      {curve.length > 1 && <Curve points={curve} take={(quality) => store.set({ ...params, quality: String(quality) })} />}
      <p class="quiet small">The score is MS-SSIM of luma (Wang, Simoncelli, Bovik 2003) times 100, against the same picture without loss. 100 is no difference.</p>
    </div>
  );
}

/** Bytes against score; a press takes the quality. */
function Curve({ points, take }: { points: Point[]; take(quality: number): void }) {
  const [width, height, pad] = [620, 220, 44];
  const [low, high] = [Math.min(...points.map((p) => p.score)), Math.max(...points.map((p) => p.score))];
  const most = Math.max(...points.map((p) => p.bytes));
  const x = (n: number) => pad + (n / most) * (width - 2 * pad);
  const y = (n: number) => height - pad + 10 - ((n - low) / Math.max(0.01, high - low)) * (height - 2 * pad + 20);
  return (
    <figure class="curve">
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label="Bytes and score by quality">
        <path d={points.map((p, i) => `${i ? 'L' : 'M'}${x(p.bytes)} ${y(p.score)}`).join('')} fill="none" stroke="var(--accent)" stroke-width="2" />
        {points.map((p) => (
          <g key={p.quality} role="button" tabIndex={0} aria-label={`Quality ${p.quality}: ${bytes(p.bytes)}, score ${p.score.toFixed(2)}`} onClick={() => take(p.quality)} onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); take(p.quality); } }}>
            <circle cx={x(p.bytes)} cy={y(p.score)} r="14" fill="transparent" />
            <circle cx={x(p.bytes)} cy={y(p.score)} r="5" fill="var(--sheet)" stroke="var(--accent)" stroke-width="2" />
            <text x={x(p.bytes)} y={y(p.score) - 11} text-anchor="middle" font-size="11" fill="var(--ink)">{p.quality}</text>
          </g>
        ))}
        <text x={pad} y={height - 8} font-size="11" fill="var(--quiet)">0 B</text>
        <text x={width - pad} y={height - 8} text-anchor="end" font-size="11" fill="var(--quiet)">{bytes(most)}</text>
      </svg>
      <figcaption class="quiet small">Quality, by bytes and score. Press a point to take it.</figcaption>
    </figure>
  );
}
