// The edits that are measured: Deckle's query beside what a user of sharp would write for the same picture.
import sharp from 'sharp';

/** What every request asks for. */
export const PLAIN = 'width=1200&quality=80';

/** The same in the words of AWS's Serverless Image Handler, whose quality is 80. */
export const AWS = { resize: { width: 1200 } };

const QUALITY = { quality: 80 };
const KERNEL = [0, -1, 0, -1, 5, -1, 0, -1, 0];
const SEPIA = [[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]];
const ones = (side) => ({ width: side, height: side, kernel: Array(side * side).fill(1) });

/** Every edit: its group, Deckle's query, the source, what sharp does with that, and how, where it has no edit of the kind. */
export function edits(of) {
  const { full, size, 'mark.png': mark } = of;
  const jpeg = (image, options) => image.jpeg({ ...QUALITY, ...options }).toBuffer();
  const small = (bytes) => sharp(bytes).resize(1200);
  const cover = (position) => (bytes) => jpeg(sharp(bytes).resize(1200, 600, { fit: 'cover', position }));
  // the width that leaves 1200 once turned
  const turned = (degrees) => {
    const [sin, cos] = [Math.sin, Math.cos].map((f) => Math.abs(f((degrees * Math.PI) / 180)));
    return Math.round(1200 / (cos + (sin * full.height) / full.width));
  };
  const half = { left: full.width >> 2, top: full.height >> 2, width: full.width >> 1, height: full.height >> 1 };
  const row = (group, query, theirs, rest) => ({ group, query, source: 'photo.jpg', theirs, ...rest });
  /** Done to a picture of 1200 px, and a JPEG made of it. */
  const on = (group) => (query, theirs, rest) => row(group, query, (bytes) => jpeg(theirs(small(bytes))), rest);
  const [geometry, colour, filter, laid] = ['geometry', 'colour', 'filter', 'composition'].map(on);
  // sharp's methods by their names
  const aws = (edits) => ({
    group: "AWS's dialect", query: JSON.stringify(edits), aws: edits, source: 'photo.jpg',
    theirs: (bytes) => jpeg(Object.entries(edits).reduce((image, [name, value]) => image[name](value), small(bytes).keepMetadata())),
  });
  const output = (query, theirs, rest) => row('output', query, (bytes) => theirs(small(bytes)).toBuffer(), rest);
  const lay = (query, layer, by) => laid(query, (image) => image.composite([{ input: mark.bytes, ...layer }]), { by });
  const corners = Buffer.from(`<svg width="${size.width}" height="${size.height}"><path fill="#fff" fill-rule="evenodd" d="M0 0H${size.width}V${size.height}H0ZM40 0a40 40 0 0 0-40 40V${size.height - 40}a40 40 0 0 0 40 40H${size.width - 40}a40 40 0 0 0 40-40V40a40 40 0 0 0-40-40Z"/></svg>`);
  return [
    geometry('', (image) => image),
    row('geometry', `crop=${Object.values(half)}`, (bytes) => jpeg(sharp(bytes).extract(half).resize(1200))),
    row('geometry', 'trim=10', (bytes) => jpeg(sharp(bytes).trim({ threshold: 10 }).resize(1200)), { source: 'framed.jpg' }),
    row('geometry', 'zoom=2', (bytes) => jpeg(sharp(bytes).extract(half).resize(1200)), { by: 'extract' }),
    row('geometry', 'height=600&fit=cover', cover('centre')),
    row('geometry', 'height=600&fit=cover&position=attention', cover('attention')),
    row('geometry', 'height=600&fit=cover&position=entropy', cover('entropy')),
    row('geometry', 'height=1200&fit=contain', (bytes) => jpeg(sharp(bytes).resize(1200, 1200, { fit: 'contain', background: 'white' }))),
    row('geometry', 'rotate=90', (bytes) => jpeg(sharp(bytes).rotate(90).resize(1200))),
    row('geometry', 'rotate=30', (bytes) => jpeg(sharp(bytes).resize(turned(30)).rotate(30, { background: 'white' }))),
    geometry('flip', (image) => image.flip()),
    geometry('flop', (image) => image.flop()),
    geometry('radius=40', (image) => image.composite([{ input: corners }]), { by: 'an SVG laid on it' }),
    geometry('pad=40', (image) => image.extend({ top: 40, bottom: 40, left: 40, right: 40, background: 'white' })),
    geometry('pad=40&background=102060', (image) => image.extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#102060' })),

    colour('style=bw', (image) => image.greyscale()),
    colour('style=sepia', (image) => image.recomb(SEPIA)),
    colour('style=negative', (image) => image.negate()),
    colour('tint=ff8000', (image) => image.tint('#ff8000')),
    colour('brightness=1.3', (image) => image.modulate({ brightness: 1.3 })),
    colour('saturation=1.5', (image) => image.modulate({ saturation: 1.5 })),
    colour('hue=90', (image) => image.modulate({ hue: 90 })),
    colour('lightness=10', (image) => image.modulate({ lightness: 10 })),
    colour('contrast=1.3', (image) => image.linear(1.3, -38.4)),
    colour('gamma=2.2', (image) => image.gamma(1, 2.2)),
    colour('linear=1.2,-10', (image) => image.linear(1.2, -10)),
    colour('linear=1.2,0.9,0.5,-10,0,20', (image) => image.linear([1.2, 0.9, 0.5], [-10, 0, 20])),
    colour(`recomb=${SEPIA}`, (image) => image.recomb(SEPIA)),
    // luma times what lies between the two colours, and the first of them
    colour('duotone=102060,ffe0a0', (image) => image.recomb([239, 192, 64].map((range) => [0.2126, 0.7152, 0.0722].map((v) => (v * range) / 255))).linear([1, 1, 1], [16, 32, 96]), { by: 'recomb, then linear' }),
    colour('threshold=128', (image) => image.threshold(128)),
    colour('normalise', (image) => image.normalise()),
    colour('clahe=50,50', (image) => image.clahe({ width: 50, height: 50 })),
    row('colour', 'background=102060', (bytes) => jpeg(small(bytes).flatten({ background: '#102060' })), { source: 'alpha.png' }),
    row('colour', 'alpha=remove', (bytes) => jpeg(small(bytes).removeAlpha()), { source: 'alpha.png' }),

    filter('median=3', (image) => image.median(3)),
    filter('median=5', (image) => image.median(5)),
    filter('median=9', (image) => image.median(9)),
    ...[0.5, 1, 2, 5, 10, 20, 50, 200].map((sigma) => filter(`blur=${sigma}`, (image) => image.blur(sigma))),
    row('filter', 'blur=50', (bytes) => jpeg(small(bytes).blur(50)), { source: 'small.jpg' }),
    row('filter', 'pixelate=8', (bytes) => pixelated(bytes, size, jpeg), { by: 'made smaller, then larger by the nearest' }),
    filter(`convolve=${KERNEL}`, (image) => image.convolve({ width: 3, height: 3, kernel: KERNEL })),
    filter(`convolve=${ones(5).kernel}`, (image) => image.convolve(ones(5))),
    filter(`convolve=${ones(7).kernel}`, (image) => image.convolve(ones(7))),
    ...[0.5, 1, 2, 5, 10].map((sigma) => filter(`sharpen=${sigma}`, (image) => image.sharpen({ sigma }))),

    ...['over', 'multiply', 'screen', 'overlay', 'darken', 'lighten', 'add'].map((blend) => lay(`overlay=mark.png,left:100,top:100,${blend}`, { left: 100, top: 100, blend })),
    ...['over', 'multiply', 'screen'].map((blend) => lay(`overlay=mark.png,${blend},tile`, { blend, tile: true })),
    row('composition', 'overlay=mark.png,dest-in,tile&format=webp', (bytes) => small(bytes).composite([{ input: mark.bytes, blend: 'dest-in', tile: true }]).webp(QUALITY).toBuffer()),
    row('composition', 'overlay=mark.png,left:100,top:100;mark.png,left:500,top:300,multiply;mark.png,top:50,left:800,screen', (bytes) => jpeg(small(bytes).composite([
      { input: mark.bytes, left: 100, top: 100 }, { input: mark.bytes, left: 500, top: 300, blend: 'multiply' }, { input: mark.bytes, left: 800, top: 50, blend: 'screen' },
    ]))),
    laid('text=A line of text,size:64,colour:ffffff,left:100,top:100', (image) => image.composite([
      { input: { text: { text: '<span foreground="white">A line of text</span>', font: 'Roboto 46', rgba: true, dpi: 100 } }, left: 100, top: 100 },
    ])),

    output('chroma=444', (image) => image.jpeg({ ...QUALITY, chromaSubsampling: '4:4:4' })),
    output('progressive', (image) => image.jpeg({ ...QUALITY, progressive: true })),
    output('effort=5', (image) => image.jpeg({ ...QUALITY, trellisQuantisation: true })),
    output('format=webp', (image) => image.webp(QUALITY)),
    output('format=webp&effort=0', (image) => image.webp({ ...QUALITY, effort: 0 })),
    output('format=webp&effort=6', (image) => image.webp({ ...QUALITY, effort: 6 })),
    output('format=webp&lossless', (image) => image.webp({ lossless: true })),
    output('format=webp&unflatten', (image) => image.unflatten().webp(QUALITY)),
    output('format=webp&opacity=0.5', (image) => image.ensureAlpha(0.5).webp(QUALITY)),
    output('format=png&quality=100', (image) => image.png()),
    output('format=png', (image) => image.png({ palette: true, quality: 80 })),
    output('format=gif', (image) => image.gif()),

    ...[
      { greyscale: true }, { negate: true }, { tint: { r: 255, g: 128, b: 0 } }, { modulate: { brightness: 1.3, saturation: 1.5 } }, { gamma: 2.2 },
      { linear: 1.2 }, { recomb: SEPIA }, { threshold: 128 }, { normalise: true }, { clahe: { width: 50, height: 50 } }, { median: 3 }, { blur: true }, { blur: 5 },
      { sharpen: true }, { sharpen: { sigma: 1 } }, { convolve: { width: 3, height: 3, kernel: KERNEL } }, { flip: true }, { rotate: 90 },
      { extend: { top: 40, bottom: 40, left: 40, right: 40, background: '#102060' } },
    ].map(aws),
  ];
}

async function pixelated(bytes, { width, height }, jpeg) {
  const { data, info } = await sharp(bytes).resize(Math.round(width / 8), Math.round(height / 8), { fit: 'fill' }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return jpeg(sharp(data, { raw: info }).resize(width, height, { fit: 'fill', kernel: 'nearest' }));
}
