// From scores to what the core has of them: `core/src/quality/rows.rs`, and what comes of it on the corpus, to standard output.
//
//     node bench/scores/fit.mjs bench/scores/scores.jsonl core/src/quality/rows.rs

import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';

const TARGETS = { low: 60, medium: 68, high: 76, best: 84 };
/** No quality is asked of an encoder beyond these: below, blocks show; above, bytes grow and the score hardly. */
const LEAST = 12;
const MOST = 96;
/** How strongly weights are held back: what a few pictures say is not what all say. */
const RIDGE = 1;

const pictures = readFileSync(argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const formats = Object.keys(pictures[0].scores);
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const median = (list) => percentile(list, 0.5);

function percentile(list, share) {
  const sorted = [...list].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

function deviation(list) {
  const middle = mean(list);
  return Math.sqrt(mean(list.map((value) => (value - middle) ** 2)));
}

/** A value between the points of a rising line. */
function along(points, x) {
  if (x <= points[0][0]) return points[0][1];
  for (let i = 1; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
    if (x <= x1) return y0 + ((x - x0) / Math.max(x1 - x0, 1e-9)) * (y1 - y0);
  }
  return points.at(-1)[1];
}

const scoreAt = (picture, format, quality) => along(picture.scores[format].map(([q, score]) => [q, score]), quality);
const bytesAt = (picture, format, quality) => along(picture.scores[format].map(([q, , bytes]) => [q, bytes]), quality);

/** The quality with which a file of the picture has a score. */
function needed(picture, format, score) {
  let most = -Infinity;
  const rising = picture.scores[format].map(([q, s]) => [(most = Math.max(most + 1e-6, s)), q]);
  return along(rising, score);
}

// --- equal numbers look alike: the quality of a format that has the score of a JPEG, the median of all pictures

function alike(format) {
  const points = pictures[0].scores.jpeg.map(([q]) => [q, median(pictures.map((picture) => needed(picture, format, scoreAt(picture, 'jpeg', q))))]);
  let least = 1;
  const whole = [[1, 1], ...points.map(([q, other]) => [q, (least = Math.max(least, Math.min(Math.round(other), 99)))]), [100, 100]];
  return whole.filter(([q], i) => i === 0 || q !== whole[i - 1][0]);
}

// --- a look at a picture tells the quality: weights of what it sees

/** Beyond what pictures of the corpus have, nothing is known: as `core/src/quality/mod.rs` has them. */
const MOST_COLOURED = 0.12;
const MOST_SHARP = 0.15;

function seen({ texture }) {
  const [coloured, sharp] = [Math.min(texture.coloured, MOST_COLOURED), Math.min(texture.sharp, MOST_SHARP)];
  const { soft, dark } = texture;
  return [1, Math.sqrt(coloured), coloured, soft, sharp, dark, Math.sqrt(dark)];
}

const spread = (quality) => -Math.log(104 - quality);
const gathered = (value) => 104 - Math.exp(-value);
const clamp = (value) => Math.min(Math.max(value, LEAST), MOST);

/** Least squares with weights that are held back, the first of them not. */
function weights(rows, values) {
  const n = rows[0].length;
  const [middles, scales] = [Array(n).fill(0), Array(n).fill(1)];
  for (let i = 1; i < n; i++) [middles[i], scales[i]] = [mean(rows.map((row) => row[i])), deviation(rows.map((row) => row[i])) || 1];
  const scaled = rows.map((row) => row.map((value, i) => (value - middles[i]) / scales[i]));
  const matrix = Array.from({ length: n }, (_, i) => [...Array.from({ length: n }, (_, j) => scaled.reduce((sum, row) => sum + row[i] * row[j], 0) + (i === j && i > 0 ? RIDGE : 0)), scaled.reduce((sum, row, k) => sum + row[i] * values[k], 0)]);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const factor = matrix[j][i] / matrix[i][i];
      for (let k = i; k <= n; k++) matrix[j][k] -= factor * matrix[i][k];
    }
  }
  const solved = matrix.map((row, i) => row[n] / row[i] / scales[i]);
  solved[0] -= solved.slice(1).reduce((sum, weight, i) => sum + weight * middles[i + 1], 0);
  return solved;
}

