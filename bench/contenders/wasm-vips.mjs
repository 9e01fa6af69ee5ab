// libvips as wasm: shrink-on-load by `thumbnailBuffer`, one thread, no cache, the encoder's options as sharp sets them.
import { QUALITY } from '../jobs.mjs';

const ANY = 10_000_000; // VIPS_MAX_COORD: a thumbnail's height is its width unless given

export async function load() {
  const { default: Vips } = await import('wasm-vips');
  const vips = await Vips({ dynamicLibraries: [] }); // its codecs of SVG, HEIF and JPEG XL are not needed
  vips.concurrency(1);
  vips.Cache.max(0);
  return {
    run(source, job) {
      const garbage = [];
      const keep = (image) => (garbage.push(image), image);
      try {
        let image = keep(vips.Image.thumbnailBuffer(source, job.width, {
          height: job.height ?? ANY,
          output_profile: 'srgb',
          ...(job.height && { crop: 'centre' }),
        }));
        if (job.grey) image = keep(image.colourspace('b-w'));
        if (job.format === 'png') return image.pngsaveBuffer({ keep: 'none' });
        if (job.format === 'webp') return image.webpsaveBuffer({ Q: QUALITY, keep: 'none' });
        return image.jpegsaveBuffer({ Q: QUALITY, optimize_coding: true, keep: 'none' });
      } finally {
        for (const image of garbage) image.delete();
      }
    },
    close: () => vips.shutdown?.(),
  };
}
