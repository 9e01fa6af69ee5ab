// The photos: real ones from a folder beside the checkout, if there is one; otherwise rendered once by the fixtures' generator.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const SHARED = env.BENCH_PHOTOS ?? join(REPOSITORY, '../shared/photos');
/** The one render that all others are cut from. */
const RENDER = 'render-25mp.jpg';

/** `make` gets the render's raw pixels and answers a sharp pipeline. */
const RECIPES = {
  '10mp': { shared: '10mp-444-icc.jpg', file: '10mp.jpg', make: (base) => cut(base, 3872, 2592).withIccProfile('p3').jpeg({ quality: 90, chromaSubsampling: '4:4:4' }) },
  '6mp': { shared: '6mp-420.jpg', file: '6mp.jpg', make: (base) => cut(base, 2725, 2225).jpeg({ quality: 85 }) },
  png: { shared: '3mp-rgba.png', file: '3mp.png', make: (base) => cut(base, 2558, 1348).ensureAlpha().png() },
  '24mp': { file: '24mp.jpg', make: (base) => cut(base, 6000, 4000).jpeg({ quality: 85 }) },
  '24mp-progressive': { file: '24mp-progressive.jpg', make: (base) => cut(base, 6000, 4000).jpeg({ quality: 85, progressive: true }) },
  '12mp-progressive': { file: '12mp-progressive.jpg', make: (base) => of(base).resize(4243, 2828).jpeg({ quality: 85, chromaSubsampling: '4:4:4', progressive: true }) },
  '100mp': { file: '100mp.jpg', make: (base) => mirrored(base).jpeg({ quality: 85 }) },
};

/** The photo of a name, made when it is not there. */
export async function photo(name, folder, { quick = false, say = () => {} } = {}) {
  const { shared, file, make } = RECIPES[name];
  const real = shared && join(SHARED, shared);
  if (real && existsSync(real)) return describe(name, real, 'photo', shared);
  const made = join(folder, file);
  const draft = join(folder, `enlarged-${file}`);
  if (existsSync(made)) return describe(name, made, 'rendered', 'of the 25 MP render');
  if (quick && !existsSync(join(folder, RENDER))) {
    // rendering takes minutes: a fixture enlarged will do for a quick look
    if (!existsSync(draft)) await write(make(await enlarged()), draft);
    return describe(name, draft, 'enlarged', 'of fixtures/01.jpg, enlarged');
  }
  await mkdir(folder, { recursive: true });
  const render = join(folder, RENDER);
  if (!existsSync(render)) await renderTo(render, say);
  say(`making ${file} of the render`);
  await write(make(await raw(sharp(render))), made);
  return describe(name, made, 'rendered', 'of the 25 MP render');
}

async function describe(name, path, origin, from) {
  const bytes = await readFile(path);
  const { format, width, height, chromaSubsampling, isProgressive, icc, hasAlpha } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return {
    name, path, origin, from, format, width, height, bytes: bytes.length,
    sampling: chromaSubsampling ?? null, progressive: isProgressive, profile: icc !== undefined, alpha: hasAlpha,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

async function renderTo(path, say) {
  say('rendering 25 MP, which takes some minutes, once');
  const draft = path.replace('.jpg', '.draft.jpg');
  await promisify(execFile)('cargo', [
    'run', '--locked', '--quiet', '--release', '-p', 'deckle-fixtures', '--',
    'render', '--scene', '1', '--megapixels', '25', '--subsampling', '444', '--quality', '97', draft,
  ], { cwd: REPOSITORY });
  await rename(draft, path);
}

const enlarged = () => raw(sharp(join(REPOSITORY, 'fixtures/01.jpg')).resize(6124, 4082, { fit: 'fill' }));

async function raw(image) {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const of = ({ data, width, height }) => sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });

/** The middle part. */
function cut(base, width, height) {
  return of(base).extract({ left: (base.width - width) >> 1, top: (base.height - height) >> 1, width, height });
}

/** Four copies, mirrored at the seams so that there is no edge. */
function mirrored({ data, width, height }) {
  const line = width * 3;
  const whole = Buffer.alloc(4 * data.length);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * line, (y + 1) * line);
    for (const target of [y, 2 * height - 1 - y]) {
      const at = target * 2 * line;
      row.copy(whole, at);
      for (let x = 0; x < line; x += 3) row.copy(whole, at + 2 * line - 3 - x, x, x + 3);
    }
  }
  return of({ data: whole, width: 2 * width, height: 2 * height });
}

/** Writes a file through a temporary one, so that an interrupted run leaves no partial file. */
async function write(image, path) {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(`${path}.draft`, await image.toBuffer());
  await rename(`${path}.draft`, path);
}
