// sharp: native libvips, one thread, no cache; converts to sRGB and drops the profile by itself.
import { QUALITY } from '../jobs.mjs';

export async function load() {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  sharp.cache(false);
  return {
    native: true,
    run(source, job) {
      let image = sharp(source).resize(job.width, job.height);
      if (job.grey) image = image.greyscale();
      if (job.format === 'png') return image.png().toBuffer();
      return image[job.format ?? 'jpeg']({ quality: QUALITY }).toBuffer();
    },
  };
}
