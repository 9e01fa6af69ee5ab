// One control for one row of the table, by the row's kind. A kind that has no control of its own gets a text box.
import { Choice, Frame, NumberBox, Ranged, Slider, TextBox, useId, type FieldProps } from './common.tsx';
import { ColourField, ColoursField } from './colour.tsx';
import { LaidList, PlaceGrid } from './lists.tsx';
import { title } from '../table.ts';

const EXAMPLES: Record<string, [string, string][]> = {
  linear: [['Brighter', '1.15,10'], ['Flatter', '0.7,40'], ['Warm', '1.1,1,0.85,0,0,0']],
  recomb: [['Warm', '1.1,0.1,0,0,1,0,0,0,0.8'], ['Swap red and blue', '0,0,1,0,1,0,1,0,0'], ['Old film', '0.39,0.77,0.19,0.35,0.69,0.17,0.27,0.53,0.13']],
  convolve: [['Edges', '-1,-1,-1,-1,8,-1,-1,-1,-1'], ['Emboss', '-2,-1,0,-1,1,1,0,1,2'], ['Soften', '1,2,1,2,4,2,1,2,1']],
  clahe: [['Fine', '40,40'], ['Broad', '160,160'], ['Strong', '60,60,8']],
  ar: [['1:1', '1x1'], ['4:3', '4x3'], ['3:2', '3x2'], ['16:9', '16x9'], ['1.91:1', '1.91x1'], ['9:16', '9x16']],
  pad: [['None', '0'], ['20', '20'], ['Polaroid', '24,24,96,24']],
  trim: [['10', '10'], ['40', '40'], ['White', '20,ffffff']],
  crop: [['Middle', '0.25,0.25,0.5,0.5'], ['Left half', '0.0,0.0,0.5,1.0'], ['Right half', '0.5,0.0,0.5,1.0']],
};

export function Field(props: FieldProps & { error?: string }) {
  const { row, value, set, error } = props;
  const id = useId();
  const isWhole = ['flag'].includes(row.kind);
  const isLabelled = !isWhole && !['word', 'overlays', 'lettering', 'position'].includes(row.kind) || (row.kind === 'word' && (row.words?.length ?? 0) > 5);
  return (
    <Frame row={row} value={value} set={set} error={error} inline={isWhole} id={isLabelled || isWhole ? id : undefined}>
      <Body {...props} id={id} />
    </Frame>
  );
}

