// The table of quality: one row a pattern, from quality.json.

/** How much less than sharp's an SSIM may be, and the least it may be. A PNG of the same picture gets 0.99. */
export const BEHIND = 0.005;
export const LEAST = 0.9;

/** @param {{deckle: number, sharp: number}} one */
export const fails = (one) => one.deckle < one.sharp - BEHIND || one.deckle < LEAST;

const key = (one) => `${one.pattern}, ${one.kind}`;

/** @param {{pattern: string, kind: string, factor: number, deckle: number, sharp: number}[]} measured */
export function summarize(measured) {
  const rows = new Map();
  for (const one of measured) rows.set(key(one), [...(rows.get(key(one)) ?? []), one]);
  return [...rows].map(([name, all]) => {
    const least = (of) => all.reduce((a, b) => (of(b) < of(a) ? b : a));
    const behind = least((one) => one.deckle - one.sharp);
    return {
      name,
      count: all.length,
      failing: all.filter(fails).length,
      deckle: least((one) => one.deckle),
      sharp: least((one) => one.sharp),
      behind: { factor: behind.factor, by: behind.sharp - behind.deckle },
    };
  });
}

/** The section of RESULTS.md. */
export function table(measured) {
  const at = (one, value) => `${value.toFixed(3)} at ${one.factor}`;
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const heads = ['pattern, chroma', 'reductions', 'failing', 'deckle, least', 'sharp, least', 'most behind sharp'];
  return [
    line(heads),
    line(heads.map((_, i) => (i ? '---:' : '---'))),
    ...summarize(measured).map((row) => line([
      row.name, row.count, row.failing, at(row.deckle, row.deckle.deckle), at(row.sharp, row.sharp.sharp),
      row.behind.by > 0 ? at(row.behind, row.behind.by) : '–',
    ])),
  ].join('\n');
}
