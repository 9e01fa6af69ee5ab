// The controls of AWS's demo of the Serverless Image Handler, under their names. They write its request body; the wasm reads that, and
// the page's own controls follow.
import { useState } from 'preact/hooks';
import type { Engine } from '../engine.ts';
import { base64 } from '../query.ts';
import { readAny } from '../reading.ts';
import type { Site } from '../site.ts';
import type { Store } from '../store.ts';
import { Copy } from './copy.tsx';

const CHECKS = ['Grayscale', 'Flip', 'Flop', 'Negative', 'Flatten', 'Normalize', 'Smart Cropping'] as const;
const HELP: Record<string, string> = {
  RGB: 'A tint: red, green and blue from 0 to 255, such as 255, 0, 255.',
  'Smart Cropping': 'AWS asks Rekognition for faces. Where nothing detects them, Deckle keeps what draws the eye. It crops where the resize mode is cover.',
  'Request Body': 'The JSON that is sent as base64. Every member is an option of sharp’s.',
  'Encoded URL': 'The body in base64 behind the host. An edge reads it where `dialects` has `sih`.',
};

type Values = Record<string, string>;

const hex = (text: string) => {
  const found = /^#?([0-9a-f]{6})$/i.exec(text.trim())?.[1];
  return found && { r: parseInt(found.slice(0, 2), 16), g: parseInt(found.slice(2, 4), 16), b: parseInt(found.slice(4), 16), alpha: 1 };
};

export function bodyOf(bucket: string, key: string, values: Values): object {
  const edits: Record<string, unknown> = {};
  const resize: Record<string, unknown> = {};
  const on = (name: string) => values[name] === '1';
  const mode = values['Resize Mode'] ?? 'Disabled';
  if (mode !== 'Disabled') {
    if (values.Width) resize.width = Number(values.Width);
    if (values.Height) resize.height = Number(values.Height);
    resize.fit = mode;
    const fill = hex(values['Fill Color'] ?? '');
    if (fill) resize.background = fill;
    edits.resize = resize;
  }
  if (on('Flatten')) edits.flatten = { background: hex(values['Background Color'] ?? '') ?? { r: 0, g: 0, b: 0, alpha: 1 } };
  else if (hex(values['Background Color'] ?? '')) edits.flatten = { background: hex(values['Background Color']!) };
  if (on('Grayscale')) edits.grayscale = true;
  if (on('Flip')) edits.flip = true;
  if (on('Flop')) edits.flop = true;
  if (on('Negative')) edits.negate = true;
  if (on('Normalize')) edits.normalise = true;
  const rgb = values.RGB?.split(',').map(Number);
  if (rgb?.length === 3 && rgb.every((n) => n >= 0 && n <= 255)) edits.tint = { r: rgb[0], g: rgb[1], b: rgb[2] };
  if (on('Smart Cropping')) {
    const options = { ...(values['Focus Index'] && { faceIndex: Number(values['Focus Index']) }), ...(values['Crop Padding'] && { padding: Number(values['Crop Padding']) }) };
    edits.smartCrop = Object.keys(options).length > 0 ? options : true;
  }
  return { bucket, key, edits };
}

export function Aws({ store, mind, site }: { store: Store; mind: Engine; site: Site }) {
  const bucket = site.config.sih?.sourceBuckets?.[0] ?? 'deckle-source';
  const { key } = store.asked;
  const [values, setValues] = useState<Values>({});
  const [wrong, setWrong] = useState('');
  const body = bodyOf(bucket, key, values);
  const preview = async (next: Values) => {
    try {
      store.go(await readAny(JSON.stringify(bodyOf(bucket, key, next)), mind, store.asked), 'aws');
      setWrong('');
    } catch (error) {
      setWrong((error as Error).message);
    }
  };
  const set = (name: string, value: string) => {
    const next = { ...values, [name]: value };
    if (!value) delete next[name];
    setValues(next);
    void preview(next);
  };
  const number = (name: string, hint: string) => <Labelled name={name}><input class="box" type="number" min={0} placeholder={hint} value={values[name] ?? ''} aria-label={name} onInput={(event) => set(name, event.currentTarget.value)} /></Labelled>;
  const text = (name: string, hint: string) => <Labelled name={name}><input class="box" type="text" placeholder={hint} value={values[name] ?? ''} aria-label={name} onInput={(event) => set(name, event.currentTarget.value)} /></Labelled>;
  return (
    <div class="panel-body">
      <p class="quiet">The controls of AWS’s demo, under their names. The edits beside the picture follow.</p>
      <div class="columns">
        <section class="aws" aria-label="Editor">
          <h3>Editor</h3>
          <div class="aws-grid">
            {number('Width', '200')}
            {number('Height', '200')}
            <Labelled name="Resize Mode"><select class="box" aria-label="Resize Mode" value={values['Resize Mode'] ?? 'Disabled'} onChange={(event) => set('Resize Mode', event.currentTarget.value)}>{['Disabled', 'cover', 'contain', 'fill', 'inside', 'outside'].map((mode) => <option key={mode}>{mode}</option>)}</select></Labelled>
            {text('Fill Color', '#FF0000')}
            {text('Background Color', '#FF0000')}
            {text('RGB', '255, 0, 255')}
            {CHECKS.map((name) => <Labelled name={name} key={name}><input type="checkbox" class="switch" role="switch" aria-label={name} checked={values[name] === '1'} onChange={(event) => set(name, event.currentTarget.checked ? '1' : '')} /></Labelled>)}
            {number('Focus Index', '0')}
            {number('Crop Padding', '0')}
          </div>
          <div class="pair"><button type="button" class="button" onClick={() => void preview(values)}>Preview</button><button type="button" class="button is-plain" onClick={() => { setValues({}); store.go({ key, params: {} }); }}>Reset</button></div>
          {wrong && <p class="wrong" role="alert">{wrong}</p>}
        </section>
        <section>
          <Labelled name="Request Body"><div class="code"><pre tabIndex={0} aria-label="Request body">{JSON.stringify(body, null, 2)}</pre><Copy text={JSON.stringify(body, null, 2)} label="Copy the request body" /></div></Labelled>
          <Labelled name="Encoded URL"><div class="code"><pre tabIndex={0} class="wraps" aria-label="Encoded URL">{`/${base64(JSON.stringify(body))}`}</pre><Copy text={`${location.origin}/${base64(JSON.stringify(body))}`} label="Copy the encoded URL" /></div></Labelled>
        </section>
      </div>
    </div>
  );
}

function Labelled({ name, children }: { name: string; children: preact.ComponentChildren }) {
  const [isHelp, help] = useState(false);
  return (
    <div class="aws-field">
      <span class="label">{name}{HELP[name] && <button type="button" class="help" aria-label={`Help: ${name}`} aria-expanded={isHelp} onClick={() => help(!isHelp)}>?</button>}</span>
      {children}
      {isHelp && <p class="bubble">{HELP[name]}</p>}
    </div>
  );
}
