/** formats.json as a table of Markdown. */
export function table({ rows }) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const heads = ['row', 'deckle ms', 'sharp ms', 'ratio', 'deckle bytes', 'sharp bytes', 'ratio'];
  return [
    line(heads),
    line(heads.map((_, i) => (i ? '---:' : '---'))),
    ...rows.map(({ name, deckle, sharp }) => line([
      name, deckle.ms.toFixed(1), sharp.ms.toFixed(1), (deckle.ms / sharp.ms).toFixed(2), deckle.bytes, sharp.bytes, (deckle.bytes / sharp.bytes).toFixed(2),
    ])),
  ].join('\n');
}
