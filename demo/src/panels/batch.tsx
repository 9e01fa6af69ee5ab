// Many pictures, one set of edits: made here by as many workers as the machine has processors to spare, then a zip.
import { useRef, useState } from 'preact/hooks';
import { Engine } from '../engine.ts';
import { HERE } from '../engine-types.ts';
import { bytes, ms } from '../format.ts';
import { ACCEPT, headerOf } from '../pictures.ts';
import { query } from '../query.ts';
import type { Site } from '../site.ts';
import type { Store } from '../store.ts';
import { distinct, zip } from '../zip.ts';

interface Job { name: string; file: File; state: string; after?: Uint8Array<ArrayBuffer>; type?: string; time?: number }

const EXTENSIONS: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'image/gif': 'gif', 'image/avif': 'avif', 'image/tiff': 'tif', 'image/jxl': 'jxl' };

export function Batch({ store, site }: { store: Store; site: Site }) {
  const [jobs, setJobs] = useState<Job[]>([]);
  const [isRunning, run] = useState(false);
  const stop = useRef<() => void>(() => {});
  const input = useRef<HTMLInputElement>(null);
  const start = async (files: File[]) => {
    stop.current();
    const list: Job[] = files.slice(0, 500).map((file) => ({ name: file.name, file, state: 'waits' }));
    setJobs(list);
    run(true);
    const config = Promise.resolve(JSON.stringify(site.config));
    const engines = Array.from({ length: Math.max(1, Math.min(6, list.length, (navigator.hardwareConcurrency || 2) - 1)) }, () => new Engine(config));
    let isStopped = false;
    stop.current = () => { isStopped = true; for (const engine of engines) engine.close(); run(false); };
    const text = query(store.asked.params);
    let next = 0;
    const work = async (engine: Engine) => {
      while (next < list.length && !isStopped) {
        const job = list[next++]!;
        job.state = 'is made';
        setJobs([...list]);
        try {
          await engine.call('give', `${HERE}batch`, new Uint8Array(await job.file.arrayBuffer()));
          const made = await engine.call('make', { path: `/${HERE}batch`, query: text, accept: ACCEPT });
          const type = headerOf(made.headers, 'content-type') ?? '';
          if (made.status === 200 && !made.about) job.state = 'is no picture';
          else if (made.status === 200) Object.assign(job, { state: 'done', after: made.bytes, type, time: made.milliseconds });
          else job.state = JSON.parse(new TextDecoder().decode(made.bytes)).message;
        } catch (error) {
          job.state = (error as Error).message;
        }
        setJobs([...list]);
      }
    };
    await Promise.all(engines.map(work));
    if (!isStopped) stop.current();
  };
  const done = jobs.filter((job) => job.after);
  const [before, after] = [done.reduce((sum, job) => sum + job.file.size, 0), done.reduce((sum, job) => sum + job.after!.length, 0)];
  const save = () => {
    const names = distinct(done.map((job) => job.name.replace(/\.[^.]*$/, '') + '.' + (EXTENSIONS[job.type ?? ''] ?? 'bin')));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(zip(done.map((job, index) => ({ name: names[index]!, bytes: job.after! }))));
    link.download = 'deckle.zip';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <div class="panel-body">
      <p class="quiet">The edits of now, done to many pictures in this browser. Nothing is uploaded.</p>
      <div class="pair">
        <input ref={input} type="file" multiple accept="image/*" class="sr" tabIndex={-1} aria-label="Many pictures" onChange={(event) => { void start([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ''; }} />
        <button type="button" class="button" onClick={() => input.current?.click()}>Choose pictures</button>
        {isRunning && <button type="button" class="button is-plain" onClick={() => stop.current()}>Stop</button>}
        {done.length > 0 && !isRunning && <button type="button" class="button is-plain" onClick={save}>Save {done.length} as a zip</button>}
        {done.length > 0 && <p role="status"><b>{bytes(before)}</b> → <b>{bytes(after)}</b>, {Math.round((1 - after / before) * 100)} % saved</p>}
      </div>
      {jobs.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Pictures and what became of them">
          <table class="facts"><thead><tr><th scope="col">Picture</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Saved</th><th scope="col">Time</th><th scope="col">State</th></tr></thead>
            <tbody>{jobs.map((job, index) => <tr key={index}><th scope="row">{job.name}</th><td>{bytes(job.file.size)}</td><td>{job.after ? bytes(job.after.length) : ''}</td><td>{job.after ? `${Math.round((1 - job.after.length / job.file.size) * 100)} %` : ''}</td><td>{job.time ? ms(job.time) : ''}</td><td>{job.state}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </div>
  );
}
