// What is measured: one photo, one size; the ids are what results.json and JOBS speak of.

/** `height` means a cover crop; without it, the height follows the photo's shape. */
export const JOBS = [
  ...widths('10mp', [200, 400, 1200, 1920]),
  ...widths('6mp', [200, 400, 1200, 1920]),
  ...widths('24mp', [400, 1200]),
  ...widths('24mp-progressive', [400, 1200]),
  ...widths('100mp', [1200]),
  ...widths('12mp-progressive', [400]),
  { id: '10mp-cover-400', photo: '10mp', width: 400, height: 400 },
  { id: '10mp-grey-400', photo: '10mp', width: 400, grey: true },
  { id: 'png-400', photo: 'png', width: 400, format: 'png' },
  { id: '10mp-1200-webp', photo: '10mp', width: 1200, format: 'webp' },
  { id: '6mp-400-webp', photo: '6mp', width: 400, format: 'webp' },
];

/** Contenders in the order of the tables; each is a module of `contenders/`. */
export const CONTENDERS = ['deckle', 'deckle-workerd', 'sharp', 'wasm-vips', 'photon', 'jsquash'];

/** Jobs for a run of a few minutes: their photos need no rendering. */
const QUICK = ['10mp-400', '6mp-400', 'png-400'];

export const QUALITY = 80;

/** The word of JOBS for the patterns of `quality/`, which are no photo and no time. */
export const QUALITY_JOB = 'quality';

/** The word of JOBS for the edits of `edits/`, each against sharp's. */
export const EDITS_JOB = 'edits';
/** The word of JOBS for the rows of `formats/`. */
export const FORMATS_JOB = 'formats';

function widths(photo, list) {
  return list.map((width) => ({ id: `${photo}-${width}`, photo, width }));
}

/** The jobs that `JOBS` names: empty for all, `quick`, or ids. */
export function chooseJobs(words) {
  const names = words.flatMap((word) => (word === 'quick' ? QUICK : [word]));
  return choose('job', JOBS.map((job) => job.id), names).map((id) => JOBS.find((job) => job.id === id));
}

export const chooseContenders = (words) => choose('contender', CONTENDERS, words);

function choose(kind, known, names) {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length) throw new Error(`no such ${kind}: ${unknown.join(' ')}; there are ${known.join(' ')}`);
  return known.filter((name) => names.length === 0 || names.includes(name));
}

/** Width and height of what a job makes of a photo. */
export function outputSize(job, { width, height }) {
  return { width: job.width, height: job.height ?? Math.max(1, Math.round((job.width * height) / width)) };
}