function fit(among, format, target) {
  const qualities = among.map((picture) => clamp(needed(picture, format, target)));
  // what few pictures need is the bound of what is picked
  const bounds = [percentile(qualities, 0.04), percentile(qualities, 0.96)].map(Math.round);
  return { weights: weights(among.map(seen), qualities.map(spread)), bounds };
}

function picked({ weights: list, bounds }, picture) {
  const value = seen(picture).reduce((sum, one, i) => sum + one * list[i], 0);
  return Math.min(Math.max(Math.round(gathered(value)), bounds[0]), bounds[1]);
}

const subject = ({ name }) => name.replace(/-\d+$/, '');
const report = [];
const fitted = {};
for (const format of formats) {
  fitted[format] = {};
  for (const [word, target] of Object.entries(TARGETS)) {
    fitted[format][word] = fit(pictures, format, target);
    // each picture by what all others say
    const auto = pictures.map((picture) => {
      const others = pictures.filter((other) => subject(other) !== subject(picture));
      return picked(fit(others, format, target), picture);
    });
    // the one quality with the same mean score
    const scores = (qualities) => pictures.map((picture, i) => scoreAt(picture, format, qualities[i]));
    const reached = scores(auto);
    let fixed = LEAST;
    while (fixed < MOST && mean(scores(pictures.map(() => fixed))) < mean(reached)) fixed += 0.25;
    const fixedScores = scores(pictures.map(() => fixed));
    const bytes = (qualities) => pictures.reduce((sum, picture, i) => sum + bytesAt(picture, format, qualities[i]), 0);
    const from = (list) => mean(list.map((score) => Math.abs(score - mean(list))));
    report.push({ format, word, target, fixed, auto: reached, fixedScores, from: [from(fixedScores), from(reached)], bytes: bytes(auto) / bytes(pictures.map(() => fixed)) });
  }
}

console.log('| format | word | aims at | fixed quality of the same mean | mean | deviation, fixed → picked | lowest tenth | mean distance from the mean | bytes |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const r of report) {
  const n = (value) => value.toFixed(1);
  console.log(`| ${r.format} | ${r.word} | ${r.target} | ${n(r.fixed)} | ${n(mean(r.auto))} | ${n(deviation(r.fixedScores))} → ${n(deviation(r.auto))} | ${n(percentile(r.fixedScores, 0.1))} → ${n(percentile(r.auto, 0.1))} | ${n(r.from[0])} → ${n(r.from[1])} | ${((r.bytes - 1) * 100).toFixed(0)} % |`);
}
console.log('\nA quality of JPEG, and that of the others that looks alike:');
for (const format of formats.filter((name) => name !== 'jpeg')) console.log(format, JSON.stringify(alike(format)));

if (argv[3]) {
  const number = (value) => (Object.is(Number(value.toFixed(4)), -0) ? 0 : Number(value.toFixed(4))).toString().replace(/^(-?\d+)$/, '$1.0');
  const constant = (format) => format.toUpperCase();
  const line = ({ weights: list, bounds }) => `        Row { weights: [${list.map(number).join(', ')}], least: ${bounds[0]}, most: ${bounds[1]} },`;
  const text = `//! What \`bench/scores\` has measured. Written by \`bench/scores/fit.mjs\`: do not edit.

use super::{Aims, Row};

${formats.filter((name) => name !== 'jpeg').map((format) => `/// Qualities of JPEG, and those of this format that look alike.
pub const ${constant(format)}_ALIKE: &[(u8, u8)] = &[${alike(format).map(([q, other]) => `(${q}, ${other})`).join(', ')}];
`).join('\n')}
${formats.map((format) => `/// Low, medium, high, best.
pub const ${constant(format)}: Aims = Aims {
    usual: [${Object.values(TARGETS).map((target) => Math.round(median(pictures.map((picture) => clamp(needed(picture, format, target)))))).join(', ')}],
    rows: [
${Object.keys(TARGETS).map((word) => line(fitted[format][word])).join('\n')}
    ],
};
`).join('\n')}`;
  writeFileSync(argv[3], text);
}
