// results.json as RESULTS.md: nothing is in the second that is not in the first.

import { table as formatsTable } from './formats/report.mjs';
import { CONTENDERS } from './jobs.mjs';
import { BEHIND, LEAST, table as patternTable } from './quality/report.mjs';

const BENCH = '`make bench`';

/**
 * @param {object} results  the content of results.json
 * @param {object[]} [patterns]  the content of quality.json
 * @param {object} [edits]  the content of edits.json
 * @param {object} [formats]  the content of formats.json
 */
export function markdown(results, patterns, edits, formats) {
  const names = CONTENDERS.filter((name) => results.jobs.some((job) => job.contenders[name]));
  const figures = (title, text, cell, columns = names) => section(title, text, table(['job', ...columns], results.jobs.map((job) => (
    [job.id, ...columns.map((name) => (job.contenders[name] ? cell(job.contenders[name]) ?? '–' : ''))]
  ))));
  return [
    '# Results',
    `${BENCH} wrote this from \`results.json\`; [README.md](README.md) says what is measured and how to read it.`,
    results.note && `**${results.note}**`,
    machine(results),
    figures('Steady', 'Median ms of the rounds, and how many times sharp\'s median it is (under 1 is faster than sharp).', time),
    figures('Spread', 'First and third quartile of the rounds, in ms; how many rounds, where fewer than deckle\'s.', (c) => spread(c, results)),
    figures('Cold', 'Ms of the first call in a fresh process, the contender loaded and its wasm instantiated before; the ratio is to its own steady median. For `deckle-workerd`: the first transform request to a fresh workerd.', cold),
    figures('Cold, warmed up', 'The same after `warmUp()`, as the Worker and the Lambda function call it when they start; in brackets the ratio to the steady median; after the + the ms of `warmUp()` itself.', warmed, names.filter((name) => name.startsWith('deckle'))),
    figures('Loading', 'Ms from nothing loaded to ready for the first call: import, compile, instantiate (for `deckle-workerd`: starting workerd). Not in the figures above.', (c) => ms(c.instantiate_ms)),
    figures('Memory', 'MB that the wasm\'s linear memory grew to beyond the source, in a process that did this job once. sharp is native: in brackets, what its process grew by.', memory),
    figures('Bytes', 'Of the output; the sampling of chroma where it is not 4:2:0, and `p` where it is progressive.', bytes),
    figures('PSNR', 'dB over RGB against the float reference.', quality('psnr', 2)),
    figures('SSIM', 'Of luma against the float reference.', quality('ssim', 4)),
    formats && section('Formats', `Formats in and out, deckle in wasm and sharp native in one process, one thread each, taking turns: ms of the processor, all threads counted, median of ${formats.rounds} rounds after 4. A row names its source and what Deckle is asked; sharp is asked the same at its defaults.`, formatsTable(formats)),
    patterns && section('Patterns', `SSIM of reductions of JPEG files against a full decode and an exact Lanczos3. A reduction fails when it is more than ${BEHIND} below sharp's, or below ${LEAST}; a PNG of the same picture gets 0.99. A figure is followed by the factor where it was found.`, patternTable(patterns)),
    edits && section('Edits', editsText(edits), editsTable(edits)),
    section('Errors', '', errors(results)),
    section('Photos', '', photos(results)),
  ].filter(Boolean).join('\n\n') + '\n';
}

/** The short table that a run prints. */
export function summary(results) {
  const rows = results.jobs.flatMap((job) => Object.entries(job.contenders).map(([name, c]) => [
    job.id, name, ...(c.error ? [c.error.slice(0, 60)] : [ms(c.median_ms), c.ratio?.toFixed(2), ms(c.cold_ms), memory(c), c.bytes, c.psnr?.toFixed(2), c.ssim?.toFixed(4)]),
  ]));
  const heads = ['job', 'contender', 'ms', '÷ sharp', 'cold ms', 'MB', 'bytes', 'PSNR', 'SSIM'];
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.filter((row) => row.length > 3).map((row) => String(row[i] ?? '–').length)));
  return [heads, ...rows].map((row) => row.map((cell, i) => (i < 2 ? String(cell).padEnd(widths[i]) : String(cell ?? '–').padStart(widths[i]))).join('  ')).join('\n');
}

function machine({ machine: m, versions, settings }) {
  return [
    `- ${m.cpu}, ${m.cores} cores, ${m.memory_gb} GB, ${m.os}; ${m.date}; load before the run ${m.load_average}`,
    `- ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}`,
    `- ${settings.rounds} rounds after ${settings.warm_up} to warm up, taking turns in one process; cold: ${settings.colds.deckle} processes for deckle, ${settings.colds.others} for others`,
  ].join('\n');
}

