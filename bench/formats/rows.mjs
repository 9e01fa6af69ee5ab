// Rows of the job `formats`. To add one: its source in sources.mjs if there is none, and a line here.

/** A source by its name, what Deckle is asked, and the same of sharp. `pages` are read for an animation. */
export const ROWS = [
  row('webp 6 MP', 'width=400&format=webp', (image) => image.resize(400).webp({ quality: 80 })),
  row('webp 6 MP', 'width=1200&format=jpeg', (image) => image.resize(1200).jpeg({ quality: 80 })),
  row('webp alpha 3 MP', 'width=400&format=webp', (image) => image.resize(400).webp({ quality: 80 })),
  row('webp lossless 3 MP', 'width=400&format=webp', (image) => image.resize(400).webp({ quality: 80 })),
  row('png photo 3 MP', 'width=400&format=png&quality=100', (image) => image.resize(400).png()),
  row('png rgba 3 MP', 'width=400&format=png&quality=100', (image) => image.resize(400).png()),
  row('png rgba 3 MP', 'width=400&format=png&quality=80', (image) => image.resize(400).png({ palette: true, quality: 80 })),
  row('png rgb 6 MP', 'width=400&format=jpeg', (image) => image.resize(400).jpeg({ quality: 80 })),
  row('png rgb 6 MP', 'width=1200&format=png&quality=80', (image) => image.resize(1200).png({ palette: true, quality: 80 })),
  row('png screenshot 2 MP', 'width=400&format=png&quality=100', (image) => image.resize(400).png()),
  row('gif film, 40 frames', 'width=200&format=gif', (image) => image.resize(200).gif(), true),
  row('gif film, 40 frames', 'width=200&format=webp', (image) => image.resize(200).webp({ quality: 80 }), true),
  row('gif sprite, 40 frames', 'width=200&format=gif', (image) => image.resize(200).gif(), true),
  row('gif sprite, 40 frames', 'width=200&format=webp', (image) => image.resize(200).webp({ quality: 80 }), true),
  row('tiff lzw 6 MP', 'width=1200&format=jpeg', (image) => image.resize(1200).jpeg({ quality: 80 })),
  row('tiff deflate 6 MP', 'width=1200&format=jpeg', (image) => image.resize(1200).jpeg({ quality: 80 })),
  row('tiff plain 6 MP', 'width=1200&format=jpeg', (image) => image.resize(1200).jpeg({ quality: 80 })),
];

function row(source, query, bySharp, animated = false) {
  const asked = query.includes('quality=') ? query.replace('&quality=100', '') : `${query}&quality=80`;
  return { name: `${source} → ${asked.replaceAll('&', ' ')}`, source, query: asked, bySharp, animated };
}
