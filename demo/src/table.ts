// The table of edits, the same that the parser, the CloudFront Function and the README are made from.
import table from '../../core/edits.json';

export interface Row {
  name: string;
  aliases: string[];
  kind: string;
  doc: string;
  expected: string;
  default: string | null;
  place: string;
  min?: number;
  max?: number;
  places?: number;
  count?: number;
  most?: number;
  counts?: number[];
  bounds?: [number, number][];
  words?: [string, string[]][];
  names?: [string, string][];
}

export const ROWS = table.rows as unknown as Row[];
export const rowOf = (name: string): Row | undefined => ROWS.find((row) => row.name === name);

export type Params = Record<string, string>;

/** The members of `edits` are the other rows, so it has no control of its own. */
export const isControl = (row: Row): boolean => row.kind !== 'json';

const STARTS: [string, string][] = [['Size', 'width'], ['Crop and place', 'trim'], ['Turn', 'rotate'], ['Colour', 'normalise'], ['Filters', 'threshold'], ['Canvas', 'unflatten'], ['Overlay and text', 'overlay'], ['Output', 'format']];

export interface Group { title: string; rows: Row[] }

/** In the table's order: a group begins with the row that is named for it, so that a new row falls into the group of those before it. */
export const GROUPS: Group[] = ROWS.filter(isControl).reduce<Group[]>((groups, row) => {
  const title = STARTS.find(([, first]) => first === row.name)?.[0];
  if (title || groups.length === 0) groups.push({ title: title ?? 'Edits', rows: [] });
  groups.at(-1)!.rows.push(row);
  return groups;
}, []);

/** Bounds in the unit of the value: decimals stand in ten-thousandths in the table. */
export function bounds(row: Row): [number, number] | undefined {
  const unit = row.kind === 'decimal' || row.kind === 'numbers' || row.kind === 'ratio' ? 10_000 : 1;
  const [least, most] = row.bounds?.[0] ?? [row.min, row.max];
  return least === undefined || most === undefined ? undefined : [least / unit, most / unit];
}

/** What a slider covers: the part of the range that is of use, where that is much smaller. */
const USEFUL: Record<string, [number, number]> = {
  width: [16, 2400], height: [16, 2400], dpr: [0.5, 4], blur: [0.3, 40], pixelate: [2, 80], median: [2, 25], zoom: [1, 8], gamma: [0.2, 4], contrast: [0, 3],
  brightness: [0, 3], saturation: [0, 3], sharpen: [0.3, 6], radius: [0, 300],
};
export const useful = (row: Row): [number, number] | undefined => USEFUL[row.name] ?? bounds(row);

export const step = (row: Row): number => (row.kind === 'integer' || row.kind === 'quality' || (row.bounds && row.places === 0) ? 1 : row.max === 10_000 ? 0.01 : 0.05);

export const title = (name: string): string => {
  const words: Record<string, string> = { ar: 'Aspect ratio', dpr: 'Pixel ratio (dpr)', bw: 'Black and white', dimensions: 'Preset', 'max-bytes': 'At most so many bytes', clahe: 'Local contrast (clahe)', recomb: 'Recombine', pad: 'Padding', trim: 'Trim', effort: 'Effort' };
  return words[name] ?? name[0]!.toUpperCase() + name.slice(1).replaceAll('-', ' ');
};