const ms = (value) => (value == null ? '–' : value < 100 ? value.toFixed(1) : value.toFixed(0));
const failed = (c) => (c.error ? 'error' : null);
const time = (c) => failed(c) ?? `${ms(c.median_ms)}${c.ratio == null || c.ratio === 1 ? '' : ` (${c.ratio.toFixed(2)})`}`;
const cold = (c) => failed(c) ?? `${ms(c.cold_ms)}${c.cold_ratio == null ? '' : ` (${c.cold_ratio.toFixed(2)})`}`;
const warmed = (c) => failed(c) ?? `${ms(c.warmed_ms)} (${c.warmed_ratio?.toFixed(2) ?? '–'}) + ${ms(c.warm_up_ms)}`;
const quality = (key, digits) => (c) => failed(c) ?? c[key]?.toFixed(digits);

function spread(c, { settings }) {
  return failed(c) ?? `${c.spread_ms.map(ms).join('–')}${c.rounds < settings.rounds ? `, ${c.rounds} rounds` : ''}`;
}

function memory(c) {
  if (c.error) return 'error';
  if (c.memory_bytes != null) return (c.memory_bytes / 1e6).toFixed(1);
  return c.rss_bytes == null ? '–' : `(${(c.rss_bytes / 1e6).toFixed(0)})`;
}

function bytes(c) {
  if (c.error) return 'error';
  const marks = [c.sampling && !['4:2:0', '4:0:0'].includes(c.sampling) ? c.sampling : '', c.progressive ? 'p' : ''];
  return [c.bytes, ...marks].filter(Boolean).join(' ');
}

function errors({ jobs }) {
  const lines = jobs.flatMap((job) => Object.entries(job.contenders)
    .filter(([, { error, note }]) => error ?? note)
    .map(([name, { error, note }]) => `- ${job.id}, ${name}: ${error ?? note}`));
  return lines.join('\n') || 'None.';
}

function photos({ jobs }) {
  const list = [...new Map(jobs.map(({ photo }) => [photo.name, photo])).values()];
  return table(['photo', 'size', 'sampling', 'bytes', 'from'], list.map((p) => [
    p.name, `${p.width}×${p.height}`,
    [p.format, p.sampling, p.progressive && 'progressive', p.profile && 'ICC'].filter(Boolean).join(', '),
    p.bytes, `${p.origin}: ${p.from}`,
  ]));
}

const section = (title, text, body) => [`## ${title}`, text, body].filter(Boolean).join('\n\n');

function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, i) => (i ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

function editsText({ machine: m, versions, rounds, note }) {
  return `The whole request with an edit, of 10 MP to 1200 px as a JPEG of quality 80 where nothing else is said: ms of the processor, all threads together, medians of up to ${rounds} rounds taking turns in one process, deckle in wasm, sharp native with one thread. `
    + '`adds` is what the edit takes beside the same request without it, which is timed right before it. '
    + `${m.cpu}, ${m.cores} cores; ${m.date}; load before the run ${m.load_average}; deckle ${versions.deckle}, node ${versions.node}, sharp ${versions.sharp}.${note ? ` ${note}` : ''}`;
}

/** Each edit against sharp. */
export function editsTable({ rows }) {
  const cell = ({ group, query, source, by, error, deckle_ms: deckle, sharp_ms: sharp, adds }) => [
    query || 'nothing', group, [source === '10 MP' ? '' : source, by && `sharp: ${by}`].filter(Boolean).join('; '),
    ...(error ? [error, '', '', ''] : [ms(deckle), ms(sharp), (deckle / sharp).toFixed(2), adds == null ? '' : `${(100 * adds).toFixed(1)} %`]),
  ].map((text) => String(text).replaceAll('|', '\\|'));
  const heads = ['edit', 'of', '', 'deckle', 'sharp', 'ratio', 'adds'];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, i) => (i > 2 ? '---:' : '---'))), ...rows.map(cell).map(([query, ...rest]) => line([`\`${shortened(query)}\``, ...rest]))].join('\n');
}

/** Masks of many numbers are told by how many. */
function shortened(query) {
  const [name, values = ''] = query.split('=');
  const count = values.split(',').length;
  return count > 8 && /^[\d.,-]+$/.test(values) ? `${name}=…${count} numbers` : query;
}