function Body(props: FieldProps & { id: string }) {
  const { row, value, set, id, drag } = props;
  const name = title(row.name);
  const examples = EXAMPLES[row.name] && <Examples name={name} list={EXAMPLES[row.name]!} value={value} set={set} />;
  switch (row.kind) {
    case 'quality': {
      const isNumber = value === undefined || /^\d+$/.test(value);
      return <><Ranged {...props} value={isNumber ? value : undefined} id={id} standing={80} /><Examples name={name} list={[['Auto', 'auto'], ...(row.words ?? []).map(([word]): [string, string] => [title(word), word])]} value={value} set={set} /></>;
    }
    case 'integer':
    case 'decimal':
      if (row.name === 'max-bytes') return <><NumberBox label={name} id={id} value={value} placeholder="no limit" least={1} by={1} set={set} /><Examples name={name} list={[['20 kB', '20000'], ['50 kB', '50000'], ['100 kB', '100000']]} value={value} set={set} /></>;
      return <Ranged {...props} id={id} standing={row.name === 'effort' ? 4 : undefined} />;
    case 'angle':
      return (
        <>
          <Slider label={`${name}, slider`} value={Number(value ?? 0)} least={-180} most={180} by={1} set={set} drag={drag} />
          <NumberBox label={name} id={id} value={value} placeholder="0" least={-360} most={360} set={set} />
          <Examples name={name} list={[['−90°', '-90'], ['90°', '90'], ['180°', '180']]} value={value} set={set} />
        </>
      );
    case 'flag':
      return <input type="checkbox" class="switch" role="switch" id={id} checked={value !== undefined && !/^(0|false|no|off)$/.test(value)} onChange={(event) => set(event.currentTarget.checked ? '1' : undefined)} />;
    case 'word': {
      // the stage shows pictures: facts and placeholders are for programs
      const words = (row.words ?? []).filter(([word]) => row.name !== 'format' || !['json', 'thumbhash', 'blurhash', 'avgcolor'].includes(word));
      const options: [string, string][] = words.map(([word]) => [word, word === 'bw' ? 'B & W' : word === '420' ? '4:2:0' : word === '444' ? '4:4:4' : /^(jpeg|png|webp|gif|avif|tiff|jxl|bmp|ico)$/.test(word) ? word.toUpperCase() : title(word)]);
      if (row.name === 'format') options.unshift(['', 'As source'], ['auto', 'Auto']);
      else if (!row.default) options.unshift(['', 'None']);
      if (options.length > 7) return <select class="box" id={id} value={value ?? row.default ?? ''} onChange={(event) => set(event.currentTarget.value || undefined)}>{options.map(([word, text]) => <option key={word} value={word}>{text}</option>)}</select>;
      return <Choice label={name} options={options} value={value ?? row.default ?? ''} set={(word) => set(word === '' || word === row.default ? undefined : word)} />;
    }
    case 'name':
      return (
        <select class="box" id={id} value={value ?? ''} onChange={(event) => set(event.currentTarget.value || undefined)}>
          <option value="">None</option>
          {[...new Set([...props.presets, ...(value ? [value] : [])])].map((preset) => <option key={preset}>{preset}</option>)}
        </select>
      );
    case 'numbers':
      if (row.counts?.[0] === 1) {
        if (row.counts.length === 1) return <Ranged {...props} id={id} by={1} />;
        if (row.name === 'sharpen') return <Ranged {...props} id={id} standing={1} value={value?.includes(',') ? undefined : value} />;
      }
      return <><TextBox label={name} id={id} value={value} placeholder={`${row.counts?.join(' or ')} numbers`} set={set} />{examples}</>;
    case 'colour':
      return <ColourField {...props} />;
    case 'colours':
      return <ColoursField {...props} />;
    case 'rectangle':
      return (
        <>
          <TextBox label={name} id={id} value={value} placeholder="x,y,width,height" set={set} />
          <button type="button" class="add" onClick={props.place}>Draw on the picture</button>
          {examples}
        </>
      );
    case 'position':
      return (
        <div class="pair">
          <PlaceGrid label={name} value={value ?? row.default ?? undefined} set={(place) => set(place === row.default ? undefined : place)} />
          <div class="stack">
            {(row.words ?? []).filter(([word]) => ['attention', 'entropy'].includes(word)).map(([word]) => <button type="button" class="chip" key={word} aria-pressed={value === word} onClick={() => set(word)}>{title(word)}</button>)}
            <button type="button" class="chip" aria-pressed={/^[\d.]+[,x]/.test(value ?? '')} onClick={props.place}>Point on the picture</button>
          </div>
        </div>
      );
    case 'radius':
      return (
        <>
          <Slider label={`${name}, slider`} value={value === 'max' ? 300 : Number(value ?? 0)} least={0} most={300} by={1} set={(number) => set(number === '0' ? undefined : number)} drag={drag} />
          <TextBox label={name} id={id} value={value} placeholder="0" set={set} />
          <Examples name={name} list={[['Soft', '24'], ['Circle', 'max']]} value={value} set={set} />
        </>
      );
    case 'overlays':
    case 'lettering':
      return <LaidList {...props} />;
    default:
      return <><TextBox label={name} id={id} value={value} placeholder={row.default ?? row.kind} set={set} />{examples}</>;
  }
}

function Examples({ name, list, value, set }: { name: string; list: [string, string][]; value?: string; set(value: string): void }) {
  return <div class="examples">{list.map(([text, example]) => <button type="button" class="chip" key={text} aria-label={`${name}: ${text}`} aria-pressed={value === example} onClick={() => set(example)}>{text}</button>)}</div>;
}
